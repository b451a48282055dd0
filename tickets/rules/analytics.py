"""The arithmetic behind the managers' numbers: periods, comparisons, shares. What each number means is in
``analytics_terms``.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import TypeVar
from zoneinfo import ZoneInfo

Key = TypeVar("Key", bound=Hashable)

MAX_DAYS = 366
#: A longer period is drawn by weeks: bars for a hundred days and more could not be told apart.
MAX_DAILY_BINS = 92
#: A share of few is drawn by weeks sooner: one bad case out of two would make a day look like a catastrophe.
MAX_DAILY_SHARES = 14
#: Upper ends of the age groups of the backlog, in days; the last group has none.
AGE_BOUNDS = (1, 3, 7, 30)
#: A category needs so many cases in either period before its change is worth a sentence.
WORTH_A_SENTENCE = 10


@dataclass(frozen=True)
class Span:
    """[start, end), as moments."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Period:
    """Whole local days, both ends included; compared with as many days right before."""

    first: date
    last: date
    zone: str

    @property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def span(self, now: datetime) -> Span:
        """Up to now at most: what has not happened yet does not count."""
        end = midnight(self.last + timedelta(days=1), self.zone)
        return Span(midnight(self.first, self.zone), max(min(end, now), midnight(self.first, self.zone)))

    def before(self, now: datetime) -> Span:
        """The period of comparison. While today is not over, it ends at the same time of day: like with like."""
        start = midnight(self.first - timedelta(days=self.days), self.zone)
        if not self.is_running(now):
            return Span(start, midnight(self.first, self.zone))
        wall = now.astimezone(self.tzinfo).replace(tzinfo=None) - timedelta(days=self.days)
        return Span(start, wall.replace(tzinfo=self.tzinfo).astimezone(UTC))

    def is_running(self, now: datetime) -> bool:
        return now < midnight(self.last + timedelta(days=1), self.zone)

    def bins(self) -> list[Bin]:
        """The columns of the charts by time: days, or weeks when there are too many days."""
        step = 1 if self.days <= MAX_DAILY_BINS else 7
        starts = [self.first + timedelta(days=offset) for offset in range(0, self.days, step)]
        return [Bin(day, min(day + timedelta(days=step - 1), self.last)) for day in starts]

    def share_bins(self) -> list[Bin]:
        """The places of a line through shares: days, or weeks that end with the period's last day."""
        step = 1 if self.days <= MAX_DAILY_SHARES else 7
        ends = [self.last - timedelta(days=offset) for offset in range(0, self.days, step)]
        return [Bin(max(day - timedelta(days=step - 1), self.first), day) for day in reversed(ends)]


@dataclass(frozen=True)
class Bin:
    first: date
    last: date

    def days(self) -> Iterator[date]:
        for offset in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=offset)


def midnight(day: date, zone: str) -> datetime:
    """The moment at which the local day begins."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def last_days(count: int, now: datetime, zone: str) -> Period:
    """The last ``count`` days, today included."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return Period(today - timedelta(days=count - 1), today, zone)


def change(now: float | None, before: float | None) -> float | None:
    """By which part of what it was it grew: 0.38 for 38 % more. None where there was nothing to grow from."""
    if now is None or not before:
        return None
    return now / before - 1


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def quantile(values: Iterable[int], fraction: float) -> int | None:
    """The smallest value that at least this part of all values do not exceed: a value that occurred, never a mean of
    two. PostgreSQL's ``percentile_disc`` reckons the same; a test holds the two equal.
    """
    ranked = sorted(values)
    if not ranked:
        return None
    return ranked[max(ceil(fraction * len(ranked)), 1) - 1]


def backlog_by_bin(
    bins: list[Bin], open_at_end: int, opened: Mapping[date, int], solved: Mapping[date, int]
) -> list[int]:
    """Open cases at the end of each bin, reckoned back from the last: before a day, they were fewer by what it opened
    and more by what it solved.
    """
    levels, level = [], open_at_end
    for column in reversed(bins):
        levels.append(level)
        level += sum(solved.get(day, 0) - opened.get(day, 0) for day in column.days())
    return levels[::-1]


def most_changed(counts: Mapping[Key, tuple[int, int]]) -> Key | None:
    """The group whose count moved furthest, up or down; None when no group is large enough to speak of."""
    worth = {key: abs(now - before) for key, (now, before) in counts.items() if before >= WORTH_A_SENTENCE}
    moved = {key: distance for key, distance in worth.items() if distance}
    return max(moved, key=lambda key: moved[key]) if moved else None


def heat_level(value: int, most: int, levels: int = 5) -> int:
    """0 for nothing, then 1 to ``levels`` in equal steps up to the greatest."""
    return 0 if not value else min(levels, 1 + (value * levels - 1) // most)


def clock_parts(seconds: int, *, days: bool) -> tuple[int, int, int]:
    """(days, hours, minutes), rounded to minutes; without ``days`` (a working day has no fixed length) all in hours."""
    minutes = round(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    return (*divmod(hours, 24), minutes) if days else (0, hours, minutes)

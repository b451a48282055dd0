"""Why this time? How a due time came about, from the book of its clock alone, as lines that add up to the second.

Moments are read to the whole second, which is what the book counts in.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from tickets.choices import TimerState
from tickets.rules.business_time import WorkingCalendar
from tickets.rules.explanation.book import Act, Clock, Mark, from_events
from tickets.rules.explanation.folding import folded
from tickets.rules.explanation.lines import Closed, Line, LineKind, Phase, Special
from tickets.rules.explanation.reading import Reading

__all__ = [
    "Act",
    "Clock",
    "Closed",
    "Explanation",
    "Line",
    "LineKind",
    "Mark",
    "Phase",
    "Special",
    "explain",
    "from_events",
]


@dataclass(frozen=True)
class Explanation:
    """``due`` is None while paused, and for a calendar that never opens; once stopped, it is what was due."""

    target_seconds: int
    #: None: by the clock on the wall.
    calendar: Hashable | None
    #: The zone in which the calendar's days are days.
    time_zone: str
    lines: tuple[Line, ...]
    due: datetime | None
    broken_at: datetime | None
    used_seconds: int
    #: Whether the stored state and due time are those the book leads to.
    agrees: bool

    @property
    def left_seconds(self) -> int:
        """Less than nothing once the promise is broken."""
        return self.target_seconds - self.used_seconds


def explain(
    marks: Iterable[Mark],
    calendars: Mapping[Hashable, WorkingCalendar],
    *,
    now: datetime,
    state: TimerState | str,
    due: datetime | None,
) -> Explanation:
    """The working behind a due time. ``state`` and ``due`` are as stored: they are only compared.

    ValueError without marks; KeyError for a calendar that was not handed in.
    """
    book = sorted((replace(mark, at=_whole(mark.at)) for mark in marks), key=lambda mark: mark.at)
    if not book:
        raise ValueError("A clock without marks has no history to explain.")
    reading = Reading(calendars, book[0].at, book[0].target_seconds or 0, book[0].calendar)
    for mark in book:
        reading.take(mark, TimerState(state) if mark is book[-1] else None)
    reading.finish(max(_whole(now), book[-1].at))
    calendar = reading.calendar
    return Explanation(
        target_seconds=reading.target,
        calendar=calendar,
        time_zone="" if calendar is None else calendars[calendar].time_zone,
        lines=tuple(folded(reading.lines)),
        due=reading.due,
        broken_at=reading.broken_at,
        used_seconds=reading.used,
        agrees=reading.agrees(TimerState(state), due),
    )


def _whole(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)

"""Days that come again every year, as iCalendar's RRULE says it: on a date, or on the fourth Thursday of a month.

Only what holidays need, and therefore at a known price: a day or two to look at for a year, never a search that does
not end. Other repetitions (every second, say) are a ValueError.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Any

UNDERSTOOD = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"})
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")


@dataclass
class Patience:
    """How many days may be looked at, for a whole file."""

    days: int = 30_000

    def spend(self) -> None:
        self.days -= 1
        if self.days < 0:
            raise ValueError("too many repetitions")


@dataclass(frozen=True)
class Yearly:
    start: date
    interval: int = 1
    count: int | None = None
    until: date = date.max
    months: Sequence[int] = ()
    month_days: Sequence[int] = ()
    #: Which of them in the month (or year), 0 for all; and the weekday.
    weekdays: Sequence[tuple[int, int]] = field(default_factory=tuple)

    @classmethod
    def read(cls, rule: Mapping[str, Any], start: date) -> Yearly:
        """ValueError for a repetition that is not understood."""
        said = {str(name).upper(): list(values) for name, values in rule.items()}
        if said.get("FREQ") != ["YEARLY"] or not set(said) <= UNDERSTOOD:
            raise ValueError("not a yearly repetition")
        until = said.get("UNTIL", [date.max])[0]
        return cls(
            start=start,
            interval=max(1, int(said.get("INTERVAL", [1])[0])),
            count=int(said["COUNT"][0]) if "COUNT" in said else None,
            until=date(until.year, until.month, until.day),
            months=_numbers(said.get("BYMONTH", []), 12),
            month_days=_numbers(said.get("BYMONTHDAY", []), 31),
            weekdays=[_weekday(str(text)) for text in said.get("BYDAY", [])],
        )

    def within(self, years: range, patience: Patience) -> list[date]:
        """The days in those years. ValueError when patience is at its end."""
        # What is counted must be counted from the beginning.
        first = self.start.year if self.count is not None else max(self.start.year, years.start)
        days = (
            day
            for year in range(first, min(years.stop, self.until.year + 1))
            if (year - self.start.year) % self.interval == 0
            for day in sorted(set(self._of_year(year, patience)))
            if self.start <= day <= self.until
        )
        return [day for day in islice(days, self.count) if day.year in years]

    def _of_year(self, year: int, patience: Patience) -> Iterator[date]:
        by_rule = bool(self.month_days or self.weekdays)
        for month in self.months or (range(1, 13) if by_rule else (self.start.month,)):
            patience.spend()
            for number in self._of_month(monthrange(year, month)[1]):
                patience.spend()
                day = date(year, month, number)
                if not self.weekdays or any(self._fits(day, *one) for one in self.weekdays):
                    yield day

    def _of_month(self, length: int) -> Sequence[int]:
        if self.month_days:
            asked = (day if day > 0 else length + 1 + day for day in self.month_days)
            return [day for day in asked if 1 <= day <= length]
        if self.weekdays:
            return range(1, length + 1)
        return [self.start.day] if self.start.day <= length else []

    def _fits(self, day: date, which: int, weekday: int) -> bool:
        if day.weekday() != weekday:
            return False
        if not which:
            return True
        if self.months:
            first, last = day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
        else:
            first, last = date(day.year, 1, 1), date(day.year, 12, 31)
        passed = day - first if which > 0 else last - day
        return passed // timedelta(days=7) == abs(which) - 1


def _numbers(values: Sequence[Any], most: int) -> list[int]:
    numbers = [int(value) for value in values]
    if len(numbers) > most or not all(1 <= abs(number) <= most for number in numbers):
        raise ValueError("not a number of a month or day")
    return numbers


def _weekday(text: str) -> tuple[int, int]:
    found = _BYDAY.fullmatch(text.upper())
    if found is None:
        raise ValueError("not a weekday")
    return int(found[1] or 0), WEEKDAYS.index(found[2])

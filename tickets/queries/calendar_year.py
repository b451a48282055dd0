"""A calendar's year, day by day, with what each day is and why: to be looked at."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from helpdesk.lib import clock
from tickets.models import Calendar, CalendarException
from tickets.queries.calendars import (
    ALL_WEEK,
    holidays_of,
    names_of,
    own_exceptions,
    spans_of,
    weekly_hours,
    years_around,
)
from tickets.rules.business_time import Spans
from tickets.rules.opening_hours import hours_like_a_weekday
from tickets.rules.public_holidays import Names, PublicHolidays, check, is_published

NOBODY_SAYS: Names = ("", "")


class Kind(StrEnum):
    """Why a day is as it is: by the week, by the country's holidays, by an exception of one's own."""

    WORKED = "worked"
    OFF = "off"
    HOLIDAY = "holiday"
    MAKE_UP = "make-up"
    OWN = "own"


@dataclass(frozen=True)
class Day:
    """``spans`` are seconds after midnight; none: closed. ``covered`` is what an exception of one's own covers."""

    date: datetime.date
    kind: Kind
    spans: Spans
    names: Names = NOBODY_SAYS
    covered: Day | None = None


@dataclass(frozen=True)
class Year:
    """What a calendar holds, read once."""

    calendar: Calendar
    weekly: Mapping[int, Spans]
    public: PublicHolidays
    own: Mapping[datetime.date, list[CalendarException]]

    def day(self, on: datetime.date) -> Day:
        if self.calendar.always_open:
            return Day(on, Kind.WORKED, self.weekly[on.weekday()])
        rows = self.own.get(on)
        if rows:
            return Day(on, Kind.OWN, spans_of(rows), names_of(rows), covered=self._without_own(on))
        return self._without_own(on)

    def _without_own(self, on: datetime.date) -> Day:
        if on in self.public.worked:
            return Day(on, Kind.MAKE_UP, self.like_a_weekday(on), self.public.worked[on])
        if on in self.public.closed:
            return Day(on, Kind.HOLIDAY, (), self.public.closed[on])
        spans = self.weekly.get(on.weekday(), ())
        return Day(on, Kind.WORKED if spans else Kind.OFF, spans)

    def like_a_weekday(self, on: datetime.date) -> Spans:
        """The hours of a make-up working day."""
        return hours_like_a_weekday(self.weekly, on.weekday())

    def days(self, year: int) -> Iterator[Day]:
        first = datetime.date(year, 1, 1).toordinal()
        last = datetime.date(year, 12, 31).toordinal()
        return (self.day(datetime.date.fromordinal(number)) for number in range(first, last + 1))

    def is_country_known(self) -> bool:
        try:
            if self.calendar.holiday_country:
                check(self.calendar.holiday_country, self.calendar.holiday_region)
        except ValueError:
            return False
        return True

    def is_published(self, year: int) -> bool:
        """Whether all of the country's days are known; true as well where no country is kept."""
        country = self.calendar.holiday_country
        if not country or self.calendar.always_open or not self.is_country_known():
            return True
        return is_published(country, year)


def read(calendar: Calendar) -> Year:
    """With the days of ``years_to_look_at``."""
    weekly = dict(ALL_WEEK) if calendar.always_open else weekly_hours(calendar)
    return Year(calendar, weekly, holidays_of(calendar, years_to_look_at()), own_exceptions(calendar))


def years_to_look_at() -> range:
    """Those that are computed with."""
    return years_around(clock.now().year)


def today(calendar: Calendar) -> datetime.date:
    return clock.now().astimezone(ZoneInfo(calendar.time_zone)).date()

"""Calendars as the pure ``WorkingCalendar`` that the rules compute with."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import lru_cache

from django.db.models import F, Q

from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from tickets.models import Calendar, CalendarException, Timer
from tickets.rules.business_time import ALWAYS, Spans, WorkingCalendar
from tickets.rules.opening_hours import DAY, hours_like_a_weekday, span
from tickets.rules.public_holidays import Names, PublicHolidays, public_holidays

ALL_WEEK = dict.fromkeys(range(7), ((0, DAY),))
#: Public holidays are known to a calendar from so many years before the present one to so many after.
YEARS_BEFORE, YEARS_AFTER = 6, 3


class NoCalendar(Invalid):
    """An operator set up no working hours for the brand, nor any that are always open."""

    def __init__(self) -> None:
        super().__init__(
            {"calendar": "No calendar: add working hours for this brand, or one that is always open."}
        )


def calendar_for(*, team_id: int | None, brand_id: int) -> Calendar:
    """The team's calendar, else the brand's, else the one always open; NoCalendar when an operator set up none."""
    fitting = Q(team=None, brand_id=brand_id) | Q(team=None, brand=None, always_open=True)
    if team_id is not None:
        fitting |= Q(team_id=team_id)
    found = (
        Calendar.objects.filter(fitting)
        .order_by(F("team_id").asc(nulls_last=True), F("brand_id").asc(nulls_last=True), "pk")
        .first()
    )
    if found is None:
        raise NoCalendar
    return found


def working_calendar(calendar: Calendar) -> WorkingCalendar:
    """The calendar's present hours; built once per process, year and change of the calendar."""
    return calendar_at(calendar.pk, calendar.changed_at)


def hours_of(timer: Timer) -> WorkingCalendar:
    """What the clock counts in; without a calendar, time on the clock."""
    return working_calendar(timer.calendar) if timer.calendar is not None else ALWAYS


def calendar_at(pk: int, changed_at: datetime.datetime) -> WorkingCalendar:
    return _calendar_at(pk, changed_at, clock.now().year)


@lru_cache(maxsize=256)
def _calendar_at(pk: int, changed_at: datetime.datetime, year: int) -> WorkingCalendar:
    calendar = Calendar.objects.prefetch_related("hours", "exceptions").get(pk=pk)
    return build(calendar, years_around(year))


def years_around(year: int) -> range:
    """The years whose public holidays a calendar knows, in the given one."""
    return range(year - YEARS_BEFORE, year + YEARS_AFTER + 1)


def build(calendar: Calendar, years: range) -> WorkingCalendar:
    """Own exceptions go before public holidays; of a calendar open day and night neither takes anything away."""
    if calendar.always_open:
        return WorkingCalendar(time_zone=calendar.time_zone, weekly=ALL_WEEK)
    weekly, public, own = weekly_hours(calendar), holidays_of(calendar, years), own_exceptions(calendar)
    exceptions: dict[datetime.date, Spans] = dict.fromkeys(public.closed, ())
    exceptions |= {day: hours_like_a_weekday(weekly, day.weekday()) for day in public.worked}
    exceptions |= {day: spans_of(rows) for day, rows in own.items()}
    names = {**public.closed, **public.worked, **{day: names_of(rows) for day, rows in own.items()}}
    return WorkingCalendar(calendar.time_zone, weekly, exceptions, names=names)


def weekly_hours(calendar: Calendar) -> dict[int, Spans]:
    weekly: dict[int, Spans] = {}
    for row in calendar.hours.all():
        weekly[row.weekday] = (*weekly.get(row.weekday, ()), span(row.opens, row.closes))
    return weekly


def holidays_of(calendar: Calendar, years: range) -> PublicHolidays:
    """Of the country that the calendar names. One that this release no longer knows has none: a case must come in
    even then, and the calendar's page says what is wrong."""
    if not calendar.holiday_country:
        return PublicHolidays({}, {})
    try:
        return public_holidays(calendar.holiday_country, calendar.holiday_region, years)
    except ValueError:
        return PublicHolidays({}, {})


def own_exceptions(calendar: Calendar) -> Mapping[datetime.date, list[CalendarException]]:
    own: dict[datetime.date, list[CalendarException]] = {}
    for row in calendar.exceptions.all():
        own.setdefault(row.date, []).append(row)
    return own


def spans_of(rows: list[CalendarException]) -> Spans:
    """The hours of one day; none when it is closed."""
    return tuple(
        span(row.opens, row.closes) for row in rows if row.opens is not None and row.closes is not None
    )


def names_of(rows: list[CalendarException]) -> Names:
    """What people entered as the reason is the same in both languages."""
    text = ", ".join(dict.fromkeys(row.reason for row in rows if row.reason))
    return text, text

"""Calendars as the pure ``WorkingCalendar`` that the rules compute with."""

from __future__ import annotations

import datetime
from functools import lru_cache

from django.db.models import Q

from helpdesk.lib.errors import Invalid
from tickets.models import Calendar
from tickets.rules.business_time import WorkingCalendar


class NoCalendar(Invalid):
    """An operator set up no working hours for the brand, nor any that are always open."""

    def __init__(self) -> None:
        super().__init__(
            {"calendar": "No calendar: add working hours for this brand, or one that is always open."}
        )


DAY = 24 * 3600
ALL_WEEK = dict.fromkeys(range(7), ((0, DAY),))


def working_calendar(calendar: Calendar) -> WorkingCalendar:
    """The calendar's present hours; built once per process and change of the calendar."""
    return calendar_at(calendar.pk, calendar.changed_at)


@lru_cache(maxsize=256)
def calendar_at(pk: int, changed_at: datetime.datetime) -> WorkingCalendar:
    calendar = Calendar.objects.prefetch_related("hours", "exceptions").get(pk=pk)
    return build(calendar)


def build(calendar: Calendar) -> WorkingCalendar:
    if calendar.always_open:
        return WorkingCalendar(time_zone=calendar.time_zone, weekly=ALL_WEEK, exceptions={})
    weekly: dict[int, tuple[tuple[int, int], ...]] = {}
    for row in calendar.hours.all():
        weekly[row.weekday] = (*weekly.get(row.weekday, ()), _interval(row.opens, row.closes))
    exceptions: dict[datetime.date, tuple[tuple[int, int], ...]] = {}
    for day in calendar.exceptions.all():
        spans = exceptions.setdefault(day.date, ())
        if day.opens is not None and day.closes is not None:
            exceptions[day.date] = (*spans, _interval(day.opens, day.closes))
    return WorkingCalendar(time_zone=calendar.time_zone, weekly=weekly, exceptions=exceptions)


def _interval(opens: datetime.time, closes: datetime.time) -> tuple[int, int]:
    """Seconds from the day's local midnight; an end at or before the start lies on the next day."""
    start, end = _seconds(opens), _seconds(closes)
    return (start, end if end > start else end + DAY)


def _seconds(time: datetime.time) -> int:
    return time.hour * 3600 + time.minute * 60 + time.second


def calendar_for_brand(brand_id: int) -> Calendar:
    """The brand's own calendar, else the one always open; Invalid when an operator set up neither."""
    found = (
        Calendar.objects.filter(Q(brand_id=brand_id) | Q(brand=None, always_open=True))
        .order_by("brand_id")  # NULLs last: the brand's own comes first
        .first()
    )
    if found is None:
        raise NoCalendar
    return found

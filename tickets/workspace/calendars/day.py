"""One day of a calendar: what it is and why, and the form with which it is made to differ."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.lib.errors import Invalid
from tickets.actions.calendars import DayThatDiffers
from tickets.models import Calendar
from tickets.queries.calendar_year import Day, Kind, Year
from tickets.rules.business_time import Spans
from tickets.rules.clock_changes import clock_change
from tickets.rules.opening_hours import DAY, times
from tickets.workspace.calendars import words

CLOSED, WORKED = "closed", "worked"
#: Rows to fill in: a lunch break is two.
ROWS = 2
Clock = tuple[str, str]


@dataclass(frozen=True)
class DayForm:
    """As it was typed, or as it is offered."""

    kind: str
    reason: str
    rows: Sequence[Clock]
    errors: Mapping[str, str] = field(default_factory=dict)


def offered(year: Year, day: Day) -> DayForm:
    """The exception that is there; else the contrary of what the day is, at usual hours."""
    usual = day.spans or year.weekly.get(day.date.weekday()) or year.like_a_weekday(day.date)
    if day.kind == Kind.OWN:
        return DayForm(WORKED if day.spans else CLOSED, words.name(day.names), _rows(usual))
    return DayForm(CLOSED if day.spans else WORKED, "", _rows(usual))


def _rows(spans: Spans) -> list[Clock]:
    filled = [(f"{opens:%H:%M}", f"{closes:%H:%M}") for opens, closes in (times(*one) for one in spans)]
    return filled + [("", "")] * (ROWS - len(filled))


def typed(data: QueryDict, errors: Mapping[str, str]) -> DayForm:
    rows = list(zip(data.getlist("opens"), data.getlist("closes"), strict=False))
    return DayForm(data.get("kind", ""), data.get("reason", ""), rows or _rows(()), errors)


def day_from(data: QueryDict, on: datetime.date) -> DayThatDiffers:
    """What was typed as a day; Invalid ("kind", "hours") when it makes no sense."""
    kind = data.get("kind", "")
    if kind not in (CLOSED, WORKED):
        raise Invalid({"kind": _("Choose one of the list.")})
    pairs = zip(data.getlist("opens"), data.getlist("closes"), strict=False)
    hours = [] if kind == CLOSED else [_pair(*pair) for pair in pairs if any(pair)]
    if kind == WORKED and not hours:
        raise Invalid({"hours": _("Enter from when to when the day is worked.")})
    return DayThatDiffers(on, data.get("reason", ""), tuple(hours))


def _pair(opens: str, closes: str) -> tuple[datetime.time, datetime.time]:
    try:
        begin, end = (datetime.time.fromisoformat(text.strip()) for text in (opens, closes))
    except ValueError:
        raise Invalid({"hours": _("Enter both times as hours and minutes, like 09:00.")}) from None
    if begin.tzinfo or end.tzinfo or begin.microsecond or end.microsecond:
        raise Invalid({"hours": _("Enter both times as hours and minutes, like 09:00.")})
    return begin, end


def panel(calendar: Calendar, year: Year, on: datetime.date, form: DayForm | None) -> dict[str, Any]:
    """What the panel beside the year shows of a day; with a form for those who may change it."""
    day = year.day(on)
    change = clock_change(ZoneInfo(calendar.time_zone), on)
    before = [closes for _opens, closes in year.day(on - datetime.timedelta(days=1)).spans if closes > DAY]
    return {
        "date": on,
        "title": words.full_date(on),
        "kind": day.kind,
        "sign": words.sign(day.kind),
        "what": words.what(day),
        "hours": words.hours(day.spans),
        "night": f"{times(0, max(before))[1]:%H:%M}" if before and not calendar.always_open else "",
        "source": words.source(day, calendar.holiday_country),
        "covered": words.what(day.covered) if day.covered else "",
        "clocks": words.clocks(change) if change else "",
        "is_own": day.kind == Kind.OWN,
        "form": form,
        "save": reverse("workspace:calendar_day", args=[calendar.pk, on]),
        "remove": reverse("workspace:calendar_day_remove", args=[calendar.pk, on]),
    }

"""A calendar's days as people read them."""

from __future__ import annotations

import datetime
from datetime import timedelta

from babel import Locale
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helpdesk.lib.localized import suffix
from tickets.queries.calendar_year import Day, Kind
from tickets.rules.business_time import Spans
from tickets.rules.clock_changes import ClockChange
from tickets.rules.opening_hours import DAY, times
from tickets.rules.public_holidays import Names
from tickets.workspace.words import span

#: Beside the colour, for those who do not see it: 休 and 班 as Chinese calendars print them.
SIGNS = {
    "zh": {Kind.HOLIDAY: "休", Kind.MAKE_UP: "班", Kind.OWN: "例"},
    "en": {Kind.HOLIDAY: "H", Kind.MAKE_UP: "W", Kind.OWN: "E"},
}
WEEKDAY_LETTERS = {"zh": "一二三四五六日", "en": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")}


def sign(kind: Kind) -> str:
    return SIGNS[suffix()].get(kind, "")


def weekday_letters() -> list[str]:
    return list(WEEKDAY_LETTERS[suffix()])


def full_date(day: datetime.date) -> str:
    # Translators: a day with weekday, month and year, in Django's date format letters
    return date_format(day, _("l, j F Y"))


def name(names: Names) -> str:
    return names[0] if suffix() == "zh" else names[1]


def hours(spans: Spans) -> str:
    """09:00–12:00, 13:00–18:00."""
    if not spans:
        return _("closed all day")
    return _(", ").join(_one(*one) for one in sorted(spans))


def _one(opens: int, closes: int) -> str:
    if (opens, closes) == (0, DAY):
        return _("day and night")
    begin, end = times(opens, closes)
    text = f"{begin:%H:%M}–{end:%H:%M}" if closes != DAY else f"{begin:%H:%M}–24:00"
    return _("%(span)s (next day)") % {"span": text} if closes > DAY else text


def what(day: Day) -> str:
    """In one line what the day is."""
    named = name(day.names)
    if day.kind == Kind.HOLIDAY:
        return _("Closed: %(name)s") % {"name": named}
    if day.kind == Kind.MAKE_UP:
        return named
    if day.kind == Kind.OWN:
        text = _("Other hours: %(name)s") if day.spans else _("Closed: %(name)s")
        return text % {"name": named}
    return _("Not a working day") if day.kind == Kind.OFF else _("A working day")


def source(day: Day, country: str) -> str:
    """Why it is so."""
    if day.kind == Kind.HOLIDAY:
        return _("Public holiday (%(country)s)") % {"country": country_name(country)}
    if day.kind == Kind.MAKE_UP:
        return _("Worked to make up for a holiday (%(country)s), at the hours of the nearest weekday") % {
            "country": country_name(country)
        }
    return _("Exception entered here") if day.kind == Kind.OWN else _("The hours of the week")


def country_name(code: str) -> str:
    tag = "zh_Hans" if (get_language() or "").startswith("zh") else "en"
    return str(Locale.parse(tag).territories.get(code, code))


def clocks(change: ClockChange) -> str:
    said = {
        "shown": f"{change.shown:%H:%M}",
        "set_to": f"{change.set_to:%H:%M}",
        "span": span(abs(change.by)),
    }
    if change.by > timedelta(0):
        return _("At %(shown)s clocks go forward to %(set_to)s: what lies between does not exist.") % said
    return (
        _("At %(shown)s clocks go back to %(set_to)s: what lies between happens twice and counts twice.")
        % said
    )

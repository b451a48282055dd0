"""An iCalendar file as days that differ: which are closed, which are worked, and how sure that is.

Apple says it outright (X-APPLE-SPECIAL-DAY); Chinese calendars say it in the title (休, 班, 补班); of others, and of
调休, which may mean either, it is guessed and for people to confirm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Event

from tickets.rules.calendar_file import events, refuse
from tickets.rules.intake import clean_line
from tickets.rules.yearly import Patience, Yearly

MAX_LENGTH = 62
MAX_DAYS = 400
MAX_NAME = 100
_DAY = timedelta(days=1)
_WORKED = re.compile(r"(?<![不停])(?<!不上)班|make-?up|work(?:ing)? ?day", re.IGNORECASE)
_CLOSED = re.compile(r"(?<!调)休|放假|不上班|停班|holiday|day off|closed", re.IGNORECASE)
_APPLE = {"WORK-HOLIDAY": "closed", "ALTERNATE-WORKDAY": "worked"}


class Kind(StrEnum):
    CLOSED = "closed"
    WORKED = "worked"


@dataclass(frozen=True)
class ImportedDay:
    date: date
    name: str
    kind: Kind
    #: The file does not say which kind it is.
    guessed: bool


@dataclass(frozen=True)
class Imported:
    """``days`` in order, each once; and how much of the file was left out."""

    days: list[ImportedDay]
    #: Events at a time of day.
    timed: int
    #: Events without a day in the years that were asked for.
    outside: int
    #: Events that make no sense.
    unreadable: int


def read(data: bytes, *, years: range) -> Imported:
    """The whole days in a file, those of yearly repetitions too. Invalid, at "file", for what cannot be read."""
    found = events(data)
    readable = [event for event in found if event is not None and _whole_days(event) is not None]
    timed = sum(event is not None and _is_timed(event) for event in found)
    moved: dict[str, set[date]] = {}
    for event in readable:
        moved.setdefault(_text(event, "UID"), set()).update(_dates(event, "RECURRENCE-ID"))
    patience = Patience()
    per_event = [list(_days_of(event, years, moved, patience)) for event in readable]
    days = _each_once(day for days in per_event for day in days)
    if len(days) > MAX_DAYS:
        raise refuse(_("The file holds more than %(count)s days.") % {"count": MAX_DAYS})
    if not days:
        raise refuse(
            _("The file holds no whole days in the years %(first)s to %(last)s.")
            % {"first": years.start, "last": years.stop - 1}
        )
    outside = sum(not found for found in per_event)
    return Imported(days, timed, outside, len(found) - len(readable) - timed)


def _whole_days(event: Event) -> tuple[date, int] | None:
    """First day and number of days; None for what happens at a time of day or makes no sense."""
    start, end = _moment(event, "DTSTART"), _moment(event, "DTEND")
    duration = _moment(event, "DURATION")
    if start is None or _is_timed(event):
        return None
    first = _day(start)
    length = _day(end) - first if isinstance(end, date) else duration
    return first, max(1, length.days if isinstance(length, timedelta) else 1)


def _is_timed(event: Event) -> bool:
    """Midnight to midnight is a whole day, however it is written."""
    start, end = _moment(event, "DTSTART"), _moment(event, "DTEND")
    if not isinstance(start, datetime):
        return False
    if not isinstance(end, datetime):
        return not isinstance(duration := _moment(event, "DURATION"), timedelta) or bool(duration % _DAY)
    return start.time() != time(0) or end.time() != time(0) or end <= start


def _moment(event: Event, name: str) -> Any:
    """What a property says; None where it is missing or makes no sense."""
    value = event.get(name)
    value = value[0] if isinstance(value, list) else value
    try:
        return getattr(value, "dt", None)
    except (ValueError, TypeError):
        return None


def _dates(event: Event, name: str) -> list[date]:
    values = event.get(name)
    listed = values if isinstance(values, list) else [values]
    moments = [one for value in listed if value is not None for one in getattr(value, "dts", [value])]
    return [_day(moment.dt) for moment in moments if isinstance(getattr(moment, "dt", None), date)]


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _days_of(
    event: Event, years: range, moved: Mapping[str, set[date]], patience: Patience
) -> Iterator[ImportedDay]:
    whole = _whole_days(event)
    if whole is None or str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    first, length = whole
    name = clean_line(_text(event, "SUMMARY"))[:MAX_NAME]
    if length > MAX_LENGTH:
        raise refuse(_("“%(name)s” lasts longer than %(count)s days.") % {"name": name, "count": MAX_LENGTH})
    # A holiday over New Year begins in the year before those asked for.
    around = range(years.start - 1, years.stop)
    starts = _starts(event, first, around, moved.get(_text(event, "UID"), set()), patience)
    for start in (day for day in starts if day.year in around):
        for day in (start + after * _DAY for after in range(length)):
            _spend(patience)
            if day.year in years:
                kind, guessed = kind_of(name, _text(event, "X-APPLE-SPECIAL-DAY"), day)
                yield ImportedDay(day, name, kind, guessed)


def _spend(patience: Patience) -> None:
    try:
        patience.spend()
    except ValueError:
        raise refuse(_("The file holds more than %(count)s days.") % {"count": MAX_DAYS}) from None


def _starts(event: Event, first: date, years: range, moved: set[date], patience: Patience) -> set[date]:
    """The days on which it begins: once, or every year."""
    rule = event.get("RRULE")
    if rule is None:
        return {first, *_dates(event, "RDATE")}
    try:
        rules = rule if isinstance(rule, list) else [rule]
        repeated = {day for one in rules for day in Yearly.read(one, first).within(years, patience)}
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise refuse(
            _("“%(name)s” repeats in a way that is not understood here: only yearly repetitions are.")
            % {"name": clean_line(_text(event, "SUMMARY"))[:MAX_NAME]}
        ) from None
    return (repeated | set(_dates(event, "RDATE"))) - {*_dates(event, "EXDATE"), *moved}


def _text(event: Event, name: str) -> str:
    value = event.get(name, "")
    return str(value[0] if isinstance(value, list) else value)


def kind_of(title: str, apple: str, day: date) -> tuple[Kind, bool]:
    """Whether a day is closed or worked, and whether that is only guessed."""
    if said := _APPLE.get(apple.strip().upper()):
        return Kind(said), False
    worked, closed = bool(_WORKED.search(title)), bool(_CLOSED.search(title))
    if worked != closed:
        return Kind.WORKED if worked else Kind.CLOSED, False
    at_weekend = day.weekday() >= 5
    return Kind.WORKED if at_weekend and (worked or "调休" in title) else Kind.CLOSED, True


def _each_once(days: Iterable[ImportedDay]) -> list[ImportedDay]:
    """Of several entries for one day, one that is sure; when two sure ones contradict each other, none is sure."""
    kept: dict[date, ImportedDay] = {}
    for day in days:
        known = kept.get(day.date)
        if known is None or (known.guessed and not day.guessed):
            kept[day.date] = day
        elif not day.guessed and day.kind != known.kind:
            kept[day.date] = replace(known, guessed=True)
    return [kept[on] for on in sorted(kept)]

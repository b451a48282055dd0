"""Days on which a calendar differs from its week."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import configuration
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Invalid, Text
from tickets.actors import Actor
from tickets.models import Calendar, CalendarException
from tickets.rules.intake import clean_line
from tickets.rules.opening_hours import clash_in_days

MAX_REASON = 100
MAX_SPANS = 10


@dataclass(frozen=True)
class DayThatDiffers:
    """``hours``, each (opens, closes), one that closes earlier past midnight; none at all: closed."""

    date: date
    reason: str
    hours: tuple[tuple[time, time], ...] = ()

    def __str__(self) -> str:
        hours = ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in self.hours)
        return f"{self.date} {self.reason} {hours}".rstrip()


@transaction.atomic
def add_exceptions(calendar: Calendar, days: Sequence[DayThatDiffers], *, by: Actor) -> int:
    """Make the days differ as told, whatever they were before; how many were not so already.

    Asked for again, or by two people at once, it changes nothing: a day never comes twice. Invalid ("reason",
    "hours") for a day without a reason, or with hours that overlap.
    """
    by.require(Capability.CONFIGURE_SERVICE)
    wanted = {day.date: _checked(day) for day in days}
    calendar = _lock(calendar)
    before = _present(calendar, wanted)
    changed = [day for day in wanted.values() if before.get(day.date) != day]
    if changed:
        calendar.exceptions.filter(date__in=[day.date for day in changed]).delete()
        CalendarException.objects.bulk_create(row for day in changed for row in _rows(calendar, day))
        calendar.save(update_fields=["changed_at"])
        # Written many at once, which no signal tells.
        configuration.changed(
            "tickets.calendarexception",
            by=by.user,
            change="made",
            name=calendar.name,
            days=[str(day) for day in changed],
        )
        _log(calendar, by, [before[day.date] for day in changed if day.date in before], changed)
    return len(changed)


@transaction.atomic
def remove_exception(calendar: Calendar, on: date, *, by: Actor) -> bool:
    """Let the day be like its week and its public holidays again; False where it was already."""
    by.require(Capability.CONFIGURE_SERVICE)
    calendar = _lock(calendar)
    before = _present(calendar, [on])
    if not before:
        return False
    calendar.exceptions.filter(date=on).delete()
    calendar.save(update_fields=["changed_at"])
    _log(calendar, by, [before[on]], [])
    return True


def _lock(calendar: Calendar) -> Calendar:
    return Calendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)


def _checked(day: DayThatDiffers) -> DayThatDiffers:
    reason = clean_line(day.reason)
    wrong: dict[str, Text] = {}
    if not reason:
        wrong["reason"] = _("Say why this day differs.")
    elif len(reason) > MAX_REASON:
        wrong["reason"] = _("At most %(limit)s characters fit here.") % {"limit": MAX_REASON}
    if clash_in_days([(day.date, *span) for span in day.hours]):
        wrong["hours"] = _("These hours overlap.")
    elif len(day.hours) > MAX_SPANS:
        wrong["hours"] = _("At most %(limit)s stretches of work fit into a day.") % {"limit": MAX_SPANS}
    if wrong:
        raise Invalid(wrong)
    return DayThatDiffers(day.date, reason, tuple(sorted(day.hours)))


def _present(calendar: Calendar, dates: Sequence[date] | Mapping[date, object]) -> dict[date, DayThatDiffers]:
    """How those days differ now."""
    found: dict[date, DayThatDiffers] = {}
    for row in calendar.exceptions.filter(date__in=list(dates)).order_by("opens", "pk"):
        earlier = found[row.date].hours if row.date in found else ()
        hours = ((row.opens, row.closes),) if row.opens is not None and row.closes is not None else ()
        found[row.date] = DayThatDiffers(row.date, row.reason, (*earlier, *hours))
    return found


def _rows(calendar: Calendar, day: DayThatDiffers) -> list[CalendarException]:
    return [
        CalendarException(calendar=calendar, date=day.date, reason=day.reason, opens=opens, closes=closes)
        for opens, closes in day.hours or ((None, None),)
    ]


def _log(
    calendar: Calendar, by: Actor, gone: Sequence[DayThatDiffers], come: Sequence[DayThatDiffers]
) -> None:
    """Into the history on the calendar's admin page, in its own manner of writing."""
    if by.user is None:
        return
    with translation.override(None):  # translated when it is shown
        name = str(CalendarException._meta.verbose_name)
    said = [("deleted", day) for day in gone] + [("added", day) for day in come]
    LogEntry.objects.create(
        user_id=by.user.pk,
        content_type=ContentType.objects.get_for_model(Calendar),
        object_id=str(calendar.pk),
        object_repr=str(calendar)[:200],
        action_flag=CHANGE,
        change_message=json.dumps([{what: {"name": name, "object": str(day)}} for what, day in said]),
    )

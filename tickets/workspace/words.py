"""Times in the words of a desk: how long still, how long ago, why a clock stands still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from helpdesk.lib import clock
from helpdesk.lib.durations import working_span as working_span
from tickets.choices import Status
from tickets.models import Ticket
from tickets.queries.inbox import DUE_SOON


@dataclass(frozen=True)
class Due:
    """``tone`` is a colour that means something: "over", "soon", or none."""

    text: str
    tone: str = ""
    moment: datetime | None = None

    @property
    def exactly(self) -> str:
        return exactly(self.moment) if self.moment else ""


def due_of(ticket: Ticket) -> Due:
    """The nearest promise of a ticket, as the queue shows it."""
    if ticket.due_at is not None and ticket.is_active:
        return due_at(ticket.due_at)
    if ticket.status == Status.PENDING:
        return Due(_("paused: customer’s turn"))
    if not ticket.is_active:
        return Due("")
    return Due(_("no promise open"))


def due_at(moment: datetime) -> Due:
    left = moment - clock.now()
    if left < timedelta(0):
        return Due(_("%(span)s overdue") % {"span": span(-left)}, "over", moment)
    return Due(_("in %(span)s") % {"span": span(left)}, "soon" if left <= DUE_SOON else "", moment)


def ago(moment: datetime) -> str:
    passed = clock.now() - moment
    if passed < timedelta(minutes=1):
        return _("just now")
    if passed > timedelta(days=30):
        return date_format(localtime(moment), "DATE_FORMAT")
    return _("%(span)s ago") % {"span": span(passed)}


def span(length: timedelta) -> str:
    """The two figures that matter at most: 12 min, 3 h 20 min, 2 d 4 h, 12 d."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return _("%(m)s min") % {"m": max(minutes, 1)}
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return _("%(h)s h %(m)s min") % {"h": hours, "m": minutes} if minutes else _("%(h)s h") % {"h": hours}
    days, hours = divmod(hours, 24)
    if days < 7 and hours:
        return _("%(d)s d %(h)s h") % {"d": days, "h": hours}
    return _("%(d)s d") % {"d": days}


def exactly(moment: datetime) -> str:
    """With the zone, for a title."""
    local = localtime(moment)
    return f"{date_format(local, 'DATETIME_FORMAT')} ({local.tzname()})"

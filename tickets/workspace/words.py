"""Times in the words of a desk: how long still, how long ago."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from helpdesk.lib import clock
from helpdesk.lib.durations import working_span as working_span
from tickets.queries.inbox import DUE_SOON


@dataclass(frozen=True)
class Due:
    """``tone`` is a colour that means something: "over", "soon", or none. ``counts``: the page counts it down.
    ``short``: how much is left, where there is no room for why it stands.
    """

    text: str
    tone: str = ""
    moment: datetime | None = None
    counts: bool = False
    short: str = ""

    @property
    def iso(self) -> str:
        return self.moment.isoformat(timespec="seconds") if self.moment else ""

    @property
    def exactly(self) -> str:
        return exactly(self.moment) if self.moment else ""


def due_at(moment: datetime) -> Due:
    left = moment - clock.now()
    if left < timedelta(0):
        return Due(_("%(span)s overdue") % {"span": span(-left)}, "over", moment, counts=True)
    tone = "soon" if left <= DUE_SOON else ""
    return Due(_("in %(span)s") % {"span": span(left)}, tone, moment, counts=True)


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


def countdown_words() -> str:
    """The same words for ``static/js/countdown.js``, which says them from minute to minute."""
    return json.dumps(
        {
            "s": _("%(s)s s"),
            "ms": _("%(span)s %(s)s s"),
            "m": _("%(m)s min"),
            "h": _("%(h)s h"),
            "hm": _("%(h)s h %(m)s min"),
            "d": _("%(d)s d"),
            "dh": _("%(d)s d %(h)s h"),
            "in": _("in %(span)s"),
            "over": _("%(span)s overdue"),
            "soon": int(DUE_SOON.total_seconds()),
        },
        ensure_ascii=False,
    )


def server_time() -> int:
    """In thousandths of a second: browsers' clocks go wrong, and a countdown must not."""
    return round(clock.now().timestamp() * 1000)


def exactly(moment: datetime) -> str:
    """With the zone, for a title."""
    local = localtime(moment)
    return f"{date_format(local, 'DATETIME_FORMAT')} ({local.tzname()})"

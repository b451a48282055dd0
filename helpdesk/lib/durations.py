"""Lengths of time in hours: a day of work is not a day of the calendar, so hours never become days."""

from __future__ import annotations

from django.utils.translation import gettext as _


def working_span(seconds: int) -> str:
    """To the minute: 12 min, 3 h, 3 h 20 min."""
    hours, minutes = divmod(seconds // 60, 60)
    if not hours:
        return _("%(m)s min") % {"m": minutes}
    return _("%(h)s h %(m)s min") % {"h": hours, "m": minutes} if minutes else _("%(h)s h") % {"h": hours}


def exact_span(seconds: int) -> str:
    """To the second where there are any, so that what is shown adds up: 3 h 20 min, 5 s."""
    rest = seconds % 60
    if not rest:
        return working_span(seconds)
    if seconds < 60:
        return _("%(s)s s") % {"s": rest}
    return _("%(span)s %(s)s s") % {"span": working_span(seconds - rest), "s": rest}

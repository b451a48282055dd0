"""Why a promise falls due when it does, in one line."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.lib.durations import exact_span
from tickets.queries.explanation_words import left, moments_of, names
from tickets.queries.moments import Moments, weekday
from tickets.rules.explanation import Explanation
from tickets.rules.explanation.lines import Closed, Line, LineKind, Phase

#: So many are told one by one; of more, the number.
FEW = 2
HOUR = 3600
DAY = 24 * HOUR

_PAUSES = (LineKind.PAUSED, LineKind.RESTED)


def summary(explanation: Explanation, zone: ZoneInfo) -> str:
    """ "4 working hours from Fri 2 Oct 17:40, without Sat, Sun and National Day: Tue 6 Oct 12:40"."""
    moments = moments_of(explanation, zone)
    words = {
        "promise": promise(explanation),
        "start": moments.at(explanation.lines[0].start),
        "without": _listed(_left_out(explanation)),
        "end": _end(explanation, moments),
    }
    if words["without"]:
        return _("%(promise)s from %(start)s, without %(without)s: %(end)s") % words
    return _("%(promise)s from %(start)s: %(end)s") % words


def promise(explanation: Explanation) -> str:
    """What is promised now."""
    return span_promised(explanation.target_seconds, by_the_clock=explanation.calendar is None)


def span_promised(seconds: int, *, by_the_clock: bool) -> str:
    """ "4 working hours", "48 h by the clock", "15 days by the clock"."""
    if by_the_clock and seconds % DAY == 0 and seconds > FEW * DAY:
        days = seconds // DAY
        return ngettext("%(count)s day by the clock", "%(count)s days by the clock", days) % {"count": days}
    if by_the_clock:
        return _("%(span)s by the clock") % {"span": exact_span(seconds)}
    if seconds % HOUR:
        return _("%(span)s of working time") % {"span": exact_span(seconds)}
    hours = seconds // HOUR
    return ngettext("%(count)s working hour", "%(count)s working hours", hours) % {"count": hours}


def _left_out(explanation: Explanation) -> list[str]:
    """What the promise is longer by on the calendar than in hours: days off, holidays, pauses."""
    if explanation.lines[-1].kind == LineKind.NEVER:
        return []
    lines = [line for line in explanation.lines if line.phase != Phase.OVER]
    off = [line for line in lines if line.kind == LineKind.CLOSED and line.days]
    holidays = dict.fromkeys(name for line in off for name in names(line))
    unnamed = [line for line in off if not line.names]
    pauses = len({line.mark for line in lines if line.kind in _PAUSES and not line.lasts})
    parts = [*_days_off(unnamed, sum(line.days_off or 0 for line in lines)), *_holidays(list(holidays))]
    if pauses:
        parts.append(ngettext("%(count)s pause", "%(count)s pauses", pauses) % {"count": pauses})
    return parts


def _days_off(lines: list[Line], folded: int) -> list[str]:
    # A day within which now lies is told before it and after it.
    days = list(dict.fromkeys(day for line in lines for day in line.days))
    if not folded and len(days) <= FEW and all(line.closed == Closed.NO_WORKING_DAY for line in lines):
        return [weekday(day) for day in days]
    count = len(days) + folded
    return [ngettext("%(count)s day off", "%(count)s days off", count) % {"count": count}]


def _holidays(called: list[str]) -> list[str]:
    if len(called) <= FEW:
        return called
    return [ngettext("%(count)s holiday", "%(count)s holidays", len(called)) % {"count": len(called)}]


def _listed(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return _("%(list)s and %(last)s") % {"list": _(", ").join(parts[:-1]), "last": parts[-1]}


def _end(explanation: Explanation, moments: Moments) -> str:
    last = explanation.lines[-1]
    words = {
        "at": moments.at(last.start),
        "due": moments.at(explanation.due) if explanation.due else "",
        "left": left(last),
    }
    if last.kind == LineKind.NEVER:
        return _("never, as the calendar has no working hours")
    if last.kind == LineKind.PAUSED:
        return _("paused, %(left)s") % words
    if last.kind == LineKind.ENDED:
        return _("ended %(at)s") % words
    if last.kind == LineKind.KEPT:
        return _("kept %(at)s, %(left)s") % words
    if last.kind == LineKind.LATE:
        return _("due %(due)s, done %(at)s") % words
    return _("%(due)s, broken") % words if explanation.broken_at else words["due"]

"""Why a promise falls due when it does, in words: a sentence for each line of the working, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from helpdesk.lib.durations import exact_span
from tickets.choices import ClockReason
from tickets.queries.moments import Moments, clock_time
from tickets.rules.explanation import Explanation
from tickets.rules.explanation.lines import Closed, Line, LineKind, Name, Phase, Special
from tickets.rules.explanation.reading import SLACK_SECONDS


@dataclass(frozen=True)
class Sentence:
    """What a line says; ``start`` is ``end`` for a moment."""

    kind: LineKind
    phase: Phase
    text: str
    start: datetime
    end: datetime


def sentences(explanation: Explanation, zone: ZoneInfo) -> list[Sentence]:
    """In order; all times in one zone, which the first sentence names."""
    moments = moments_of(explanation, zone)
    lines = [line for line in explanation.lines if not _is_rounding(line)]
    texts = [_SENTENCES[line.kind](line, moments) for line in lines]
    return [
        Sentence(line.kind, line.phase, text, line.start, line.end)
        for line, text in zip(lines, texts, strict=True)
    ]


def moments_of(explanation: Explanation, zone: ZoneInfo) -> Moments:
    return Moments(zone, explanation.lines[0].start.astimezone(zone).year)


def left(line: Line) -> str:
    """How much of the promise is left, or how far it is overdrawn."""
    if line.left_seconds == 0:
        return _("nothing left")
    if line.left_seconds < 0:
        return _("%(span)s over") % {"span": exact_span(-line.left_seconds)}
    return _("%(span)s left") % {"span": exact_span(line.left_seconds)}


def names(line: Line) -> list[str]:
    return [_in_language(name) for name in line.names]


def _in_language(name: Name) -> str:
    chinese, english = name
    return (chinese or english) if (get_language() or "").startswith("zh") else (english or chinese)


def _is_rounding(line: Line) -> bool:
    return line.kind == LineKind.COUNTED and abs(line.seconds) <= SLACK_SECONDS


def _started(line: Line, moments: Moments) -> str:
    if line.mark is None or line.mark.why == ClockReason.OPENED:
        return _("opened %(at)s") % {"at": moments.at_with_zone(line.start)}
    words = {"at": moments.at_with_zone(line.start), "who": _who(line), "why": _why(line)}
    return _("started %(at)s: %(why)s (%(who)s)") % words


def _worked(line: Line, moments: Moments) -> str:
    words = {"when": _when_worked(line, moments), "span": exact_span(line.seconds)}
    if line.phase == Phase.AHEAD:
        return _("%(when)s: %(span)s will count") % words
    if line.phase == Phase.OVER:
        return _("%(when)s: %(span)s past the promise") % words
    return _("%(when)s: %(span)s counted") % words


def _when_worked(line: Line, moments: Moments) -> str:
    if line.days_off is not None:
        return _when_folded(line, moments, line.days_off)
    when = moments.between(line.start, line.end)
    if line.special is None:
        return when
    special = _("make-up working day") if line.special == Special.MAKE_UP else _("other hours on this day")
    called = [name for name in names(line) if name.casefold() != special.casefold()]
    if not called:
        return _("%(when)s, %(special)s") % {"when": when, "special": special}
    words = {"when": when, "special": special, "names": _(", ").join(called)}
    return _("%(when)s, %(special)s (%(names)s)") % words


def _when_folded(line: Line, moments: Moments, days_off: int) -> str:
    worked = ngettext("%(count)s working day", "%(count)s working days", len(line.days))
    off = ngettext("%(count)s day off between", "%(count)s days off between", days_off)
    words = {
        "when": moments.days(line.days[0], line.days[-1]),
        "worked": worked % {"count": len(line.days)},
        "off": off % {"count": days_off},
    }
    return (_("%(when)s, %(worked)s, %(off)s") if days_off else _("%(when)s, %(worked)s")) % words


def _closed(line: Line, moments: Moments) -> str:
    if line.closed == Closed.BREAK:
        return _("%(when)s: break") % {"when": moments.between(line.start, line.end)}
    if line.closed == Closed.HOURS:
        when = {"when": moments.between(line.start, line.end), "names": _(", ").join(names(line))}
        if line.names:
            return _("%(when)s: closed, other hours on this day (%(names)s)") % when
        if moments.runs_over_midnight(line.start, line.end):
            return _("%(when)s: closed overnight") % when
        return _("%(when)s: outside working hours") % when
    words = {"when": moments.days(line.days[0], line.days[-1]), "names": _(", ").join(names(line))}
    if line.closed == Closed.NO_WORKING_DAY:
        return ngettext("%(when)s: no working day", "%(when)s: no working days", len(line.days)) % words
    if line.names:
        return _("%(when)s: closed, %(names)s") % words
    if line.closed == Closed.HOLIDAY:
        return _("%(when)s: closed, public holiday") % words
    return _("%(when)s: closed, by exception") % words


def _clocks(line: Line, moments: Moments) -> str:
    after = line.start.astimezone(moments.zone)
    before = after.replace(tzinfo=None) - line.shift
    words = {
        "at": moments.on_the_wall(before),
        "after": clock_time(after),
        "span": exact_span(abs(round(line.shift.total_seconds()))),
    }
    if line.shift.total_seconds() > 0:
        return _("%(at)s: clocks go forward %(span)s, to %(after)s") % words
    return _("%(at)s: clocks go back %(span)s, to %(after)s") % words


def _paused(line: Line, moments: Moments) -> str:
    if line.lasts:
        return _("since %(at)s: paused (%(because)s), %(left)s") % _marked(line, moments)
    return _("%(when)s: paused (%(because)s)") % _marked(line, moments)


def _changed(line: Line, moments: Moments) -> str:
    target = {"before": exact_span(line.target_before), "after": exact_span(line.target_seconds)}
    words = {"at": moments.at(line.start), "who": _who(line), "why": _why(line)}
    parts = [_("%(at)s: %(why)s (%(who)s)") % words]
    if line.target_before == line.target_seconds:
        parts.append(_("the promise stays %(after)s") % target)
    else:
        parts.append(_("promise %(before)s → %(after)s") % target)
    if line.calendar != line.calendar_before:
        by_clock, hours = _("by the clock from here on"), _("other working hours from here on")
        parts.append(by_clock if line.calendar is None else hours)
    if line.used_seconds:
        parts.append(_("the %(span)s used so far count") % {"span": exact_span(line.used_seconds)})
    return _("; ").join(parts)


def _counted(line: Line, moments: Moments) -> str:
    words = {"at": moments.at(line.start), "span": exact_span(abs(line.seconds))}
    if line.seconds == line.used_seconds:
        return _("%(at)s: %(span)s already used") % words
    if line.seconds > 0:
        return _("%(at)s: %(span)s more had counted, by the hours that held then") % words
    return _("%(at)s: %(span)s less had counted, by the hours that held then") % words


def _now(line: Line, moments: Moments) -> str:
    words = {"at": moments.at(line.start), "used": exact_span(line.used_seconds), "left": left(line)}
    return _("now, %(at)s: %(used)s used, %(left)s") % words


def _said(words: Callable[[], str]) -> Callable[[Line, Moments], str]:
    """``words`` is called when shown: the language is the reader's."""
    return lambda line, moments: words() % _marked(line, moments)


def _marked(line: Line, moments: Moments) -> Mapping[str, str]:
    return {
        "at": moments.at(line.start),
        "when": moments.between(line.start, line.end),
        "left": left(line),
        "because": _because(line),
    }


def _because(line: Line) -> str:
    return _("%(who)s: %(why)s") % {"who": _who(line), "why": _why(line)} if line.mark else ""


def _who(line: Line) -> str:
    return (line.mark and line.mark.who) or pgettext("who", "the desk")


def _why(line: Line) -> str:
    return str(ClockReason(line.mark.why).label) if line.mark else ""


_SENTENCES: Mapping[LineKind, Callable[[Line, Moments], str]] = {
    LineKind.STARTED: _started,
    LineKind.WORKED: _worked,
    LineKind.CLOSED: _closed,
    LineKind.CLOCKS: _clocks,
    LineKind.PAUSED: _paused,
    LineKind.RESTED: _said(lambda: _("%(when)s: stood still (%(because)s), not counted")),
    LineKind.RESUMED: _said(lambda: _("%(at)s: runs again (%(because)s), %(left)s")),
    LineKind.CHANGED: _changed,
    LineKind.COUNTED: _counted,
    LineKind.BROKEN: _said(lambda: _("promise broken %(at)s")),
    LineKind.NOW: _now,
    LineKind.DUE: _said(lambda: _("due %(at)s")),
    LineKind.NEVER: _said(lambda: _("never due: the calendar has no working hours")),
    LineKind.KEPT: _said(lambda: _("kept %(at)s (%(because)s), %(left)s")),
    LineKind.LATE: _said(lambda: _("done %(at)s (%(because)s), %(left)s")),
    LineKind.ENDED: _said(lambda: _("ended %(at)s (%(because)s)")),
}

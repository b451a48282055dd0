"""A stretch of time told as lines: when it was worked, when it was closed and why, when clocks were changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, pairwise

from tickets.rules.business_time import (
    CalendarNeverOpens,
    WorkingCalendar,
    clock_changes,
    working_intervals,
)
from tickets.rules.explanation.lines import Closed, Line, LineKind, Name, Special

Interval = tuple[datetime, datetime]

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def stretch(cal: WorkingCalendar | None, start: datetime, end: datetime) -> Iterator[Line]:
    """[start, end) without a gap, in whole seconds; without a calendar all of it counts."""
    if start >= end:
        return
    if cal is None:
        yield Line(LineKind.WORKED, start, end, (end - start) // SECOND)
        return
    at = start
    for moment, shift in clock_changes(cal, start, end):
        if _matters(cal, moment, shift):
            yield from _between_changes(cal, at, moment)
            yield Line(LineKind.CLOCKS, moment, moment, shift=shift)
            at = moment
    yield from _between_changes(cal, at, end)


def _matters(cal: WorkingCalendar, moment: datetime, shift: timedelta) -> bool:
    """Whether the hour that is skipped or repeated lies within the hours of its day."""
    after = _wall(cal, moment)
    low, high = min(after, after - shift), max(after, after - shift)
    days = [low.date() - DAY + DAY * number for number in range((high.date() - low.date()).days + 2)]
    return any(opens < high and closes > low for day in days for opens, closes in _wall_spans(cal, day))


def _between_changes(cal: WorkingCalendar, start: datetime, end: datetime) -> Iterator[Line]:
    at = start
    for opens, closes in _worked(cal, start, end):
        yield from _closed(cal, at, opens)
        yield _worked_line(cal, opens, closes)
        at = closes
    yield from _closed(cal, at, end)


# What is worked


def _worked(cal: WorkingCalendar, start: datetime, end: datetime) -> Iterator[Interval]:
    """Working time in [start, end); what touches is one, but a day that differs stands alone."""
    cuts = _cuts(cal, start, end)
    for opens, closes in _joined(cal, start, end):
        inside = [cut for cut in cuts if opens < cut < closes]
        yield from pairwise([opens, *inside, closes])


def _joined(cal: WorkingCalendar, start: datetime, end: datetime) -> Iterator[Interval]:
    current: Interval | None = None
    for opens, closes in _intervals(cal, start, end):
        if current and opens == current[1]:
            current = current[0], closes
            continue
        if current:
            yield current
        current = opens, closes
    if current:
        yield current


def _intervals(cal: WorkingCalendar, start: datetime, end: datetime) -> Iterator[Interval]:
    try:
        for opens, closes in working_intervals(cal, start):
            if opens >= end:
                return
            yield opens, min(closes, end)
    except CalendarNeverOpens:
        return


def _cuts(cal: WorkingCalendar, start: datetime, end: datetime) -> list[datetime]:
    """Midnights before and after the days that are worked otherwise than their weekday, where work begins then."""
    days = [on for day in _days(cal, start, end) if _special(cal, day) for on in (day, day + DAY)]
    return sorted({_midnight(cal, day) for day in days if any(opens == 0 for opens, _ in cal.spans_on(day))})


def _worked_line(cal: WorkingCalendar, opens: datetime, closes: datetime) -> Line:
    on = _shift_day(cal, opens)
    days = [on, *(day for day in _days(cal, opens, closes) if day > on and _begins_within(cal, day, closes))]
    special = _special(cal, on)
    names = _names(cal, [on]) if special else ()
    seconds = (closes - opens) // SECOND
    return Line(LineKind.WORKED, opens, closes, seconds, special=special, names=names, days=tuple(days))


def _shift_day(cal: WorkingCalendar, opens: datetime) -> date:
    """The day on which the shift began that is worked at a moment: after midnight it may be the day before."""
    wall = _wall(cal, opens)
    today, before = wall.date(), wall.date() - DAY
    if any(start <= wall < end for start, end in _wall_spans(cal, today)):
        return today
    return before if any(start <= wall < end for start, end in _wall_spans(cal, before)) else today


def _begins_within(cal: WorkingCalendar, day: date, closes: datetime) -> bool:
    return any(start < _wall(cal, closes) for start, _end in _wall_spans(cal, day))


def _special(cal: WorkingCalendar, day: date) -> Special | None:
    hours, usual = cal.spans_on(day), cal.weekly.get(day.weekday(), ())
    if not hours or day not in cal.exceptions:
        return None
    if not usual or _recurs(cal, day):
        return Special.MAKE_UP
    return Special.OTHER_HOURS if sorted(hours) != sorted(usual) else None


# What is closed


def _closed(cal: WorkingCalendar, start: datetime, end: datetime) -> Iterator[Line]:
    """A gap between working hours: one line, or one for each reason why whole days are off.

    The evening before a day off and the morning after it go with it.
    """
    if start >= end:
        return
    if _is_break(cal, start, end):
        yield Line(LineKind.CLOSED, start, end, closed=Closed.BREAK)
        return
    groups = [(why, list(days)) for why, days in groupby(_days(cal, start, end), lambda day: _why(cal, day))]
    odd = _on_a_day_of_other_hours(cal, start)
    while len(groups) > 1 and groups[0][0] == Closed.HOURS and not odd:
        del groups[0]
    while len(groups) > 1 and groups[-1][0] == Closed.HOURS:
        del groups[-1]
    borders = [start, *(_midnight(cal, days[0]) for _why, days in groups[1:]), end]
    for (why, days), (low, high) in zip(groups, pairwise(borders), strict=True):
        if low < high:
            off = () if why == Closed.HOURS else tuple(days)
            named = days[:1] if odd and low == start else off
            yield Line(LineKind.CLOSED, low, high, closed=why, days=off, names=_names(cal, named))


def _on_a_day_of_other_hours(cal: WorkingCalendar, start: datetime) -> bool:
    """Whether a moment outside the hours would be within those of its weekday. Not at closing time: then the work
    before it says so.
    """
    wall = _wall(cal, start)
    day = wall.date()
    at_closing_time = any(wall == closes for _opens, closes in _wall_spans(cal, day))
    return _special(cal, day) == Special.OTHER_HOURS and not at_closing_time


def _is_break(cal: WorkingCalendar, start: datetime, end: datetime) -> bool:
    """Whether it lies between two stretches of one day's work."""
    low, high = _wall(cal, start), _wall(cal, end)
    spans = _wall_spans(cal, low.date())
    return any(closes <= low for _opens, closes in spans) and any(high <= opens for opens, _closes in spans)


def _why(cal: WorkingCalendar, day: date) -> Closed:
    if cal.spans_on(day):
        return Closed.HOURS
    if _recurs(cal, day) or day in cal.names:
        return Closed.HOLIDAY
    return Closed.EXCEPTION if day in cal.exceptions else Closed.NO_WORKING_DAY


# Days


def _names(cal: WorkingCalendar, days: list[date] | tuple[date, ...]) -> tuple[Name, ...]:
    """Each name once, in order."""
    return tuple(dict.fromkeys(cal.names[day] for day in days if day in cal.names))


def _recurs(cal: WorkingCalendar, day: date) -> bool:
    return (day.month, day.day) in cal.recurring_holidays


def _days(cal: WorkingCalendar, start: datetime, end: datetime) -> list[date]:
    """The days on the wall of [start, end)."""
    first, last = _wall(cal, start).date(), _wall(cal, end - SECOND).date()
    return [first + DAY * number for number in range((last - first).days + 1)]


def _wall_spans(cal: WorkingCalendar, day: date) -> list[tuple[datetime, datetime]]:
    midnight = datetime.combine(day, time.min)
    return [
        (midnight + SECOND * opens, midnight + SECOND * closes) for opens, closes in sorted(cal.spans_on(day))
    ]


def _wall(cal: WorkingCalendar, moment: datetime) -> datetime:
    return moment.astimezone(cal.zone).replace(tzinfo=None)


def _midnight(cal: WorkingCalendar, day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=cal.zone).astimezone(UTC)

"""Working time, exact: how much of it lies between two moments, and when so much of it has passed.

A moment is working time when a clock on the wall in the calendar's zone shows a time within the hours. Where
clocks go forward, the hours that do not exist are not worked; where they go back, the repeated hour is worked
twice if it lies within the hours. What is counted is always real, elapsed time.

Inside, a moment is a whole number of microseconds since 1970: in UTC, or ("wall") as the clock on the wall shows
it, which is UTC plus the zone's offset. Time is reckoned in stretches of four weeks: how much work a stretch holds, and
where in it, is found out once and kept with the calendar, so that a year ahead costs a dozen look-ups.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate, chain
from zoneinfo import ZoneInfo

Spans = tuple[tuple[int, int], ...]

SECONDS_A_DAY = 86_400
SECOND = 1_000_000
DAY = SECONDS_A_DAY * SECOND
WEEK = 7 * DAY
STRETCH = 4 * WEEK
LOOK_AHEAD = 2 * 366 * DAY
#: Stretches kept with a calendar: some twenty years.
KEPT = 256

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = _EPOCH.toordinal()
_MICROSECOND = timedelta(microseconds=1)


class CalendarNeverOpens(Exception):
    """The calendar has no working time in the two years that follow; somebody has to correct its hours."""


@dataclass(frozen=True)
class WorkingCalendar:
    """Weekly hours (0 is Monday) as half-open spans of seconds after local midnight; and the days that differ.

    A shift over midnight ends after 86400 and belongs to the day on which it starts: a holiday takes away the
    shift that begins on it, not the rest of the night before. ``exceptions`` go before ``recurring_holidays``.
    """

    time_zone: str
    weekly: Mapping[int, Spans]
    exceptions: Mapping[date, Spans] = field(default_factory=dict)
    recurring_holidays: frozenset[tuple[int, int]] = frozenset()
    #: Why a day differs, for people, in Chinese and in English. Nothing is computed from it.
    names: Mapping[date, tuple[str, str]] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (ValueError, OSError, LookupError) as problem:
            raise ValueError(f"No such time zone: {self.time_zone!r}") from problem
        if not set(self.weekly) <= set(range(7)):
            raise ValueError("Weekdays are 0 (Monday) to 6 (Sunday).")
        for start, end in chain(*self.weekly.values(), *self.exceptions.values()):
            if not (0 <= start < SECONDS_A_DAY and start < end <= 2 * SECONDS_A_DAY):
                raise ValueError(f"Not a span of working time: {start} to {end} seconds after midnight.")

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @cached_property
    def plain_week(self) -> int:
        """Working time of any seven days in which no day differs and no clock is changed."""
        plain = replace(self, exceptions={}, recurring_holidays=frozenset())
        return _length(_wall_spans(plain, 0, WEEK))

    @cached_property
    def exception_days(self) -> frozenset[int]:
        return frozenset(day.toordinal() - _EPOCH_ORDINAL for day in self.exceptions)

    def spans_starting(self, day: int) -> Spans:
        """The spans of a day, which is counted from 1970-01-01."""
        if day in self.exception_days:
            return self.exceptions[_date(day)]
        if self.is_recurring_holiday(day):
            return ()
        return self.weekly.get((day + 3) % 7, ())  # 1970-01-01 was a Thursday.

    def spans_on(self, day: date) -> Spans:
        return self.spans_starting(day.toordinal() - _EPOCH_ORDINAL)

    def is_recurring_holiday(self, day: int) -> bool:
        return _month_day(day) in self.recurring_holidays

    def is_plain(self, days: range) -> bool:
        return self.exception_days.isdisjoint(days) and self.recurring_holidays.isdisjoint(
            map(_month_day, days)
        )

    @cached_property
    def _stretches(self) -> dict[int, _Stretch]:
        return {}

    def stretch(self, number: int) -> _Stretch:
        """Of four weeks, counted from 1970-01-01 in UTC."""
        found = self._stretches.get(number)
        if found is None:
            if len(self._stretches) >= KEPT:
                self._stretches.clear()
            found = self._stretches[number] = _Stretch(self, number * STRETCH)
        return found


class _Stretch:
    """Four weeks of a calendar, from ``start`` on."""

    def __init__(self, cal: WorkingCalendar, start: int) -> None:
        self._cal, self._start = cal, start

    @cached_property
    def length(self) -> int:
        """Of all its working time."""
        return sum(_week_length(self._cal, self._start + week * WEEK) for week in range(STRETCH // WEEK))

    @cached_property
    def _spans(self) -> tuple[list[int], list[int], list[int]]:
        """Where its spans of work begin, where they end, and how much work there is before each of them."""
        spans = list(_utc_spans(self._cal, self._start, self._start + STRETCH))
        before = accumulate((closes - opens for opens, closes in spans), initial=0)
        return [opens for opens, _closes in spans], [closes for _opens, closes in spans], list(before)

    def length_before(self, at: int) -> int:
        """Of the working time from the beginning to a moment within."""
        opens, closes, before = self._spans
        place = bisect_right(opens, at) - 1
        return before[place] + min(at, closes[place]) - opens[place] if place >= 0 else 0

    def moment_after(self, length: int) -> int:
        """The first moment at which so much work was done since the beginning; there is as much, and not none."""
        opens, _closes, before = self._spans
        place = bisect_left(before, length) - 1
        return opens[place] + length - before[place]

    def opening(self, at: int) -> int | None:
        """The first working moment from a moment within on, if there is one before the end."""
        opens, closes, _before = self._spans
        place = bisect_right(closes, at)
        return max(at, opens[place]) if place < len(opens) else None


#: What time on the clock, day and night, is counted by.
ALWAYS = WorkingCalendar("UTC", dict.fromkeys(range(7), ((0, SECONDS_A_DAY),)))


def working_seconds_between(cal: WorkingCalendar, start: datetime, end: datetime) -> int | float:
    """Working time from ``start`` to ``end`` in seconds; 0 when ``end`` is not later."""
    at, stop = _moment(start), _moment(end)
    if stop <= at:
        return 0
    first, last = at // STRETCH, stop // STRETCH
    total = cal.stretch(last).length_before(stop) - cal.stretch(first).length_before(at)
    total += sum(cal.stretch(number).length for number in range(first, last))
    return total / SECOND if total % SECOND else total // SECOND


def add_working_time(cal: WorkingCalendar, start: datetime, seconds: int | float) -> datetime:
    """The first moment, in UTC, at which so much working time has passed since ``start``.

    Time that ends with the day is over at closing time, not at the next opening.
    """
    at, left, idle = _moment(start), round(seconds * SECOND), 0
    if left < 0:
        raise ValueError("Working time is added, not taken away.")
    if not left:
        return _datetime(at)
    number = at // STRETCH
    left += cal.stretch(number).length_before(at)
    while (length := cal.stretch(number).length) < left:
        idle = 0 if length else idle + STRETCH
        _refuse_if_idle(cal, idle)
        left -= length
        number += 1
    return _datetime(cal.stretch(number).moment_after(left))


def next_opening(cal: WorkingCalendar, at: datetime) -> datetime:
    """The first working moment from ``at`` on, in UTC: ``at`` itself when it is one."""
    start = moment = _moment(at)
    while (opens := cal.stretch(moment // STRETCH).opening(moment)) is None:
        moment = (moment // STRETCH + 1) * STRETCH
        _refuse_if_idle(cal, moment - start)
    return _datetime(opens)


def is_open(cal: WorkingCalendar, at: datetime) -> bool:
    moment = _moment(at)
    return any(True for _span in _utc_spans(cal, moment, moment + 1))


def working_intervals(cal: WorkingCalendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Working time from ``start`` on, without end; what touches is one interval, of a week at most."""
    at = _moment(start)
    last_close = at
    pending: tuple[int, int] | None = None
    while True:
        for opens, closes in _utc_spans(cal, at, at + WEEK):
            if pending and opens == pending[1] and closes - pending[0] <= WEEK:
                opens = pending[0]
            elif pending:
                yield _datetime(pending[0]), _datetime(pending[1])
            pending, last_close = (opens, closes), closes
        at += WEEK
        if pending and pending[1] < at:
            yield _datetime(pending[0]), _datetime(pending[1])
            pending = None
        _refuse_if_idle(cal, at - last_close)


def clock_changes(
    cal: WorkingCalendar, start: datetime, end: datetime
) -> Iterator[tuple[datetime, timedelta]]:
    """The moments between at which clocks are changed, and by how much they go forward (back: less than nothing)."""
    at, stop = _moment(start), _moment(end)
    before = _offset(cal.zone, at)
    while at < stop:
        offset = _offset(cal.zone, at)
        if offset != before:
            yield _datetime(at), (offset - before) * _MICROSECOND
            before = offset
        within = min(at + WEEK, stop)
        at = within if _offset(cal.zone, within - 1) == offset else _next_change(cal.zone, at, within)


def _refuse_if_idle(cal: WorkingCalendar, idle: int) -> None:
    if idle > LOOK_AHEAD:
        raise CalendarNeverOpens(
            f"No working time in two years ({cal.time_zone}): the calendar has no hours."
        )


def _week_length(cal: WorkingCalendar, at: int) -> int:
    """Working time of the seven days from ``at`` on.

    Equal offsets at both ends mean no change between: true of every zone since 2001 (a change and its undoing
    within seven days happened last in Brazil, in October 2000).
    """
    offset = _offset(cal.zone, at)
    if offset == _offset(cal.zone, at + WEEK):
        first = (at + offset) // DAY
        # One day more on the left: its night shift may reach in.
        if cal.is_plain(range(first - 1, first + 8)):
            return cal.plain_week
    return _length(_utc_spans(cal, at, at + WEEK))


def _utc_spans(cal: WorkingCalendar, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Working time in [start, end), in order, as moments in UTC."""
    return _merged(
        (opens - offset, closes - offset)
        for low, high, offset in _constant(cal.zone, start, end)
        for opens, closes in _wall_spans(cal, low + offset, high + offset)
    )


def _constant(zone: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """[start, end) cut where clocks are changed: (start, end, offset)."""
    while start < end:
        offset = _offset(zone, start)
        stop = end if offset == _offset(zone, end - 1) else _next_change(zone, start, end)
        yield start, stop, offset
        start = stop


def _next_change(zone: ZoneInfo, start: int, end: int) -> int:
    """The moment between at which the offset of ``start`` ends; clocks are changed at whole seconds."""
    offset = _offset(zone, start)
    seconds = range(start - start % SECOND, end, SECOND)
    return seconds[bisect_left(seconds, True, lo=1, key=lambda moment: _offset(zone, moment) != offset)]


def _wall_spans(cal: WorkingCalendar, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Working time in [start, end), in order, as the clock on the wall shows it."""
    spans = sorted(
        (day * DAY + opens * SECOND, day * DAY + closes * SECOND)
        for day in range(start // DAY - 1, (end - 1) // DAY + 1)
        for opens, closes in cal.spans_starting(day)
    )
    for opens, closes in _merged(spans):
        if opens < end and closes > start:
            yield max(opens, start), min(closes, end)


def _merged(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans in order of their start; those that overlap or touch become one."""
    current: tuple[int, int] | None = None
    for opens, closes in spans:
        if current and opens <= current[1]:
            current = (current[0], max(current[1], closes))
            continue
        if current:
            yield current
        current = (opens, closes)
    if current:
        yield current


def _length(spans: Iterable[tuple[int, int]]) -> int:
    return sum(closes - opens for opens, closes in spans)


def _offset(zone: ZoneInfo, moment: int) -> int:
    offset = _datetime(moment).astimezone(zone).utcoffset()
    assert offset is not None
    return offset // _MICROSECOND


def _moment(at: datetime) -> int:
    if at.utcoffset() is None:
        raise ValueError("Working time is reckoned between aware datetimes.")
    return (at - _EPOCH) // _MICROSECOND


def _datetime(moment: int) -> datetime:
    return _EPOCH + timedelta(microseconds=moment)


@lru_cache(maxsize=4096)
def _month_day(day: int) -> tuple[int, int]:
    on = _date(day)
    return on.month, on.day


def _date(day: int) -> date:
    return date.fromordinal(day + _EPOCH_ORDINAL)

"""Hours as people enter them: whether they contradict each other, and what a make-up day takes from the week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from itertools import pairwise

from tickets.rules.business_time import Spans

DAY = 24 * 3600
WEEK = 7 * DAY
SATURDAY, SUNDAY = 5, 6
#: The day of the work week that a day of the weekend stands beside.
NEIGHBOURS = {SATURDAY: 4, SUNDAY: 0}


def hours_like_a_weekday(weekly: Mapping[int, Spans], weekday: int) -> Spans:
    """What is worked on a make-up day: on a Saturday as on Friday, on a Sunday as on Monday; where nobody works on
    that day, as on the first day of the week on which somebody does."""
    hours = weekly.get(NEIGHBOURS.get(weekday, weekday), ())
    return hours or next((weekly[day] for day in sorted(weekly) if weekly[day]), ())


def span(opens: time, closes: time) -> tuple[int, int]:
    """Seconds after the day's midnight; an end at or before the beginning lies on the next day."""
    return _seconds(opens), _seconds(opens) + _length(opens, closes)


def times(opens: int, closes: int) -> tuple[time, time]:
    """The same the other way round. A span of more than a day cannot be said with two times of day; none is entered."""
    begin, end = (divmod(seconds % DAY, 3600) for seconds in (opens, closes))
    return time(begin[0], *divmod(begin[1], 60)), time(end[0], *divmod(end[1], 60))


def clash_in_week(hours: Sequence[tuple[int, time, time]]) -> tuple[int, int] | None:
    """Places of two (weekday, opens, closes) that overlap; hours past midnight reach into the next day, Sunday's into
    Monday."""
    spans = sorted(
        (start + around, start + around + length, place)
        for place, (weekday, opens, closes) in enumerate(hours)
        for start, length in [(weekday * DAY + _seconds(opens), _length(opens, closes))]
        for around in (0, WEEK)
    )
    for (_start, end, place), (start, _end, other) in pairwise(spans):
        if start < end and place != other:
            return min(place, other), max(place, other)
    return None


def clash_in_days(days: Sequence[tuple[date, time | None, time | None]]) -> tuple[int, int] | None:
    """Places of two exceptions of one date that overlap, or of which one says that it is closed."""
    for place, (day, opens, closes) in enumerate(days):
        for other in range(place):
            other_day, other_opens, other_closes = days[other]
            if day == other_day and _overlap(opens, closes, other_opens, other_closes):
                return other, place
    return None


def _overlap(opens: time | None, closes: time | None, others: time | None, other_closes: time | None) -> bool:
    if opens is None or closes is None or others is None or other_closes is None:
        return True
    start, other = _seconds(opens), _seconds(others)
    return start < other + _length(others, other_closes) and other < start + _length(opens, closes)


def _length(opens: time, closes: time) -> int:
    """An end at or before the beginning lies on the next day."""
    length = _seconds(closes) - _seconds(opens)
    return length if length > 0 else length + DAY


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second

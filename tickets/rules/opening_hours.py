"""Do the hours that somebody typed contradict each other?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from itertools import pairwise

DAY = 24 * 3600
WEEK = 7 * DAY


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

from datetime import time

import pytest

from tickets.rules.business_time import Spans
from tickets.rules.opening_hours import hours_like_a_weekday, span, times

HOUR = 3600
MONDAY, FRIDAY = ((9 * HOUR, 18 * HOUR),), ((9 * HOUR, 17 * HOUR),)


@pytest.mark.parametrize(
    ("weekly", "weekday", "expected"),
    [
        ({0: MONDAY, 4: FRIDAY}, 5, FRIDAY),
        ({0: MONDAY, 4: FRIDAY}, 6, MONDAY),
        ({0: MONDAY, 4: FRIDAY, 5: ((10 * HOUR, 12 * HOUR),)}, 5, FRIDAY),
        ({0: MONDAY, 4: ()}, 5, MONDAY),
        ({2: FRIDAY, 1: MONDAY}, 6, MONDAY),
        ({2: FRIDAY}, 2, FRIDAY),
        ({}, 5, ()),
    ],
)
def test_a_make_up_day_is_worked_like_a_weekday(
    weekly: dict[int, Spans], weekday: int, expected: Spans
) -> None:
    assert hours_like_a_weekday(weekly, weekday) == expected


@pytest.mark.parametrize(
    ("opens", "closes", "seconds"),
    [
        (time(9), time(18), (9 * HOUR, 18 * HOUR)),
        (time(22), time(6), (22 * HOUR, 30 * HOUR)),
        (time(0), time(0), (0, 24 * HOUR)),
        (time(8, 30, 15), time(0), (8 * HOUR + 1815, 24 * HOUR)),
    ],
)
def test_times_of_day_are_spans_and_back(opens: time, closes: time, seconds: tuple[int, int]) -> None:
    assert span(opens, closes) == seconds
    assert times(*seconds) == (opens, closes)

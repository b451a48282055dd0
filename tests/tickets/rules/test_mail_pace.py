"""At most so many a minute, in any minute, whatever comes when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.rules.mail_pace import Pace

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def slots(pace: Pace, arrivals: list[float]) -> list[datetime]:
    next_at, found = NOW, []
    for seconds in sorted(arrivals):
        now = NOW + timedelta(seconds=seconds)
        found.append(pace.slot(next_at, now))
        next_at = pace.after(next_at, now)
    return found


def test_some_leave_in_one_go() -> None:
    pace = Pace(120)
    taken = slots(pace, [0.0] * 22)
    assert taken[:20] == [NOW] * 20
    assert NOW < taken[20] < taken[21]
    assert abs(pace.step * (120 - 20 + 1) - MINUTE) < timedelta(milliseconds=1)


def test_one_a_minute() -> None:
    assert slots(Pace(1), [0, 0, 0]) == [NOW, NOW + MINUTE, NOW + 2 * MINUTE]


@given(st.integers(1, 200), st.lists(st.floats(0, 300), max_size=400))
def test_never_more_than_may(per_minute: int, arrivals: list[float]) -> None:
    taken = slots(Pace(per_minute), arrivals)
    assert taken == sorted(taken)
    for place in range(per_minute, len(taken)):
        # A thousandth for the rounding of steps to microseconds.
        assert taken[place] - taken[place - per_minute] >= MINUTE * 0.999


@given(st.integers(1, 200))
def test_after_a_rest_nothing_leaves_early(per_minute: int) -> None:
    pace, until = Pace(per_minute), NOW + timedelta(minutes=5)
    assert pace.slot(pace.resting_until(until), NOW) == until


@pytest.mark.parametrize("mails", [1, 7])
def test_many_at_once_are_counted(mails: int) -> None:
    pace = Pace(60)
    assert pace.after(NOW, NOW, mails) == NOW + pace.step * mails

"""The arithmetic of promises: due, used, next look."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.times import shanghai
from tickets.rules.business_time import WorkingCalendar
from tickets.rules.sla import Run, Step, due_at, next_check, step_at, used_at

HOUR = 3600
OFFICE = WorkingCalendar("Asia/Shanghai", dict.fromkeys(range(5), ((9 * HOUR, 18 * HOUR),)))
NEVER = WorkingCalendar("Asia/Shanghai", {})


@pytest.mark.parametrize(
    ("run", "due"),
    [
        (Run(HOUR, 0, shanghai(2, 10)), shanghai(2, 11)),
        (Run(8 * HOUR, 2 * HOUR, shanghai(2, 10)), shanghai(2, 16)),
        (Run(HOUR, 0, shanghai(6, 17, 30)), shanghai(9, 9, 30)),
        (Run(HOUR, HOUR, shanghai(2, 10)), shanghai(2, 10)),
        (Run(HOUR, 2 * HOUR, shanghai(2, 10)), shanghai(2, 10)),
        (Run(HOUR, 0, None), None),
    ],
)
def test_due(run: Run, due: datetime | None) -> None:
    assert due_at(OFFICE, run) == due


def test_a_calendar_that_never_opens_promises_nothing() -> None:
    assert due_at(NEVER, Run(HOUR, 0, shanghai(2, 10))) is None


@pytest.mark.parametrize(
    ("run", "at", "used"),
    [
        (Run(HOUR, 0, shanghai(2, 10)), shanghai(2, 10, 30), 1800),
        (Run(HOUR, 60, shanghai(2, 17)), shanghai(3, 10), 60 + 2 * HOUR),
        (Run(HOUR, 60, shanghai(2, 10)), shanghai(2, 9), 60),
        (Run(HOUR, 60, None), shanghai(9, 10), 60),
        (Run(HOUR, 0, shanghai(7, 10)), shanghai(8, 10), 0),
    ],
)
def test_used(run: Run, at: datetime, used: int) -> None:
    assert used_at(OFFICE, run, at) == used


LONG_AGO = shanghai(1, 0) - timedelta(days=365)


def after(minutes: int, since: datetime = LONG_AGO) -> Step:
    return Step(1, "resolution", None, minutes, since)


def share(percent: int, since: datetime = LONG_AGO) -> Step:
    return Step(1, "resolution", percent, 0, since)


@pytest.mark.parametrize(
    ("breached", "left", "look"),
    [
        (False, [after(0), after(60)], shanghai(2, 17, 30)),
        (True, [after(60), after(0)], shanghai(2, 17, 30)),
        (True, [after(60), after(120)], shanghai(3, 9, 30)),
        (True, [], None),
        (False, [], shanghai(2, 17, 30)),
        (False, [share(50), share(80)], shanghai(2, 13, 30)),
        (False, [share(80), after(0)], shanghai(2, 15, 54)),
        (True, [share(80, since=shanghai(2, 16)), after(60)], shanghai(3, 9, 30)),
    ],
)
def test_next_look(breached: bool, left: list[Step], look: datetime | None) -> None:
    run = Run(8 * HOUR, 0, shanghai(2, 9, 30))
    assert next_check(OFFICE, run, shanghai(2, 17, 30), breached, left) == look


RUN = Run(10 * HOUR, 4 * HOUR, shanghai(2, 10))


@pytest.mark.parametrize(
    ("step", "at"),
    [
        (after(0), shanghai(2, 16)),
        (after(60), shanghai(2, 17)),
        (after(180), shanghai(3, 10)),
        (share(50), shanghai(2, 11)),
        (share(99), shanghai(2, 15, 54)),
        # Used up before it ran again: at once when it does.
        (share(40), shanghai(2, 10)),
        (share(10), shanghai(2, 10)),
        # Added when its moment had passed: never.
        (share(50, since=shanghai(2, 12)), None),
        (share(50, since=shanghai(2, 11)), shanghai(2, 11)),
    ],
)
def test_when_a_step_comes(step: Step, at: datetime | None) -> None:
    assert step_at(OFFICE, RUN, shanghai(2, 16), step) == at


def test_steps_count_working_minutes() -> None:
    run = Run(HOUR, 0, shanghai(6, 16, 30))
    assert step_at(OFFICE, run, shanghai(6, 17, 30), after(0)) == shanghai(6, 17, 30)
    assert step_at(OFFICE, run, shanghai(6, 17, 30), after(60)) == shanghai(9, 9, 30)


def test_a_share_is_used_up_to_the_second() -> None:
    """A third of ten seconds is used up after four, not after three."""
    assert step_at(OFFICE, Run(10, 0, shanghai(2, 10)), shanghai(2, 10, 0, 10), share(33)) == shanghai(
        2, 10, 0, 4
    )


def test_a_calendar_that_never_opens_has_no_steps() -> None:
    assert next_check(NEVER, Run(HOUR, 0, shanghai(2, 10)), None, False, [share(50)]) is None


MINUTES = st.integers(min_value=0, max_value=20 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


@given(start=MINUTES, pieces=st.lists(st.tuples(MINUTES, MINUTES), max_size=4), target=st.integers(1, 80))
def test_pauses_neither_give_nor_take(
    start: timedelta, pieces: list[tuple[timedelta, timedelta]], target: int
) -> None:
    """However a run is cut by pauses, the working time until it is due is what was promised."""
    at = shanghai(2, 0) + start
    run = Run(target * HOUR, 0, at)
    for runs_for, stands_for in pieces:
        stops = at + runs_for
        used = used_at(OFFICE, run, stops)
        if used >= run.target_seconds:
            break
        at = stops + stands_for
        run = Run(run.target_seconds, used, at)
    due = due_at(OFFICE, run)
    assert due is not None
    assert used_at(OFFICE, run, due) == run.target_seconds

"""Why a promise was broken: one cause for each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.times import shanghai
from tickets.choices import BreachCause
from tickets.rules.breaches import CAUSES, BreachFacts, cause_of

# A promise of ten hours, and somebody had it from the first minute.
START = shanghai(2, 8)
DUE = shanghai(2, 18)
PLAIN = BreachFacts(
    started_at=START,
    due_at=DUE,
    done_or_now=shanghai(2, 19),
    has_assignee=True,
    assigned_at=shanghai(2, 8, 1),
)
NOON = shanghai(2, 12)


def test_it_works() -> None:
    assert cause_of(PLAIN) == BreachCause.ANSWERED_LATE


@pytest.mark.parametrize(
    ("facts", "cause"),
    [
        (replace(PLAIN, has_assignee=False, assigned_at=None), BreachCause.NOBODY),
        (replace(PLAIN, moves=(NOON, NOON)), BreachCause.HANDED_AROUND),
        (replace(PLAIN, moves=(NOON,)), BreachCause.ANSWERED_LATE),
        # The last quarter begins at 15:30.
        (replace(PLAIN, moves=(shanghai(2, 15, 30),)), BreachCause.HANDED_AROUND),
        (replace(PLAIN, moves=(shanghai(2, 15, 29, 59),)), BreachCause.ANSWERED_LATE),
        (replace(PLAIN, held_share=0.51), BreachCause.THIRD_PARTY),
        (replace(PLAIN, held_share=0.5), BreachCause.ANSWERED_LATE),
        # It was done at 19:00.
        (replace(PLAIN, due_before_shortening=shanghai(2, 19)), BreachCause.SHORTENED),
        (replace(PLAIN, due_before_shortening=shanghai(2, 18, 59)), BreachCause.ANSWERED_LATE),
        # A change that gave more time breaks nothing.
        (replace(PLAIN, due_before_shortening=NOON, done_or_now=NOON), BreachCause.ANSWERED_LATE),
        # Asked at the moment of the breach: the promise as it was can still be kept.
        (replace(PLAIN, due_before_shortening=shanghai(3, 8), done_or_now=DUE), BreachCause.SHORTENED),
        (replace(PLAIN, is_reopened=True), BreachCause.REOPENED),
        # The last fifth begins at 16:00.
        (replace(PLAIN, assigned_at=shanghai(2, 16)), BreachCause.TAKEN_LATE),
        (replace(PLAIN, assigned_at=shanghai(2, 15, 59, 59)), BreachCause.ANSWERED_LATE),
        (replace(PLAIN, assigned_at=None), BreachCause.ANSWERED_LATE),
        # No time at all: the promise was broken when it was made.
        (replace(PLAIN, started_at=DUE, assigned_at=DUE), BreachCause.TAKEN_LATE),
    ],
)
def test_cases(facts: BreachFacts, cause: BreachCause) -> None:
    assert cause_of(facts) == cause


# Each makes one cause fit, and leaves the others as they are.
CHANGES = {
    BreachCause.NOBODY: {"has_assignee": False},
    BreachCause.HANDED_AROUND: {"moves": (NOON, NOON)},
    BreachCause.THIRD_PARTY: {"held_share": 0.9},
    BreachCause.SHORTENED: {"due_before_shortening": DUE + timedelta(days=1)},
    BreachCause.REOPENED: {"is_reopened": True},
    BreachCause.TAKEN_LATE: {"assigned_at": shanghai(2, 17)},
    BreachCause.ANSWERED_LATE: {},
}


@given(st.sets(st.sampled_from(list(CHANGES))))
def test_of_several_the_first_is_it(fitting: set[BreachCause]) -> None:
    facts = PLAIN
    for cause in fitting:
        facts = replace(facts, **CHANGES[cause])  # type: ignore[arg-type]
    in_order = [cause for cause in BreachCause if cause in fitting]
    assert cause_of(facts) == (in_order or [BreachCause.ANSWERED_LATE])[0]


def test_the_order_is_that_of_the_choices() -> None:
    assert [cause for cause, _fits in CAUSES] == list(BreachCause)

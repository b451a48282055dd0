"""Who may be given a case, and whose turn it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from accounts.choices import AssignmentMode
from tests.times import shanghai
from tickets.rules.assignment import Wanted, Worker, in_turn, may_be_given, needed_skill

ANN = Worker(
    person=1,
    name="Ann",
    is_on_duty=True,
    capacity=5,
    load=2,
    speaks=frozenset(),
    skills=frozenset(),
    brands=frozenset({1}),
    teams=frozenset({1}),
)
CASE = Wanted(brand=1, team=1, language="en", skill="")


@pytest.mark.parametrize(
    ("who", "case", "may"),
    [
        ({}, {}, True),
        ({"is_on_duty": False}, {}, False),
        ({"load": 5}, {}, False),
        ({"load": 9}, {}, False),
        ({"capacity": 0, "load": 0}, {}, False),
        ({"speaks": frozenset({"en"})}, {}, True),
        ({"speaks": frozenset({"zh-hans"})}, {}, False),
        ({}, {"skill": "cards"}, False),
        ({"skills": frozenset({"cards"})}, {"skill": "cards"}, True),
        ({}, {"brand": 2}, False),
        ({"brands": None}, {"brand": 2}, True),
        ({}, {"team": 2}, False),
        ({}, {"team": None}, True),
        ({"teams": None}, {"team": 2}, True),
    ],
)
def test_may_be_given(who: dict[str, Any], case: dict[str, Any], may: bool) -> None:
    assert may_be_given(replace(ANN, **who), replace(CASE, **case)) is may


def test_in_turn_goes_to_whoever_got_one_the_longest_ago() -> None:
    early, late, never = (
        replace(ANN, person=1, last_assigned_at=shanghai(2, 9)),
        replace(ANN, person=2, last_assigned_at=shanghai(2, 10), load=0),
        replace(ANN, person=3),
    )
    assert in_turn([late, early, never], AssignmentMode.ROUND_ROBIN) == [never, early, late]


def test_least_loaded_goes_to_the_most_room_and_ties_in_turn() -> None:
    room, tied, full = (
        replace(ANN, person=1, capacity=20, load=10, last_assigned_at=shanghai(2, 10)),
        replace(ANN, person=2, capacity=10, load=0, last_assigned_at=shanghai(2, 9)),
        replace(ANN, person=3, capacity=3, load=2),
    )
    assert in_turn([full, room, tied], AssignmentMode.LEAST_LOADED) == [tied, room, full]


@pytest.mark.parametrize(
    ("lineage", "skill"), [([], ""), (["", ""], ""), (["", "cards"], "cards"), (["a", "b"], "a")]
)
def test_needed_skill(lineage: list[str], skill: str) -> None:
    assert needed_skill(lineage) == skill

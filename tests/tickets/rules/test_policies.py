"""Which promises hold for a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.times import shanghai
from tickets.choices import Complaints, Counting, Priority, TimerKind
from tickets.rules.policies import (
    Case,
    Condition,
    Target,
    Terms,
    Verdict,
    answers,
    covers,
    fits,
    holding,
    leaves_none_out,
    misfit,
    never_reached,
    targets_for,
)

CASE = Case(
    brand=1,
    categories=frozenset({20, 2}),  # withdrawal failed, below withdrawal
    priority=Priority.NORMAL,
    channel="web",
    tier="standard",
    is_complaint=False,
    opened_at=shanghai(2, 10),
)
ANY = Terms(
    policy=1,
    name="Standard",
    is_statutory=False,
    valid_from=None,
    valid_until=None,
    brands=frozenset(),
    categories=frozenset(),
    priorities=frozenset(),
    channels=frozenset(),
    tiers=frozenset(),
    complaints=Complaints.ANY,
    calendar=None,
    pauses_on=("pending",),
    targets=(),
)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("conditions", "fit"),
    [
        ({}, True),
        ({"brands": frozenset({1, 3})}, True),
        ({"brands": frozenset({3})}, False),
        ({"categories": frozenset({20})}, True),
        ({"categories": frozenset({2})}, True),  # all below it too
        ({"categories": frozenset({21})}, False),
        ({"priorities": frozenset({Priority.NORMAL})}, True),
        ({"priorities": frozenset({Priority.URGENT})}, False),
        ({"channels": frozenset({"web", "chat"})}, True),
        ({"channels": frozenset({"phone"})}, False),
        ({"tiers": frozenset({"vip"})}, False),
        ({"tiers": frozenset({"vip", "standard"})}, True),
        ({"complaints": Complaints.ONLY}, False),
        ({"complaints": Complaints.NOT}, True),
        ({"valid_from": shanghai(2, 10)}, True),
        ({"valid_from": shanghai(2, 10) + MOMENT}, False),
        ({"valid_until": shanghai(2, 10)}, False),
        ({"valid_until": shanghai(2, 10) + MOMENT}, True),
        ({"brands": frozenset({1}), "channels": frozenset({"phone"})}, False),
    ],
)
def test_every_condition_must_fit(conditions: dict[str, object], fit: bool) -> None:
    assert fits(replace(ANY, **conditions), CASE) is fit  # type: ignore[arg-type]


def test_complaints_only() -> None:
    complaint = replace(CASE, is_complaint=True)
    assert fits(replace(ANY, complaints=Complaints.ONLY), complaint)
    assert not fits(replace(ANY, complaints=Complaints.NOT), complaint)
    assert fits(ANY, complaint)


def test_a_case_without_a_category_fits_no_condition_on_it() -> None:
    bare = replace(CASE, categories=frozenset())
    assert not fits(replace(ANY, categories=frozenset({2})), bare)
    assert fits(ANY, bare)


def test_the_first_ordinary_one_and_every_statute() -> None:
    other_brand = replace(ANY, policy=2, brands=frozenset({3}))
    money = replace(ANY, policy=3, categories=frozenset({2}))
    law, more_law = (replace(ANY, policy=pk, is_statutory=True) for pk in (4, 5))
    foreign_law = replace(ANY, policy=6, is_statutory=True, brands=frozenset({3}))
    found = holding([law, other_brand, money, foreign_law, ANY, more_law], CASE)
    assert [terms.policy for terms in found] == [3, 4, 5]


def test_nothing_holds() -> None:
    assert holding([], CASE) == []
    assert holding([replace(ANY, brands=frozenset({9}))], CASE) == []


def target(kind: TimerKind, priority: int | None, hours: int) -> Target:
    return Target(kind, priority, hours * 3600, Counting.WORKING)


def test_the_target_of_the_priority_goes_before_the_one_for_all() -> None:
    first, every, urgent = (
        target(TimerKind.FIRST_RESPONSE, None, 4),
        target(TimerKind.RESOLUTION, None, 24),
        target(TimerKind.RESOLUTION, Priority.URGENT, 8),
    )
    for order in ([first, every, urgent], [urgent, every, first]):
        terms = replace(ANY, targets=tuple(order))
        assert set(targets_for(terms, Priority.URGENT)) == {first, urgent}
        assert set(targets_for(terms, Priority.LOW)) == {first, every}


def test_a_kind_that_is_promised_for_another_priority_only_is_not_promised() -> None:
    terms = replace(ANY, targets=(target(TimerKind.RESOLUTION, Priority.URGENT, 8),))
    assert targets_for(terms, Priority.LOW) == []


@pytest.mark.parametrize(
    ("conditions", "why"),
    [
        ({}, None),
        ({"valid_from": shanghai(2, 11)}, Condition.VALID_FROM),
        ({"valid_until": shanghai(2, 10)}, Condition.VALID_UNTIL),
        ({"brands": frozenset({3})}, Condition.BRAND),
        ({"categories": frozenset({21})}, Condition.CATEGORY),
        ({"priorities": frozenset({Priority.URGENT})}, Condition.PRIORITY),
        ({"channels": frozenset({"phone"})}, Condition.CHANNEL),
        ({"tiers": frozenset({"vip"})}, Condition.TIER),
        ({"complaints": Complaints.ONLY}, Condition.COMPLAINT),
        # The first of several is told.
        ({"tiers": frozenset({"vip"}), "brands": frozenset({3})}, Condition.BRAND),
    ],
)
def test_the_first_condition_that_is_not_met_is_told(
    conditions: dict[str, Any], why: Condition | None
) -> None:
    assert misfit(replace(ANY, **conditions), CASE) == why


def test_each_policy_answers() -> None:
    law = replace(ANY, policy=1, is_statutory=True)
    other_brand = replace(ANY, policy=2, brands=frozenset({3}))
    first, later = replace(ANY, policy=3), replace(ANY, policy=4)
    foreign_law = replace(ANY, policy=5, is_statutory=True, brands=frozenset({3}))
    policies = [law, other_brand, first, later, foreign_law]
    found = answers(policies, CASE)
    assert [(answer.terms.policy, answer.verdict, answer.misfit) for answer in found] == [
        (1, Verdict.HOLDS, None),
        (2, Verdict.DOES_NOT_FIT, Condition.BRAND),
        (3, Verdict.HOLDS, None),
        (4, Verdict.TOO_LATE, None),
        (5, Verdict.DOES_NOT_FIT, Condition.BRAND),
    ]
    held = {answer.terms.policy for answer in found if answer.verdict == Verdict.HOLDS}
    assert held == {terms.policy for terms in holding(policies, CASE)}


@pytest.mark.parametrize(
    ("wide", "narrow", "covered"),
    [
        ({}, {}, True),
        ({}, {"brands": frozenset({1}), "complaints": Complaints.ONLY}, True),
        ({"brands": frozenset({1, 2})}, {"brands": frozenset({1})}, True),
        ({"brands": frozenset({1})}, {"brands": frozenset({1, 2})}, False),
        ({"brands": frozenset({1})}, {}, False),
        ({"complaints": Complaints.NOT}, {"complaints": Complaints.ONLY}, False),
        ({"complaints": Complaints.ONLY}, {}, False),
        ({"valid_from": shanghai(2, 9)}, {}, False),
        ({"valid_from": shanghai(2, 9)}, {"valid_from": shanghai(2, 9)}, True),
        ({"valid_until": shanghai(9, 9)}, {"valid_until": shanghai(8, 9)}, True),
        ({"valid_until": shanghai(9, 9)}, {"valid_until": shanghai(10, 9)}, False),
        ({"valid_until": shanghai(9, 9)}, {"valid_from": shanghai(9, 9)}, False),
    ],
)
def test_one_covers_another(wide: dict[str, Any], narrow: dict[str, Any], covered: bool) -> None:
    assert covers(replace(ANY, **wide), replace(ANY, **narrow)) is covered


def test_behind_one_without_conditions_nothing_is_reached_but_the_law() -> None:
    money = replace(ANY, policy=1, categories=frozenset({2}))
    everything = replace(ANY, policy=2)
    vip, law = replace(ANY, policy=3, tiers=frozenset({"vip"})), replace(ANY, policy=4, is_statutory=True)
    assert never_reached([money, everything, vip, law]) == [(vip, everything)]
    assert never_reached([vip, money, law, everything]) == []
    # Two versions follow each other in time: both are reached.
    old, new = replace(ANY, valid_until=shanghai(9, 0)), replace(ANY, policy=5, valid_from=shanghai(9, 0))
    assert never_reached([old, new]) == []


@pytest.mark.parametrize(
    ("conditions", "complete"),
    [
        ({}, True),
        ({"valid_from": shanghai(2, 10), "valid_until": shanghai(3, 10)}, True),
        ({"valid_from": shanghai(2, 11)}, False),
        ({"valid_until": shanghai(2, 10)}, False),
        ({"is_statutory": True}, False),
        ({"brands": frozenset({1})}, False),
        ({"complaints": Complaints.NOT}, False),
    ],
)
def test_some_policy_asks_nothing(conditions: dict[str, Any], complete: bool) -> None:
    assert leaves_none_out([replace(ANY, **conditions)], shanghai(2, 10)) is complete


def test_without_policies_cases_are_left_out() -> None:
    assert not leaves_none_out([], shanghai(2, 10))

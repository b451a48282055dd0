"""Routing rules: which fit, what they set, and which of two holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.choices import Priority
from tickets.rules.routing import (
    Condition,
    NewCase,
    Rule,
    Settings,
    Verdict,
    answers,
    decided,
    misfit,
    words_of,
)

CASE = NewCase(
    brand=1,
    categories=frozenset({20, 2}),  # withdrawal failed, below withdrawal
    channel="web",
    language="en",
    tier="standard",
    priority=Priority.NORMAL,
    sender="wang@mail.example.com",
    text="My withdrawal was refunded\n提现三天没有到账，我要找律师。",
)
ANY = Rule(rule=1, name="any")


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({}, None),
        ({"brands": frozenset({1, 2})}, None),
        ({"brands": frozenset({2})}, Condition.BRAND),
        ({"categories": frozenset({20})}, None),
        ({"categories": frozenset({2})}, None),  # those below too
        ({"categories": frozenset({200})}, Condition.CATEGORY),
        ({"channels": frozenset({"web"})}, None),
        ({"channels": frozenset({"email"})}, Condition.CHANNEL),
        ({"languages": frozenset({"zh-hans"})}, Condition.LANGUAGE),
        ({"tiers": frozenset({"vip"})}, Condition.TIER),
        ({"priorities": frozenset({40})}, Condition.PRIORITY),
        ({"senders": ("wang@mail.example.com",)}, None),
        ({"senders": ("@example.com",)}, None),  # and below it
        ({"senders": ("@ample.com",)}, Condition.SENDER),
        ({"senders": ("ng@mail.example.com",)}, Condition.SENDER),
        ({"words": ("律师",)}, None),
        ({"words": ("refund",)}, None),  # each form of the word
        ({"words": ("fund",)}, Condition.WORDS),  # and no part of one
        ({"words": ("withdrawal was refund",)}, None),
        ({"words": ("refund withdrawal",)}, Condition.WORDS),
        ({"words": ("nothing", "到账")}, None),
        ({"brands": frozenset({2}), "words": ("律师",)}, Condition.BRAND),
    ],
)
def test_conditions(asked: dict[str, Any], reason: Condition | None) -> None:
    assert misfit(replace(ANY, **asked), CASE) == reason


@pytest.mark.parametrize("typed", ["ＲＥＦＵＮＤ", "Re\u200bfund", "  refund  "])
def test_words_are_folded_as_the_search_folds_them(typed: str) -> None:
    assert words_of(typed) == ("refund",)
    assert misfit(replace(ANY, words=words_of(typed)), CASE) is None


def test_a_sender_whom_nobody_proved_is_none() -> None:
    assert misfit(replace(ANY, senders=("@example.com",)), replace(CASE, sender="")) == Condition.SENDER


def test_the_first_that_sets_a_thing_holds() -> None:
    rules = [
        Rule(1, "a", ends=False, team=7, tags=("x",)),
        Rule(2, "b", ends=False, team=8, priority=40, tags=("x", "y")),
        Rule(3, "c", ends=False, team=9),
        Rule(4, "d", policy=5),
        Rule(5, "e", policy=6, tags=("z",)),
    ]
    found = answers(rules, CASE)
    assert decided(found) == Settings(team=7, priority=40, policy=5, tags=("x", "y"))
    assert [answer.verdict for answer in found] == [
        Verdict.SETS,
        Verdict.SETS,
        Verdict.NOTHING_NEW,
        Verdict.SETS,
        Verdict.NOT_ASKED,
    ]
    assert found[1].sets == Settings(priority=40, tags=("y",))


def test_what_somebody_said_is_set_by_no_rule() -> None:
    found = answers([Rule(1, "a", priority=40, tags=("x",))], CASE, said=Settings(priority=10, tags=("x",)))
    assert found[0].verdict == Verdict.NOTHING_NEW


def test_conditions_ask_of_the_case_as_it_came() -> None:
    rules = [Rule(1, "a", ends=False, priority=40), Rule(2, "b", priorities=frozenset({40}), team=1)]
    assert decided(answers(rules, CASE)).team is None


some_rules = st.lists(
    st.builds(
        Rule,
        rule=st.integers(1, 99),
        name=st.just("x"),
        ends=st.booleans(),
        brands=st.frozensets(st.integers(1, 3), max_size=2),
        languages=st.frozensets(st.sampled_from(["en", "zh-hans"]), max_size=1),
        words=st.lists(st.sampled_from(["律师", "refund", "absent"]), max_size=2).map(tuple),
        team=st.none() | st.integers(1, 3),
        priority=st.none() | st.sampled_from(Priority.values),
        policy=st.none() | st.integers(1, 3),
        tags=st.lists(st.sampled_from("abc"), max_size=3).map(tuple),
    ),
    max_size=8,
)


@given(some_rules)
def test_properties(rules: list[Rule]) -> None:
    found = answers(rules, CASE)
    assert [answer.rule for answer in found] == rules
    sets = decided(found)
    fitting = [rule for rule in rules if misfit(rule, CASE) is None]
    end = next((place for place, rule in enumerate(fitting) if rule.ends), len(fitting))
    asked = fitting[: end + 1]
    # What holds is the first of those asked that says so; each thing is told by one rule alone.
    for name in ("team", "priority", "policy"):
        first = next((getattr(rule, name) for rule in asked if getattr(rule, name) is not None), None)
        assert getattr(sets, name) == first
        assert sum(getattr(answer.sets, name) is not None for answer in found) == (first is not None)
    assert set(sets.tags) == {tag for rule in asked for tag in rule.tags}
    told = [tag for answer in found for tag in answer.sets.tags]
    assert len(told) == len(set(told))
    # A rule that does not fit changes nothing.
    assert decided(answers([rule for rule in rules if rule in fitting], CASE)) == sets


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_survived(typed: str, said: str) -> None:
    rule = replace(ANY, words=words_of(typed))
    assert misfit(rule, replace(CASE, text=said)) in (None, Condition.WORDS)

from __future__ import annotations

import pytest

from tickets.rules.macros import BLANKS, Case, Conditions, fill, fits, unknown_blanks


def test_it_works() -> None:
    text = fill(
        "Dear {customer}, {number} {agent} {brand}", customer="Wang", number="1", agent="A", brand="B"
    )
    assert text == "Dear Wang, 1 A B"


@pytest.mark.parametrize("text", ["{other}", "{}", "{{", "{customer", "{customer.name}", "{0}", "{other|x}"])
def test_other_braces_stay(text: str) -> None:
    assert fill(text, customer="Wang") == text


def test_what_is_filled_in_is_not_read_again() -> None:
    assert fill("{customer}", customer="{agent}", agent="secret") == "{agent}"


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("Hello {customer|there}", "", "Hello there"),
        ("Hello {customer|there}", "Wang", "Hello Wang"),
        ("Hello {customer|}!", "", "Hello !"),
        ("{customer|您}您好", "", "您您好"),
        ("Hello {customer}", "", "Hello wang@example.com"),
    ],
)
def test_what_is_said_where_nothing_is_known(text: str, name: str, said: str) -> None:
    assert fill(text, {"customer": "wang@example.com"}, customer=name) == said


def test_an_empty_value_leaves_nothing_behind() -> None:
    assert fill("by {due}.", due="") == "by ."
    assert fill("by {due}.") == "by {due}."


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("".join(f"{{{blank}}}{{{blank}|x y}}" for blank in BLANKS), []),
        ("{costumer}, {costumer} {nmber|x}", ["costumer", "nmber"]),
        ("{客户}", ["客户"]),
        ("{} {0} { customer } {a.b}", []),
    ],
)
def test_misspelt_blanks_are_found(text: str, unknown: list[str]) -> None:
    assert unknown_blanks(text) == unknown


CASE = Case(brand=1, categories=frozenset({10, 11}), channel="web", status="open")


@pytest.mark.parametrize(
    ("wanted", "teams", "expected"),
    [
        (Conditions(), frozenset(), True),
        (Conditions(brand=1), frozenset(), True),
        (Conditions(brand=2), frozenset(), False),
        (Conditions(category=10), frozenset(), True),
        (Conditions(category=11), frozenset(), True),
        (Conditions(category=12), frozenset(), False),
        (Conditions(team=5), frozenset({5, 6}), True),
        (Conditions(team=5), frozenset({6}), False),
        (Conditions(team=5), frozenset(), False),
        (Conditions(team=5), None, True),
        (Conditions(channel="web"), frozenset(), True),
        (Conditions(channel="email"), frozenset(), False),
        (Conditions(statuses=["open", "new"]), frozenset(), True),
        (Conditions(statuses=["solved"]), frozenset(), False),
        (Conditions(1, 10, 5, "web", ["open"]), frozenset({5}), True),
        (Conditions(1, 10, 5, "web", ["new"]), frozenset({5}), False),
    ],
)
def test_for_which_cases(wanted: Conditions, teams: frozenset[int] | None, expected: bool) -> None:
    assert fits(wanted, CASE, teams=teams) is expected


def test_a_case_without_a_category_has_no_macros_of_one() -> None:
    case = Case(brand=1, categories=(), channel="web", status="open")
    assert not fits(Conditions(category=10), case, teams=None)

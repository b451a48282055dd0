from __future__ import annotations

import pytest

from tickets.models import Macro
from tickets.rules.macros import BLANKS, fill


def test_it_works() -> None:
    text = fill(
        "Dear {customer}, {number} {agent} {brand}", customer="Wang", number="1", agent="A", brand="B"
    )
    assert text == "Dear Wang, 1 A B"


@pytest.mark.parametrize("text", ["{other}", "{}", "{{", "{customer", "{customer.name}", "{0}"])
def test_other_braces_stay(text: str) -> None:
    assert fill(text, customer="Wang") == text


def test_what_is_filled_in_is_not_read_again() -> None:
    assert fill("{customer}", customer="{agent}", agent="secret") == "{agent}"


def test_the_blanks_are_those_that_the_model_promises() -> None:
    assert all(f"{{{blank}}}" in str(Macro.__doc__) for blank in BLANKS)

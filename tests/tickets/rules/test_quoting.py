"""Which lines of a message are quoted, and when it is folded."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.rules.quoting import BEGINNING, MOST_CHARACTERS, MOST_LINES, Part, is_long, parts


def kinds(text: str) -> list[tuple[str, bool]]:
    return [(part.text, part.is_quoted) for part in parts(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Hello", [("Hello", False)]),
        ("> said\n> before", [("> said\n> before", True)]),
        ("> said\nanswer\n> more", [("> said\n", True), ("answer\n", False), ("> more", True)]),
        (">> twice\n> once\n\nown", [(">> twice\n> once\n", True), ("\nown", False)]),
        ("  >indented\n", [("  >indented\n", True)]),
        ("＞ 全角\n好的", [("＞ 全角\n", True), ("好的", False)]),
        # More than, not said before; two such lines are a quotation all the same.
        ("fee:\n>5 USDT\nreally", [("fee:\n>5 USDT\nreally", False)]),
        (">= 100", [(">= 100", False)]),
        ("> 5 of them came\n> 6 did not", [("> 5 of them came\n> 6 did not", True)]),
        # Within a line it is no mark.
        ("a > b\n-> c", [("a > b\n-> c", False)]),
        ("    > code", [("    > code", False)]),
        ("```\n> prompt\n```\n> said", [("```\n> prompt\n```\n", False), ("> said", True)]),
        ("a\r\n> b\r\nc", [("a\r\n", False), ("> b\r\n", True), ("c", False)]),
    ],
)
def test_parts(text: str, expected: list[tuple[str, bool]]) -> None:
    assert kinds(text) == expected


@given(st.text(alphabet=st.sampled_from(list(">＞ `\n\r5=ab字")), max_size=120))
def test_nothing_is_lost_and_kinds_take_turns(text: str) -> None:
    found = parts(text)
    assert "".join(part.text for part in found) == text
    assert all(one.is_quoted != two.is_quoted for one, two in pairwise(found))
    assert all(part.text for part in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("> said  before", "said before"),
        (">> a\n>  b\n>\n> c", "a b c"),
        ("> " + "x" * 200, "x" * BEGINNING + "…"),
        (">\n>\n", ""),
    ],
)
def test_the_beginning(text: str, expected: str) -> None:
    assert Part(text, is_quoted=True).beginning == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n".join(["x"] * MOST_LINES), False),
        ("\n".join(["x"] * (MOST_LINES + 1)), True),
        ("字" * MOST_CHARACTERS, False),
        ("字" * (MOST_CHARACTERS + 1), True),
        # What is quoted is folded anyway.
        ("short\n" + "> quoted\n" * 500, False),
    ],
)
def test_long(text: str, expected: bool) -> None:
    assert is_long(parts(text)) is expected

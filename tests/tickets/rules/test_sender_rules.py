"""Which rule an address falls under."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.rules.sender_rules import (
    Rule,
    candidates,
    covers,
    is_domain,
    normal_address,
    normal_pattern,
    shown,
    verdict_for,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("name@example.com", "name@example.com"),
        (" <Name@EXAMPLE.Com.> ", "name@example.com"),
        ("mailto:name@example.com", "name@example.com"),
        ("@Example.com", "@example.com"),
        ("example.com", "@example.com"),
        ("@Bücher.example", "@xn--bcher-kva.example"),
        ("@XN--BCHER-KVA.example", "@xn--bcher-kva.example"),
        ("客服@例子.中国", "客服@xn--fsqu00a.xn--fiqs8s"),
        ("ｎａｍｅ＠ｅｘａｍｐｌｅ．ｃｏｍ", "name@example.com"),
        ("a@例子。中国", "a@xn--fsqu00a.xn--fiqs8s"),
    ],
)
def test_one_spelling(typed: str, kept: str) -> None:
    assert normal_pattern(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "@", "name", "@com", "a b@example.com", "a@b@example.com", "name@", "name@example", "@exa mple.com",
        "@.com", "@-x.com", "@example..com", "a,b@example.com", "x" * 65 + "@example.com", "@" + "a" * 300 + ".com",
        "@" + "ü" * 64 + ".com", "a@[127.0.0.1]", "\x00@example.com",
    ],
)  # fmt: skip
def test_nonsense(typed: str) -> None:
    with pytest.raises(ValueError, match="neither"):
        normal_pattern(typed)
    assert normal_address(typed) == ""


def test_what_would_fit() -> None:
    assert candidates("Shop+News@mail.Example.com") == [
        "shop+news@mail.example.com",
        "shop@mail.example.com",
        "@mail.example.com",
        "@example.com",
    ]
    assert candidates("no address") == []
    assert candidates("@example.com") == []


def own(pattern: str, verdict: str) -> Rule:
    return Rule(pattern, verdict, is_own=True)


def every(pattern: str, verdict: str) -> Rule:
    return Rule(pattern, verdict, is_own=False)


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        ([], None),
        ([own("@other.com", "block")], None),
        ([own("b@mail.example.com", "block")], None),
        ([own("@ample.com", "block")], None),
        ([own("@example.com", "block")], "block"),
        ([own("@example.com", "block"), own("@mail.example.com", "allow")], "allow"),
        ([own("@mail.example.com", "allow"), own("a@mail.example.com", "block")], "block"),
        ([own("a@mail.example.com", "block"), own("a+x@mail.example.com", "allow")], "allow"),
        ([every("@example.com", "block"), own("@example.com", "allow")], "allow"),
        ([own("@example.com", "block"), every("@example.com", "allow")], "block"),
        ([own("@example.com", "block"), every("a@mail.example.com", "allow")], "allow"),
    ],
)
def test_the_longest_decides_then_the_brand(rules: list[Rule], verdict: str | None) -> None:
    assert verdict_for("A+x@mail.example.com", rules) == verdict
    assert verdict_for("A+x@mail.example.com", rules[::-1]) == verdict


def test_a_rule_for_a_tag_is_for_that_tag() -> None:
    assert verdict_for("a@example.com", [own("a+x@example.com", "block")]) is None
    assert covers("a@example.com", "a+x@example.com")
    assert not covers("a+x@example.com", "a@example.com")


def test_both_spellings_of_a_domain() -> None:
    rules = [own(normal_pattern("@bücher.example"), "block")]
    assert verdict_for("x@xn--bcher-kva.example", rules) == "block"
    assert verdict_for("x@Bücher.example", rules) == "block"
    assert shown(rules[0].pattern) == "@bücher.example"
    assert shown("@xn--99999999999.example") == "@xn--99999999999.example"


@given(st.text(max_size=400))
def test_anything_may_be_typed(text: str) -> None:
    try:
        pattern = normal_pattern(text)
    except ValueError:
        return
    assert normal_pattern(pattern) == pattern
    assert is_domain(pattern) or candidates(pattern)[0] == pattern
    assert isinstance(shown(pattern), str)

"""Which answers are good, and in which form they are kept."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.lib.errors import Invalid
from tickets.choices import FieldKind as Kind
from tickets.rules.forms import FieldSpec, check_answers

MONEY = ("CNY", "USD")


def answer(kind: Kind, value: Any, **spec: Any) -> Any:
    return check_answers([FieldSpec(key="it", kind=kind, **spec)], {"it": value}).get("it")


GOOD: list[tuple[Kind, dict[str, Any], Any, Any]] = [
    (Kind.TEXT, {}, " hello ", "hello"),
    (Kind.TEXT, {}, 42, "42"),
    (Kind.TEXT, {"max_length": 5}, "提现失败了", "提现失败了"),
    (Kind.TEXT, {"pattern": r"[A-Z]{2}\d+"}, "AB12", "AB12"),
    (Kind.LONG_TEXT, {"max_length": 2000}, "a\nb", "a\nb"),
    (
        Kind.AMOUNT,
        {"options": MONEY},
        {"amount": "500", "currency": "USD"},
        {"amount": "500", "currency": "USD"},
    ),
    (
        Kind.AMOUNT,
        {"options": MONEY},
        {"amount": "1,234,567.89"},
        {"amount": "1234567.89", "currency": "CNY"},
    ),
    (Kind.AMOUNT, {"options": MONEY}, "￥１，２００．５０", {"amount": "1200.50", "currency": "CNY"}),
    (
        Kind.AMOUNT,
        {"options": MONEY},
        {"amount": " $ 12 ", "currency": "usd"},
        {"amount": "12", "currency": "USD"},
    ),
    (
        Kind.AMOUNT,
        {},
        {"amount": "0.00000001", "currency": "BTC"},
        {"amount": "0.00000001", "currency": "BTC"},
    ),
    (Kind.AMOUNT, {"options": MONEY}, 12.5, {"amount": "12.5", "currency": "CNY"}),
    (Kind.DATETIME, {}, "2026-03-02 10:30", "2026-03-02T02:30:00+00:00"),
    (Kind.DATETIME, {}, "2026-03-02T10:30:00Z", "2026-03-02T10:30:00+00:00"),
    (Kind.DATETIME, {}, "2026-03-02T10:30+02:00", "2026-03-02T08:30:00+00:00"),
    (Kind.DATETIME, {}, datetime(2026, 3, 2, tzinfo=UTC), "2026-03-02T00:00:00+00:00"),
    (Kind.DATE, {}, "2026-03-02", "2026-03-02"),
    (Kind.DATE, {}, date(2026, 3, 2), "2026-03-02"),
    (Kind.CHOICE, {"options": ("bank", "wallet")}, "bank", "bank"),
    (Kind.LAST4, {}, " 12-34 ", "1234"),
    (Kind.LAST4, {}, "１２３４", "1234"),
    (Kind.LAST4, {}, "0042", "0042"),
    (Kind.TRANSACTION, {}, " TX-2026.03/02_7 ", "TX-2026.03/02_7"),
    (Kind.PHONE_OR_EMAIL, {}, "13800138000", "+8613800138000"),
    (Kind.PHONE_OR_EMAIL, {}, "+44 20 7946 0958", "+442079460958"),
    (Kind.PHONE_OR_EMAIL, {}, " Wang@Example.COM ", "wang@example.com"),
    (Kind.YES_NO, {}, True, True),
    (Kind.YES_NO, {}, False, False),
    (Kind.YES_NO, {}, "No", False),
    (Kind.YES_NO, {}, "1", True),
]

BAD: list[tuple[Kind, dict[str, Any], Any]] = [
    (Kind.TEXT, {"max_length": 5}, "toolong"),
    (Kind.TEXT, {"pattern": r"\d+"}, "12a"),
    (Kind.TEXT, {}, ["a", "list"]),
    (Kind.TEXT, {}, {"a": "mapping"}),
    (Kind.AMOUNT, {"options": MONEY}, "much"),
    (Kind.AMOUNT, {"options": MONEY}, "0"),
    (Kind.AMOUNT, {"options": MONEY}, "-5"),
    (Kind.AMOUNT, {"options": MONEY}, "NaN"),
    (Kind.AMOUNT, {"options": MONEY}, "Infinity"),
    (Kind.AMOUNT, {"options": MONEY}, "1e3"),
    (Kind.AMOUNT, {"options": MONEY}, "1e999999999"),
    (Kind.AMOUNT, {"options": MONEY}, "1_000"),
    (Kind.AMOUNT, {"options": MONEY}, "12,5"),
    (Kind.AMOUNT, {"options": MONEY}, "1.234,56"),
    (Kind.AMOUNT, {"options": MONEY}, "9" * 16),
    (Kind.AMOUNT, {"options": MONEY}, {"amount": "5", "currency": "GBP"}),
    (Kind.AMOUNT, {"options": MONEY}, {"amount": ["5"]}),
    (Kind.DATETIME, {}, "yesterday"),
    (Kind.DATETIME, {}, "2026-02-30 10:00"),
    (Kind.DATETIME, {}, "0001-01-01 00:00"),
    (Kind.DATETIME, {}, "9999-12-31T23:59:59-12:00"),
    (Kind.DATETIME, {}, ["2026-03-02"]),
    (Kind.DATE, {}, "2026-13-01"),
    (Kind.DATE, {}, "02.03.2026"),
    (Kind.CHOICE, {"options": ("bank", "wallet")}, "cash"),
    (Kind.CHOICE, {"options": ("bank", "wallet")}, ["bank"]),
    (Kind.LAST4, {}, "12345"),
    (Kind.LAST4, {}, "6222021234567890"),
    (Kind.LAST4, {}, "12a4"),
    (Kind.TRANSACTION, {}, "abc"),
    (Kind.TRANSACTION, {}, "<script>"),
    (Kind.TRANSACTION, {"max_length": 8}, "123456789"),
    (Kind.PHONE_OR_EMAIL, {}, "wang@"),
    (Kind.PHONE_OR_EMAIL, {}, "a b@example.com"),
    (Kind.PHONE_OR_EMAIL, {}, "12"),
    (Kind.PHONE_OR_EMAIL, {}, "x" * 300 + "@example.com"),
    (Kind.YES_NO, {}, "maybe"),
    (Kind.YES_NO, {}, [True]),
]


@pytest.mark.parametrize(("kind", "spec", "value", "kept"), GOOD)
def test_good(kind: Kind, spec: dict[str, Any], value: Any, kept: Any) -> None:
    assert answer(kind, value, **spec) == kept


@pytest.mark.parametrize(("kind", "spec", "value", "kept"), GOOD)
def test_what_is_kept_is_good_again(kind: Kind, spec: dict[str, Any], value: Any, kept: Any) -> None:
    assert answer(kind, kept, **spec) == kept


@pytest.mark.parametrize(("kind", "spec", "value"), BAD)
def test_bad(kind: Kind, spec: dict[str, Any], value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        answer(kind, value, **spec)
    assert list(refused.value.fields) == ["it"]
    assert str(refused.value.fields["it"])


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("nothing", [None, "", "  ", "\n"])
def test_nothing(kind: Kind, nothing: Any) -> None:
    assert answer(kind, nothing, required=False, options=("a",)) is None
    with pytest.raises(Invalid):
        answer(kind, nothing, required=True, options=("a",))


def test_an_amount_without_digits_is_nothing() -> None:
    assert answer(Kind.AMOUNT, {"amount": "", "currency": "CNY"}, required=False) is None


def test_every_field_that_is_wrong_is_named_at_once() -> None:
    specs = [
        FieldSpec("a", Kind.TEXT),
        FieldSpec("b", Kind.LAST4),
        FieldSpec("c", Kind.TEXT),
        FieldSpec("d", Kind.DATE),
    ]
    with pytest.raises(Invalid) as refused:
        check_answers(specs, {"b": "12345", "c": "fine", "d": "never"})
    assert set(refused.value.fields) == {"a", "b", "d"}


def test_what_was_not_asked_is_not_kept() -> None:
    specs = [FieldSpec("a", Kind.TEXT)]
    assert check_answers(specs, {"a": "x", "password": "secret"}) == {"a": "x"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(
    kind=st.sampled_from(list(Kind)), value=JSON | st.fixed_dictionaries({"amount": JSON, "currency": JSON})
)
def test_whatever_comes_is_kept_or_refused(kind: Kind, value: Any) -> None:
    """An API client may send any JSON: it is never an error of ours."""
    with contextlib.suppress(Invalid):
        answer(kind, value, options=("CNY",))

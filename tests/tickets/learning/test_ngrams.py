from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.learning.ngrams import COLUMNS, MOST_LETTERS, counted, folded, grams


def test_it_works() -> None:
    found = set(grams(folded("Top-up failed 充值失败")))
    assert {"wtop", "wtop up failed", "l failed"[:6], "c充", "c充值", "c值失败"} <= found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("儲值沒到帳", "储值没到帐"[:4] + "账"),
        ("I paid 500", "i PAID 1,200.50"),
        ("ＴＯＰ　ＵＰ", "top up"),
        ("see https://a.test/x?y=1", "see www.other.test"),
        ("write to a@b.test", "write to someone.else@example.com"),
        ("can’t log in", "can't log in"),
    ],
)
def test_what_says_the_same_is_the_same(one: str, other: str) -> None:
    assert set(grams(folded(one))) == set(grams(folded(other)))


def test_words_and_characters_are_told_apart() -> None:
    assert not set(grams("ab")) & set(grams("充值"))
    assert "wpay now" not in set(grams(folded("pay 充值 now"))), "a run of words does not reach over Chinese"


def test_a_long_text_is_cut() -> None:
    assert len(folded("x" * 10_000_000)) == MOST_LETTERS
    assert counted("提现 " * 100_000) == counted("提现 " * 200_000)


@given(st.text())
def test_any_text_has_columns(text: str) -> None:
    found = counted(text)
    assert all(0 <= column < COLUMNS and count >= 1 for column, count in found.items())

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tickets.rules.intake import clean_line
from tickets.rules.mail_subjects import is_forward, plain_subject
from tickets.rules.numbers import display, new_number

NUMBER = display(new_number(lambda _below: 7))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("提现没有到账", "提现没有到账"),
        ("Re: withdrawal", "withdrawal"),
        ("RE: AW: Fwd: withdrawal", "withdrawal"),
        ("Re[3]: withdrawal", "withdrawal"),
        ("回复：提现", "提现"),
        ("答复: 转发：提现", "提现"),
        ("返信: 出金", "出金"),
        (f"Re: [{NUMBER}] Re: withdrawal", "withdrawal"),
        ("[URGENT] withdrawal", "[URGENT] withdrawal"),
        ("Re", "Re"),
        ("Refund: when?", "Refund: when?"),
        ("R:", ""),
        ("", ""),
        ("Re: " * 50 + "x", "Re: " * 30 + "x"),
    ],
)
def test_prefixes_go_words_stay(written: str, expected: str) -> None:
    assert plain_subject(written) == expected


@given(
    some.lists(some.sampled_from(["Re: ", "回复：", "Fwd:", f"[{NUMBER}] ", "AW: "]), max_size=10),
    some.text("ab 提现", max_size=30),
)
def test_whatever_stands_before_it_the_rest_is_the_subject(prefixes: list[str], subject: str) -> None:
    assert plain_subject("".join(prefixes) + subject) == clean_line(subject)


@pytest.mark.parametrize("subject", ["Fwd: x", "FW: x", "转发：提现", "WG: x", " Tr : x"])
def test_a_forward(subject: str) -> None:
    assert is_forward(subject)


@pytest.mark.parametrize("subject", ["Re: Fwd: x", "forward: march", "Transfer: x", ""])
def test_none(subject: str) -> None:
    assert not is_forward(subject)

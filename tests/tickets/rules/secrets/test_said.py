"""Secrets that only the words around them tell: codes, passwords, raw keys. And talk about them, which tells none."""

from __future__ import annotations

import pytest

from tests.tickets.rules.secrets import said
from tickets.rules.secrets import Certainty, Kind, find, redact

TOLD = [
    (kind, *each)
    for kind, text in (
        (Kind.ONE_TIME_CODE, said.CODES),
        (Kind.PASSWORD, said.PASSWORDS),
        (Kind.CARD_CODE, said.CARD_CODES),
        (Kind.CARD, said.CARDS),
        (Kind.IDENTITY, said.IDENTITIES),
        (Kind.PRIVATE_KEY, said.KEYS),
    )
    for each in said.marked(text)
]


@pytest.mark.parametrize(("kind", "text", "start", "end"), TOLD, ids=[each[1] for each in TOLD])
def test_what_is_told_is_found(kind: Kind, text: str, start: int, end: int) -> None:
    [found] = find(text)
    # A card's code and a one-time code may bear the same name; either way it goes.
    codes = {Kind.ONE_TIME_CODE, Kind.CARD_CODE, Kind.PASSWORD}
    assert found.kind == kind or {found.kind, kind} <= codes
    assert (text[found.start : found.end], found.certainty) == (text[start:end], Certainty.CERTAIN)
    assert text[start:end] not in redact(text)


@pytest.mark.parametrize("text", said.plain(said.NOTHING))
def test_what_is_only_talked_about_stays(text: str) -> None:
    assert [found for found in find(text) if found.certainty == Certainty.CERTAIN] == []
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "I forgot my password\notherwise all is well on Android14",
        "Forgot password\n20261125",
        "Forgot password\nTX20260331 failed",
        "Reset password\nwang88@example.com",
        "Login password\n0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "Wallet password\nforgotten",
    ],
)
def test_a_line_below_that_looks_like_none_stays(text: str) -> None:
    assert redact(text) == text


def test_a_word_may_be_a_password() -> None:
    [found] = find("My password is sunshine.")
    assert (found.kind, found.certainty) == (Kind.PASSWORD, Certainty.LIKELY)
    assert redact("My password is sunshine.") == "My password is sunshine."
    assert "sunshine" not in redact("My password is sunshine.", least=Certainty.LIKELY)

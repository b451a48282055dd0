"""What a wallet core says is believed for this act and this content alone, and only its known words are kept."""

from __future__ import annotations

from typing import Any

import pytest

from tickets.choices import WalletWord
from tickets.gateways.wallet_core import words

SAID = {"act": "k", "content_hash": "h", "state": "done", "code": "", "reference": "R-1"}


def read(**changed: Any) -> Any:
    return words.answer_of({**SAID, **changed}, key="k", content_hash="h")


def test_it_works() -> None:
    answer = read(secret="no matter")
    assert (answer.word, answer.reference, "secret" in answer.raw) == (WalletWord.DONE, "R-1", False)
    assert read(state="unknown", content_hash=None).word == WalletWord.UNHEARD


@pytest.mark.parametrize(
    "changed",
    [
        {"act": "l"},
        {"act": None},
        {"content_hash": "g"},
        {"content_hash": 1},
        {"state": "fine"},
        {"state": None},
    ],
)
def test_about_something_else(changed: dict[str, Any]) -> None:
    with pytest.raises(words.Nonsense):
        read(**changed)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff"])
def test_no_answer_at_all(body: bytes) -> None:
    with pytest.raises(words.Nonsense):
        words.read(body)


def test_codes_are_codes() -> None:
    assert (read(code="<b>").code, read(code="a_b1").code, read(reference="x y").reference) == (
        "",
        "a_b1",
        "",
    )

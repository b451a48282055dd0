"""Reading what the wallet core says: in an answer, and in a call back."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

from tickets.choices import WalletWord
from tickets.gateways.wallet_core import Answer

#: By machines for machines; what does not look like it is dropped, not shown.
_CODE = re.compile(r"[a-z0-9_]{1,64}")
_REFERENCE = re.compile(r"[A-Za-z0-9._:\-]{1,64}")
#: Kept with the act; anything else the core says is not ours to keep.
_KEPT = ("act", "content_hash", "state", "code", "reference", "at")


class Nonsense(Exception):
    """Signed, and yet not an answer to this. The text says why, for the log."""


def read(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except ValueError as problem:
        raise Nonsense("it is no JSON") from problem
    if not isinstance(said, Mapping):
        raise Nonsense("it is no JSON object")
    return said


def answer_of(said: Mapping[str, Any], *, key: str, content_hash: str) -> Answer:
    """Raises Nonsense where it speaks of another act, or of other content than was approved."""
    if not _same(said.get("act"), key):
        raise Nonsense("it is about another act")
    try:
        word = WalletWord(str(said.get("state")))
    except ValueError as problem:
        raise Nonsense("it says no known state") from problem
    if word != WalletWord.UNHEARD and not _same(said.get("content_hash"), content_hash):
        raise Nonsense("it is about other content than was approved")
    return Answer(
        word,
        code=_fitting(_CODE, said.get("code")),
        reference=_fitting(_REFERENCE, said.get("reference")),
        raw={name: str(said[name])[:200] for name in _KEPT if name in said},
    )


def _same(said: Any, expected: str) -> bool:
    return isinstance(said, str) and hmac.compare_digest(said.encode(), expected.encode())


def _fitting(pattern: re.Pattern[str], said: Any) -> str:
    return said if isinstance(said, str) and pattern.fullmatch(said) else ""

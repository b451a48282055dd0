"""Codes by which a customer finds out whether a mail or a call is really ours: how they look, what they hold.

A mail's code is not kept: it holds the mail's number, hidden, and a tag over that number and the address it went to
(a synthetic-IV construction, as in ``helpdesk.lib.signing``, made short enough to be typed). So a code that a fraudster
got in a mail of their own is worth nothing to anybody else. A call's code is eight digits, easy to say and hear in
every language; of it the table keeps a keyed digest.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from enum import Enum

from tickets.rules.numbers import ALPHABET

LENGTH, GROUP = 12, 4
NUMBER_BITS, TAG_BITS = 30, 21
CALL_DIGITS = 8
CALL_LASTS = timedelta(minutes=30)
#: So many calls may an agent announce in an hour.
CALLS_PER_HOUR = 30


class Verdict(Enum):
    OURS = "ours"
    #: A call's code that was asked for already: somebody may be repeating what they overheard.
    ASKED_BEFORE = "asked_before"
    RUN_OUT = "run_out"
    NOT_OURS = "not_ours"


def mail_code(key: bytes, number: int, address: str) -> str:
    """``4H7Q-X92C-PFGH`` for the mail with this number to this address; "" where the number is beyond what fits."""
    if not 0 < number < 2**NUMBER_BITS:
        return ""
    tag = _tag(key, number, address)
    value = (tag << NUMBER_BITS) | (number ^ _mask(key, tag))
    letters = ""
    for _place in range(LENGTH):
        value, digit = divmod(value, len(ALPHABET))
        letters = ALPHABET[digit] + letters
    return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def mail_number(key: bytes, code: str, address: str) -> int | None:
    """The mail that a code names, if it went to this address; None for any other code."""
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return None
    value = 0
    for letter in code:
        value = value * len(ALPHABET) + ALPHABET.index(letter)
    tag, hidden = value >> NUMBER_BITS, value & (2**NUMBER_BITS - 1)
    if tag >= 2**TAG_BITS:
        return None
    number = hidden ^ _mask(key, tag)
    fits = hmac.compare_digest(tag.to_bytes(4), _tag(key, number, address).to_bytes(4))
    return number if fits and number > 0 else None


def _tag(key: bytes, number: int, address: str) -> int:
    return _digest(key, b"tag" + number.to_bytes(8) + address.encode()) % (1 << TAG_BITS)


def _mask(key: bytes, tag: int) -> int:
    return _digest(key, b"mask" + tag.to_bytes(4)) % (1 << NUMBER_BITS)


def _digest(key: bytes, said: bytes) -> int:
    return int.from_bytes(hmac.new(key, said, hashlib.sha256).digest()[:4])


def call_code(key: bytes, nonce: str) -> str:
    """Eight digits, as they are read out: ``4711 0815``."""
    digest = hmac.new(key, b"call" + nonce.encode(), hashlib.sha256).digest()
    digits = f"{int.from_bytes(digest[:8]) % 10**CALL_DIGITS:0{CALL_DIGITS}}"
    return f"{digits[:4]} {digits[4:]}"

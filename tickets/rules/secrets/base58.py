"""Base58Check, as addresses and keys of Bitcoin and its kin are written: the last four bytes check the others.

Source: https://en.bitcoin.it/wiki/Base58Check_encoding
"""

from __future__ import annotations

import hashlib

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}


def decode_checked(text: str) -> bytes | None:
    """The bytes without their check; None where it is wrong. For texts of up to some hundred characters."""
    value = 0
    for character in text:
        digit = _VALUES.get(character)
        if digit is None:
            return None
        value = value * 58 + digit
    zeros = len(text) - len(text.lstrip("1"))
    raw = b"\x00" * zeros + value.to_bytes((value.bit_length() + 7) // 8, "big")
    payload, check = raw[:-4], raw[-4:]
    twice = hashlib.sha256(hashlib.sha256(payload).digest()).digest()
    return payload if len(raw) > 4 and twice[:4] == check else None

"""The word lists of BIP-39 and its checksum.

A phrase of 12, 15, 18, 21 or 24 words carries 11 bits a word; the last 4 to 8 of them are the first bits of the
SHA-256 of the others. By chance one sequence in 16 (12 words) to 256 (24 words) is right.

Both Chinese lists are in the same order, and a character that is in both has one place: they are read as one.
Source: https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from mnemonic import Mnemonic

LENGTHS = (24, 21, 18, 15, 12)
SHORTEST = 12
BITS = 11

ENGLISH = {word: place for place, word in enumerate(Mnemonic("english").wordlist)}
#: No two words begin with the same four letters; many write no more of them down.
STEMS = {word[:4]: place for word, place in ENGLISH.items() if len(word) > 4}
CHINESE = {
    character: place
    for name in ("chinese_traditional", "chinese_simplified")
    for place, character in enumerate(Mnemonic(name).wordlist)
}


def valid_windows(words: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Every (start, end) in a sequence of places in a list whose checksum is right; one pass for each
    length."""
    for length in LENGTHS:
        if len(words) < length:
            continue
        mask = (1 << (length * BITS)) - 1
        value = 0
        for end, word in enumerate(words, 1):
            value = (value << BITS | word) & mask
            if end >= length and _holds(value, length):
                yield end - length, end


def holds(words: Sequence[int]) -> bool:
    """Whether these are a whole phrase."""
    if len(words) not in LENGTHS or -1 in words:
        return False
    value = 0
    for word in words:
        value = value << BITS | word
    return _holds(value, len(words))


def _holds(value: int, length: int) -> bool:
    bits = length * BITS // 33
    entropy = value >> bits
    digest = hashlib.sha256(entropy.to_bytes(bits * 4, "big")).digest()[0]
    return digest >> (8 - bits) == value & ((1 << bits) - 1)

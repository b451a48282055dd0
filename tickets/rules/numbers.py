"""The number by which customers and agents name a ticket: eight random characters and a check character.

It says nothing about how many tickets there are, and cannot be guessed by counting up. The alphabet has no vowels
(no words appear by accident) and of the look-alikes 0/O, 1/I/L, 8/B, 5/S, 2/Z, U/V at most one each.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable, Iterator

from stdnum import luhn

ALPHABET = "23456789CFGHJMPQRVWX"
RANDOM_LENGTH = 8
LENGTH = RANDOM_LENGTH + 1

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_TO_PLAIN_DASH = str.maketrans(_DASHES, "-" * len(_DASHES))
_GROUP = f"[{ALPHABET}]{{3}}"
# ASCII on purpose: Chinese characters stand next to a number without a space. Without dashes a number counts only
# where it is marked as one: of nine-digit amounts and phone numbers, one in twenty would pass the check.
_WRITTEN = re.compile(
    rf"(?<![\w-]){_GROUP}-{_GROUP}-{_GROUP}(?![\w-])"
    rf"|(?<=\[)\#?[{ALPHABET}]{{{LENGTH}}}(?=\])"
    rf"|(?<!\w)\#[{ALPHABET}]{{{LENGTH}}}(?![\w-])",
    re.ASCII,
)
# However it is written: as in an address (MGFF5M46X), in groups, in a Chinese sentence. What stands in a longer word is
# none. Many of these are amounts or phone numbers: only who looks them up may read numbers so.
_SEPARATOR = r"[\s\-._·]{0,2}"
_POSSIBLE = re.compile(
    rf"(?<![A-Z0-9])(?=({_GROUP}{_SEPARATOR}{_GROUP}{_SEPARATOR}{_GROUP})(?![A-Z0-9]))",
    re.ASCII | re.IGNORECASE,
)
_SEPARATORS = re.compile(_SEPARATOR, re.ASCII)


def new_number(randbelow: Callable[[int], int] = secrets.randbelow) -> str:
    """A fresh number as it is stored, without dashes. The caller sees to it that it is not taken."""
    body = "".join(ALPHABET[randbelow(len(ALPHABET))] for _ in range(RANDOM_LENGTH))
    return body + luhn.calc_check_digit(body, alphabet=ALPHABET)


def display(number: str) -> str:
    """``4H7QX92CP`` as people read it: ``4H7-QX9-2CP``."""
    return "-".join(number[i : i + 3] for i in range(0, len(number), 3))


def parse(text: str) -> str | None:
    """The stored form of what somebody typed; None when it cannot be a number (the check character tells)."""
    number = re.sub(r"[\s\-\[\]#]", "", _plain(text))
    if len(number) != LENGTH or not luhn.is_valid(number, alphabet=ALPHABET):
        return None
    return number


def find_numbers(text: str) -> list[str]:
    """Every number written in a text (a mail's subject, say), in order, each once."""
    candidates = (parse(match.group()) for match in _WRITTEN.finditer(_plain(text)))
    return list(dict.fromkeys(number for number in candidates if number))


def possible_numbers(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """All that may be numbers in a folded text, with or without dashes, and where each stands. About one in twenty
    words of nine such characters passes the check: whether there is such a ticket must be looked up.
    """
    for match in _POSSIBLE.finditer(text):
        number = _SEPARATORS.sub("", match[1]).upper()
        if luhn.is_valid(number, alphabet=ALPHABET):
            yield number, match.span(1)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_TO_PLAIN_DASH).upper()

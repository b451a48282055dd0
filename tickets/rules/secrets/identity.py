"""Identity numbers of the People's Republic of China: place, day of birth, serial number, check character
(GB 11643).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from stdnum.cn import ric

from helpdesk.lib.identifiers import without_identifiers
from tickets.rules.secrets.findings import Certainty, Finding, Kind

_GAP = r"[ \t\n\-./_·,]{0,2}"
#: In whatever groups: place, date and check character tell it from other numbers. Letters may stand right before it
#: ("sfz1101…"), but behind it they make it a part of something else.
_NUMBER = re.compile(
    r"(?<!\d)(?<!\d[.,])"
    rf"(?=(?P<number>[1-8](?:{_GAP}\d){{5}}{_GAP}(?:1{_GAP}[89]|2{_GAP}0)(?:{_GAP}\d){{9}}{_GAP}[\dXx])(?![0-9A-Za-z]))"
)
#: The old form has no check character: it counts where the text says what it is.
_OLD = re.compile(
    r"(?:身份[证證]|身分[证證]|\bID ?(?:card|number"
    r"|no\.?))[^\d\n]{0,12}(?P<number>[1-8]\d{5}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3})"
    r"(?!\d)",
    re.IGNORECASE,
)
#: Provinces, in the first two digits.
_PROVINCES_TEXT = """
11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81
82 83
"""
_PROVINCES = frozenset(_PROVINCES_TEXT.split())
#: The rest of a hash or another code, which has digits too, or letters on and on.
_CODE_BEFORE = re.compile(r"(?:\d[A-Za-z]{1,24}|[A-Za-z]{25})$")
_LONGEST_WORD = 25
_NOT_PART = re.compile(r"[^\dX]")


def identity_numbers(text: str) -> Iterator[Finding]:
    """``text`` is folded."""
    text = without_identifiers(text)
    for match in _NUMBER.finditer(text):
        number = _NOT_PART.sub("", match["number"].upper())
        if number[:2] not in _PROVINCES or not _is_day(number[6:14]):
            continue
        if ric.calc_check_digit(number) == number[-1] and not _is_part_of_code(text, match.start()):
            yield Finding(Kind.IDENTITY, *match.span("number"), Certainty.CERTAIN)
    for match in _OLD.finditer(text):
        if match["number"][:2] in _PROVINCES:
            yield Finding(Kind.IDENTITY, *match.span("number"), Certainty.LIKELY)


def _is_part_of_code(text: str, start: int) -> bool:
    return _CODE_BEFORE.search(text, max(0, start - _LONGEST_WORD), start) is not None


def _is_day(digits: str) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year >= 1880
    except ValueError:
        return False

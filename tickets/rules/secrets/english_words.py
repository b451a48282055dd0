"""The words of a text as a phrase may be read from it: which are of the list, and which only stand between them.

Several readings, because a label may be a word too ("Group 2: …", "then", "two"): each leaves out more of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat, zip_longest
from typing import NamedTuple

from tickets.rules.secrets.numbering import NUMBERS, UNITS
from tickets.rules.secrets.wordlists import ENGLISH, SHORTEST, STEMS

WORD = re.compile(r"[A-Za-z]+")
#: Words further apart than this are not of one phrase.
MAX_GAP = 80
# Between the words of a list: what counts, joins or lays out. None of these is in the word list.
_BETWEEN_TEXT = """
a an the and is are was of my it st nd rd th no nr num li ol ul td tr br p div span nbsp b c d e f g h i j
k l m n o q r s t u v w x y z ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii
xxiii xxiv words numbers items steps groups row rows line lines parts set sets batch batches block
blocks followed by comes plus last lastly finally
"""
_BETWEEN = frozenset((*_BETWEEN_TEXT.split(), *(number for number in NUMBERS if number not in ENGLISH)))
#: Between the words of a phrase, or words of one.
_NEXT = frozenset(("then", "next"))
_NAMES_TEXT = """
word number item step group column list position place entry key page section chunk quarter card part
"""
_NAMES = tuple(_NAMES_TEXT.split())
_LABELS = frozenset((*_NAMES, *NUMBERS, *_NEXT))
_NUMBER = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|twenty[ \-]{{0,3}}(?:{'|'.join(sorted(UNITS))})|{'|'.join(sorted(NUMBERS))})"
_NAME = f"(?:(?:{'|'.join(_NAMES)}|row|line|set|block)s?|batch|batches|entries)"
_NO = r"[^A-Za-z0-9]{0,4}(?:(?:no|nr|number)[^A-Za-z0-9]{0,3})?"
# What makes a label of "word" in "word 1", "word no. two" and "the first word",
_NUMBER_BEHIND = re.compile(f"{_NO}{_NUMBER}(?![A-Za-z])", re.IGNORECASE)
_NUMBER_BEFORE = re.compile(rf"(?<![A-Za-z0-9]){_NUMBER}[\s\-]{{1,2}}$", re.IGNORECASE)
# and of "one" in "line one", "lines one to two", "row twenty-one" and "the first four words".
_NAME_BEHIND = re.compile(rf"[\s\-]{{1,2}}(?:{_NUMBER}[\s\-]{{1,2}})?{_NAME}(?![A-Za-z])", re.IGNORECASE)
_NAME_BEFORE = re.compile(
    rf"(?<![A-Za-z]){_NAME}{_NO}(?:{_NUMBER}\s{{0,2}}(?:-|~|to|and)\s{{0,2}})?(?:twenty[ \-]{{1,3}})?$",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"[^A-Za-z0-9]{0,4}\d")
# "9. list", whatever follows.
_IN_LIST = re.compile(r"\d[^A-Za-z0-9]{1,3}$")
#: No longer is what stands before a word of a label.
_REACH = 32

_LISTED, _STANDS_BETWEEN, _STEM, _LETTER = 1, 2, 4, 8


def _class(word: str) -> int:
    letter = _LETTER if len(word) == 1 else 0
    return (word in ENGLISH) | (word in _BETWEEN) * _STANDS_BETWEEN | (word in STEMS) * _STEM | letter


_CLASSES = {word: _class(word) for word in (*ENGLISH, *STEMS, *_BETWEEN)}
_BETWEEN_ONES = bytes(number for number in range(16) if number & _STANDS_BETWEEN and not number & _LISTED)
_OF_A_PHRASE = bytes(number & (_LISTED | _STEM) > 0 for number in range(256))
_ENOUGH, _HALF = b"\x01" * SHORTEST, b"\x01" * (SHORTEST // 2)
# Of each spelled word at least three letters in a row, the same sign between them.
_LETTERS = bytes((_LETTER | _STANDS_BETWEEN,)) * 3
_SPELLED = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]([^A-Za-z0-9])[A-Za-z]\1[A-Za-z](?![A-Za-z0-9])")


class Token(NamedTuple):
    """``place`` is that in the word list; -1 where neither the word nor one that begins so is in it."""

    text: str
    start: int
    end: int
    place: int


def token_of(text: str, start: int, end: int) -> Token:
    low = text.lower()
    place = ENGLISH.get(low)
    return Token(low, start, end, STEMS.get(low, -1) if place is None else place)


@dataclass(frozen=True)
class Promise:
    """What a text may hold at all; all false for nearly every message."""

    phrase: bool
    mistyped: bool
    spelled: bool


def promise(text: str) -> Promise:
    """Cheap, as every text is asked."""
    classes = bytes(map(_CLASSES.get, WORD.findall(text.lower()), repeat(0)))
    listed = classes.translate(_OF_A_PHRASE, _BETWEEN_ONES)
    half = _HALF in listed
    spelled = classes.count(_LETTERS) >= SHORTEST and sum(1 for _ in _SPELLED.finditer(text)) >= SHORTEST
    return Promise(half and _ENOUGH in listed, half, spelled)


def tokens_of(text: str) -> list[Token]:
    return [token_of(match[0], *match.span()) for match in WORD.finditer(text)]


def spelled_tokens(text: str) -> list[Token]:
    """ "a b c  d e f", "a-b-c": letters with the same sign between them are a word."""
    tokens: list[Token] = []
    sign = ""
    for each in tokens_of(text):
        last = tokens[-1] if tokens else None
        between = text[last.end : each.start] if last is not None else ""
        goes_on = len(each.text) == 1 and len(between) == 1 and between == (sign or between)
        if last is None or not goes_on or (not sign and len(last.text) > 1):
            tokens.append(each)
            sign = ""
        else:
            tokens[-1] = token_of(last.text + each.text, last.start, each.end)
            sign = between
    return tokens


class Words:
    """``tokens`` of a text, and what they are without those that only count, name and join."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.told = [token for token in tokens if token.text not in _BETWEEN]

    @cached_property
    def unlabelled(self) -> Sequence[Token]:
        """Without labels that have a number."""
        return [token for token in self.told if token.text not in _LABELS or not _is_label(self.text, token)]

    def readings(self) -> Iterator[Sequence[Token]]:
        yield self.told
        plain = [token for token in self.told if token.text not in _LABELS]
        if len(plain) < len(self.told):
            yield [
                token
                for token in self.told
                if token.text not in _LABELS or not _FIGURE.match(self.text, token.end)
            ]
            yield self.unlabelled
            yield from _joined(self.told)
            yield plain


def _is_label(text: str, token: Token) -> bool:
    start = max(0, token.start - _REACH), token.start
    if _IN_LIST.search(text, *start) is not None:
        return False
    if token.text in NUMBERS:
        behind, before = _NAME_BEHIND, _NAME_BEFORE
    else:
        behind, before = _NUMBER_BEHIND, _NUMBER_BEFORE
    return behind.match(text, token.end) is not None or before.search(text, *start) is not None


def _joined(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Every other word, as long as "then" or "next" is between."""
    for parity in (0, 1):
        row: list[Token] = []
        for token, joint in zip_longest(tokens[parity::2], tokens[parity + 1 :: 2]):
            row.append(token)
            if joint is None or joint.text not in _NEXT:
                if len(row) >= SHORTEST:
                    yield row
                row = []


def runs(tokens: Sequence[Token], places: Collection[str] | None = None) -> Iterator[list[Token]]:
    """Rows of words of the list (of ``places``, where given, and of nothing shorter) with little between them."""
    run: list[Token] = []
    for token in tokens:
        known = token.place >= 0 if places is None else token.text in places
        if run and (not known or token.start - run[-1].end > MAX_GAP):
            yield run
            run = []
        if known:
            run.append(token)
    if run:
        yield run

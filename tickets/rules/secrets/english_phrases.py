"""Recovery phrases of English words: in a row, numbered, over lines, with whatever stands between, or"
" run together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, repeat

from tickets.rules.secrets.findings import Certainty, Finding, Kind
from tickets.rules.secrets.wordlists import ENGLISH, LENGTHS, SHORTEST, holds, valid_windows

_WORD = re.compile(r"[A-Za-z]+")
_ENOUGH = b"\x01" * SHORTEST
#: Words further apart than this are not of one phrase.
MAX_GAP = 80
# Between the words of a list: what counts, joins or lays out. None of these is in the word list.
_BETWEEN_TEXT = """
a an the and is are of my st nd rd th no nr num li ol ul td tr br p div span nbsp b c d e f g h i j
k l m n o q r s t u v w x y z
"""
_BETWEEN = frozenset(_BETWEEN_TEXT.split())
# Names of places in a list; some of them are words of phrases as well.
_LABELS_TEXT = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty first second third fourth fifth sixth seventh eighth ninth tenth
eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
twentieth next then last finally i ii iii iv v vi vii viii ix x xi xii a b c d e f g h j k l m n o p
q r s t u w y z
"""
_LABELS = frozenset(_LABELS_TEXT.split())
_NAMING = frozenset(("word", "number", "item", "step"))


def _class(word: str) -> int:
    """Bits: 1 of the list, 2 stands between, 4 names a place."""
    named = word in _LABELS or word in _NAMING
    return (word in ENGLISH) | (word in _BETWEEN or word in _NAMING) << 1 | named << 2


_CLASSES = {word: _class(word) for word in (*ENGLISH, *_BETWEEN, *_LABELS, *_NAMING)}
_IN_LIST = bytes(number & 1 for number in range(256))
_BETWEEN_ONES, _NAMING_ONES = bytes((2, 6)), bytes((2, 6, 3, 7))
_LABELLED = re.compile(rb"(?s:[\4-\7].){12}")
_JOINED = re.compile(r"(?<![A-Za-z])[A-Za-z]{36,192}(?![A-Za-z])")
_SPELLED = re.compile(r"(?<![A-Za-z])[A-Za-z](?:[ .\-_·|][A-Za-z]){35,191}(?![A-Za-z])")
_CUT = re.compile(r"(?<=[A-Za-z])-[ ]?\n[ ]?(?=[a-z])")
#: So many ways to part a row of letters are tried.
MAX_WAYS = 64


@dataclass(frozen=True)
class Token:
    text: str
    start: int
    end: int

    @property
    def place(self) -> int:
        """In the word list; -1 where it is not in it."""
        return ENGLISH.get(self.text, -1)


def english_phrases(text: str) -> Iterator[Finding]:
    """``text`` is folded."""
    if len(text) < 3 * SHORTEST:
        return
    words = _WORD.findall(text.lower())
    if _may_hold_one(words):
        yield from _listed(text)
    yield from _run_together(text)
    if _CUT.search(text) is not None:
        yield from _hyphenated(text)


def _may_hold_one(words: Sequence[str]) -> bool:
    """Cheap, and true for one message in thousands."""
    classes = bytes(map(_CLASSES.get, words, repeat(0)))
    told = classes.translate(None, _NAMING_ONES)
    if any(
        _ENOUGH in one.translate(_IN_LIST) for one in (classes, classes.translate(None, _BETWEEN_ONES), told)
    ):
        return True
    return _LABELLED.search(classes) is not None or _LABELLED.search(told) is not None


def _listed(text: str) -> Iterator[Finding]:
    tokens = [Token(match[0].lower(), *match.span()) for match in _WORD.finditer(text)]
    for run in _runs(tokens):
        places = [token.place for token in run]
        certain = next(valid_windows(places), None) is not None
        yield _found(run, Certainty.CERTAIN if certain else Certainty.LIKELY)
    for row in _rows(tokens):
        for run in _runs(row):
            if next(valid_windows([token.place for token in run]), None) is not None:
                yield _found(run, Certainty.CERTAIN)


def _rows(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The words without what counts and names them: "word 1: abandon", "first abandon and second ability"."""
    told = [token for token in tokens if token.text not in _BETWEEN]
    yield told
    plain = [token for token in told if token.text not in _NAMING]
    if len(plain) < len(told):
        yield plain
    for row in (tokens, plain):
        for parity in (0, 1):
            yield from _after_labels(row, parity)


def _after_labels(tokens: Sequence[Token], parity: int) -> Iterator[list[Token]]:
    """Every other word, as long as those before them are labels."""
    row: list[Token] = []
    for label, word in zip(tokens[parity::2], tokens[parity + 1 :: 2], strict=False):
        if label.text in _LABELS or label.text in _NAMING:
            row.append(word)
        else:
            if len(row) >= SHORTEST:
                yield row
            row = []
    if len(row) >= SHORTEST:
        yield row


def _runs(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Rows of at least twelve words of the list with little between them."""
    run: list[Token] = []
    for token in tokens:
        if run and (token.place < 0 or token.start - run[-1].end > MAX_GAP):
            if len(run) >= SHORTEST:
                yield run
            run = []
        if token.place >= 0:
            run.append(token)
    if len(run) >= SHORTEST:
        yield run


def _found(run: Sequence[Token], certainty: Certainty) -> Finding:
    return Finding(Kind.MNEMONIC, run[0].start, run[-1].end, certainty)


def _run_together(text: str) -> Iterator[Finding]:
    for pattern in (_JOINED, _SPELLED):
        for match in pattern.finditer(text):
            letters = "".join(_WORD.findall(match[0])).lower()
            if any(holds(places) for places in islice(_ways(letters), MAX_WAYS)):
                yield Finding(Kind.MNEMONIC, *match.span(), Certainty.CERTAIN)


def _ways(letters: str) -> Iterator[list[int]]:
    """Each way to read a row of letters as a phrase; at most 192 letters are given."""
    size = len(letters)
    ends: list[bool] = [False] * size + [True]
    for start in range(size - 3, -1, -1):
        ends[start] = any(
            ends[start + length] and letters[start : start + length] in ENGLISH
            for length in range(3, min(8, size - start) + 1)
        )
    waiting: list[tuple[int, tuple[int, ...]]] = [(0, ())] if ends[0] else []
    while waiting:
        start, places = waiting.pop()
        if start == size:
            if len(places) in LENGTHS:
                yield list(places)
            continue
        if len(places) == LENGTHS[0]:
            continue
        for length in range(3, min(8, size - start) + 1):
            place = ENGLISH.get(letters[start : start + length])
            if place is not None and ends[start + length]:
                waiting.append((start + length, (*places, place)))


def _hyphenated(text: str) -> Iterator[Finding]:
    """Words that a narrow column has cut."""
    places: list[int] = []
    parts: list[str] = []
    done = 0
    for match in _CUT.finditer(text):
        parts.append(text[done : match.start()])
        places += range(done, match.start())
        done = match.end()
    parts.append(text[done:])
    places += range(done, len(text))
    whole = "".join(parts)
    if _may_hold_one(_WORD.findall(whole.lower())):
        for found in _listed(whole):
            if found.certainty == Certainty.CERTAIN:
                yield Finding(found.kind, places[found.start], places[found.end - 1] + 1, found.certainty)

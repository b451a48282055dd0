"""Recovery phrases of English words: in a row, numbered, over lines, with whatever stands between, shortened to four
letters, spelled, or run together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from tickets.rules.secrets.english_words import (
    WORD,
    Token,
    Words,
    promise,
    runs,
    spelled_tokens,
    token_of,
    tokens_of,
)
from tickets.rules.secrets.findings import Certainty, Finding, Kind
from tickets.rules.secrets.mistyped import mistyped
from tickets.rules.secrets.numbering import counted_english
from tickets.rules.secrets.wordlists import ENGLISH, LENGTHS, SHORTEST, holds, valid_windows

_JOINED = re.compile(r"(?<![A-Za-z])[A-Za-z]{36,192}(?![A-Za-z])")
_SPELLED = re.compile(r"(?<![A-Za-z])[A-Za-z](?:[ .\-_·|][A-Za-z]){35,191}(?![A-Za-z])")
_CUT = re.compile(r"(?<=[A-Za-z])-[ ]?\n[ ]?(?=[a-z])")
#: So many ways to part a row of letters are tried.
MAX_WAYS = 64


def english_phrases(text: str) -> Iterator[Finding]:
    """``text`` is folded."""
    if len(text) < 3 * SHORTEST:
        return
    promised = promise(text)
    if promised.mistyped:
        words = Words(text, tokens_of(text))
        if promised.phrase:
            yield from _listed(words)
        yield from mistyped(words)
    if promised.spelled:
        yield from _listed(Words(text, spelled_tokens(text)))
    yield from _run_together(text)
    if _CUT.search(text) is not None:
        yield from _hyphenated(text)


def _listed(words: Words) -> Iterator[Finding]:
    for run in runs(words.tokens, ENGLISH):
        if len(run) >= SHORTEST:
            certain = _is_certain(run)
            yield _found(run, Certainty.CERTAIN if certain else Certainty.LIKELY)
    judged: set[tuple[int, int, int]] = set()
    for row in words.readings():
        for run in runs(row):
            # What leaves out nothing more reads the same.
            same = run[0].start, run[-1].end, len(run)
            if len(run) < SHORTEST or same in judged:
                continue
            judged.add(same)
            if _is_certain(run):
                yield _found(run, Certainty.CERTAIN)
    for spans in counted_english(words.text):
        run = [token_of(words.text[start:end], start, end) for start, end in spans]
        if _is_certain(run):
            yield _found(run, Certainty.CERTAIN)
        elif all(each.place >= 0 for each in run):
            yield _found(run, Certainty.LIKELY)


def _is_certain(run: Sequence[Token]) -> bool:
    return next(valid_windows([each.place for each in run]), None) is not None


def _found(run: Sequence[Token], certainty: Certainty) -> Finding:
    return Finding(Kind.MNEMONIC, run[0].start, run[-1].end, certainty)


def _run_together(text: str) -> Iterator[Finding]:
    for pattern in (_JOINED, _SPELLED):
        for match in pattern.finditer(text):
            letters = "".join(WORD.findall(match[0])).lower()
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
    if promise(whole).phrase:
        for found in _listed(Words(whole, tokens_of(whole))):
            if found.certainty == Certainty.CERTAIN:
                yield Finding(found.kind, places[found.start], places[found.end - 1] + 1, found.certainty)

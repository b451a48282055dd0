"""Recovery phrases of Chinese characters.

The list holds the 2,048 most frequent characters, so that nearly every sentence is made of "words" of it, and one
sequence of twelve in sixteen has a right checksum by chance. What tells a phrase from prose is how it stands
(character by character, on its own, after "助记词是") and that its characters were drawn by lot: rare ones as often as
frequent ones, and next to each other what no one says. ``chinese_pairs.txt`` holds the 8,000 most frequent words of two
characters of the list (counted in the dictionary of jieba 0.42.1, MIT).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

from tickets.rules.secrets.findings import Certainty, Finding, Kind
from tickets.rules.secrets.wordlists import CHINESE, LENGTHS, SHORTEST, valid_windows

_HAN = "\u4e00-\u9fff"
_ONE = re.compile(f"[{_HAN}]")
_APART = re.compile(f"[{_HAN}](?:[^{_HAN}]{{1,20}}+[{_HAN}]){{{SHORTEST - 1},}}+")
_TOGETHER = re.compile(rf"[{_HAN}](?:\s{{0,3}}+[{_HAN}]){{{SHORTEST - 1},}}+")
# "第三个词是：" before each.
_COUNTED = re.compile(
    r"第\s{0,2}[\d一二三四五六七八九十]{1,3}\s{0,2}(?:个|個|位)?(?:词|詞|字|單詞|单词)?\s{0,2}(?:是|为|為)?"
)
_NAMED = re.compile(
    r"(?:助[记記][词詞]|[种種]子[词詞]|[复復][词詞]|恢[复復]短[语語]|[备備][份]?[词詞]|私[钥鑰]"
    r"|mnemonic|seed|recovery phrase)"
    r"(?P<says>(?:就)?(?:[给給][你您])?(?:是|为|為|如下)?\s{0,3}[:,;]?\s{0,3})",
    re.IGNORECASE,
)
#: So far reaches a word that says what comes.
NEAR = 60

# The logarithm of how much likelier a character is in prose than by lot, by its place in the list (16 steps of 128),
# and the same for two side by side that make a word, or do not. Counted on the texts of our demonstration.
_PROSE = (1.8, 1.1, 0.45, 0.1, -0.3, -0.4, -0.9, -1.1, -0.9, -1.0, -1.7, -1.6, -2.2, -2.2, -2.0, -2.5)
_A_WORD, _NO_WORD = 4.0, -0.4
# Twelve by lot: -14 in the middle, above 8 once in 50,000. Prose: 21 in the middle, below 8 once in 15.
ON_ITS_OWN, SAID, NAMED, ANYWHERE = 8.0, 6.0, 2.0, -4.0


def _pairs() -> frozenset[tuple[int, int]]:
    lines = Path(__file__).with_name("chinese_pairs.txt").read_text(encoding="utf-8").split()
    return frozenset((CHINESE[line[0]], CHINESE[second]) for line in lines for second in line[1:])


_WORDS = _pairs()


@dataclass(frozen=True)
class Run:
    """Characters of the list in a row: their places in the list and in the text."""

    words: Sequence[int]
    starts: Sequence[int]

    def found(self, start: int, end: int, certainty: Certainty) -> Finding:
        return Finding(Kind.MNEMONIC, self.starts[start], self.starts[end - 1] + 1, certainty)

    def stands_alone(self, text: str, start: int, end: int) -> bool:
        """Whether no other character touches these."""
        before, after = self.starts[start] - 1, self.starts[end - 1] + 1
        return (before < 0 or _ONE.match(text, before) is None) and _ONE.match(text, after) is None


def chinese_phrases(text: str) -> Iterator[Finding]:
    """``text`` is folded."""
    yield from _apart(text)
    if "第" in text:
        counted = _COUNTED.sub(lambda match: " " * len(match[0]), text)
        if counted != text:
            yield from _apart(counted)
    yield from _together(text)


def _apart(text: str) -> Iterator[Finding]:
    """Character by character, with something between each two."""
    for match in _APART.finditer(text):
        for run in _runs(match):
            certain = next(valid_windows(run.words), None) is not None
            yield run.found(0, len(run.words), Certainty.CERTAIN if certain else Certainty.LIKELY)


def _runs(match: re.Match[str]) -> Iterator[Run]:
    words: list[int] = []
    starts: list[int] = []
    for found in _ONE.finditer(match[0]):
        place = CHINESE.get(found[0])
        if place is not None:
            words.append(place)
            starts.append(match.start() + found.start())
            continue
        if len(words) >= SHORTEST:
            yield Run(words, starts)
        words, starts = [], []
    if len(words) >= SHORTEST:
        yield Run(words, starts)


def _together(text: str) -> Iterator[Finding]:
    names: Names | None = None
    for match in _TOGETHER.finditer(text):
        for run in _runs(match):
            sums = _sums(run.words)
            if _least(sums) >= ON_ITS_OWN and not _repeats(run.words):
                continue
            if names is None:
                names = Names(text)
            yield from _drawn_by_lot(text, run, sums, names)


def _sums(words: Sequence[int]) -> list[float]:
    """``sums[end] - sums[start]`` judges the characters between, and how each stands to the one after it."""
    each = [_PROSE[word >> 7] for word in words]
    for place, pair in enumerate(pairwise(words)):
        each[place] += _A_WORD if pair in _WORDS else _NO_WORD
    return list(accumulate(each, initial=0.0))


def _least(sums: Sequence[float]) -> float:
    """The longer cannot be less than all of the twelves in it by more than a word's worth."""
    return min(map(float.__sub__, sums[SHORTEST:], sums), default=0.0)


def _repeats(words: Sequence[int]) -> bool:
    """No sentence says so little with so many characters; phrases made of a pattern do."""
    return len(set(words)) <= 0.6 * len(words)


def _drawn_by_lot(text: str, run: Run, sums: Sequence[float], names: Names) -> Iterator[Finding]:
    found = False
    for start, end in valid_windows(run.words):
        limit = _limit(text, run, start, end, names)
        few = limit > NAMED and _repeats(run.words[start:end])
        if sums[end] - sums[start] < limit or few:
            found = True
            yield run.found(start, end, Certainty.CERTAIN)
    size = len(run.words)
    if found or size not in LENGTHS or sums[-1] >= ANYWHERE or not run.stands_alone(text, 0, size):
        return
    if names.near(run.starts[0], run.starts[-1] + 1):
        yield run.found(0, size, Certainty.LIKELY)


def _limit(text: str, run: Run, start: int, end: int, names: Names) -> float:
    """What a phrase with a right checksum must judge below: the less speaks for it otherwise, the less
    prose may."""
    if run.stands_alone(text, start, end):
        return ON_ITS_OWN
    first, last = run.starts[start], run.starts[end - 1] + 1
    if first in names.said:
        return SAID
    return NAMED if names.near(first, last) else ANYWHERE


class Names:
    """Where the text names a phrase; ``said`` are the places at which one is announced to begin."""

    def __init__(self, text: str) -> None:
        spans = [(found.start(), found.start("says"), found.end()) for found in _NAMED.finditer(text)]
        self.starts = [start for start, _name, _end in spans]
        self.ends = [name for _start, name, _end in spans]
        self.said = frozenset(end for _start, name, end in spans if end > name)

    def near(self, start: int, end: int) -> bool:
        """Whether one is named shortly before or after."""
        before = bisect_right(self.ends, start)
        if before and start - self.ends[before - 1] <= NEAR:
            return True
        after = bisect_left(self.starts, end)
        return after < len(self.starts) and self.starts[after] - end <= NEAR

"""How likely Chinese characters are words of a phrase, and not of a sentence.

The list holds the 2,048 most frequent characters, so that nearly every sentence is made of "words" of it, and one
sequence of twelve in sixteen has a right checksum by chance. What tells a phrase from prose is how it stands
(character by character, in groups of one size, on its own, after "助记词是") and that its characters were drawn by lot:
rare ones as often as frequent ones, and next to each other what no one says. ``chinese_pairs.txt`` holds the 8,000 most
frequent words of two characters of the list (counted in the dictionary of jieba 0.42.1, MIT).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

from tickets.rules.secrets.findings import Certainty, Finding, Kind
from tickets.rules.secrets.numbering import HAN
from tickets.rules.secrets.wordlists import CHINESE, SHORTEST

ONE = re.compile(f"[{HAN}]")
# Each begins with a letter of its own and not with any of several: so the search skips most of a text.
_NAMED = re.compile(
    r"(?:助记词|助記詞|助记詞|种子[词詞]|種子[词詞]|复[词詞]|復[词詞]|恢[复復]短[语語]|备份?[词詞]|備份?[词詞]|私[钥鑰]"
    r"|单[词詞]|單[词詞]|钱包的?[词詞]|錢包的?[词詞]|m(?i:nemonic)|M(?i:nemonic)|s(?i:eed)|S(?i:eed)"
    r"|r(?i:ecovery phrase)|R(?i:ecovery phrase))"
    r"(?P<says>(?:就)?(?:[给給][你您])?(?:是|为|為|如下)?\s{0,3}[:,;]?\s{0,3})"
)
#: So far reaches a word that says what comes.
NEAR = 60

# The logarithm of how much likelier a character is in prose than by lot, by its place in the list (16 steps of 128),
# and the same for two side by side that make a word, or do not. Counted on the texts of our demonstration.
_PROSE = (1.8, 1.1, 0.45, 0.1, -0.3, -0.4, -0.9, -1.1, -0.9, -1.0, -1.7, -1.6, -2.2, -2.2, -2.0, -2.5)
_A_WORD, _NO_WORD = 4.0, -0.4
_TELLS_NOTHING = 3 << 7
# Twelve by lot: -14 in the middle, above 8 once in 50,000. Prose: 21 in the middle, below 8 once in 15.
ON_ITS_OWN, SAID, NAMED, ANYWHERE = 8.0, 6.0, 2.0, -4.0
# Titles and headings come in groups of one size too ("付款时间、付款渠道、…"); by lot above it once in 10,000.
IN_GROUPS = 4.0


def _pairs() -> frozenset[tuple[int, int]]:
    lines = Path(__file__).with_name("chinese_pairs.txt").read_text(encoding="utf-8").split()
    return frozenset((CHINESE[line[0]], CHINESE[second]) for line in lines for second in line[1:])


_WORDS = _pairs()


@dataclass(frozen=True)
class Run:
    """Characters in a row: their places in the list (-1 where they are not in it) and in the text."""

    words: Sequence[int]
    starts: Sequence[int]

    def found(self, start: int, end: int, certainty: Certainty) -> Finding:
        return Finding(Kind.MNEMONIC, self.starts[start], self.starts[end - 1] + 1, certainty)

    def stands_alone(self, text: str, start: int, end: int) -> bool:
        """Whether no other character touches these."""
        before, after = self.starts[start] - 1, self.starts[end - 1] + 1
        return (before < 0 or ONE.match(text, before) is None) and ONE.match(text, after) is None


def run_of(text: str, start: int, end: int) -> Run:
    """All characters of a stretch."""
    starts = [match.start() for match in ONE.finditer(text, start, end)]
    return Run([CHINESE.get(text[place], -1) for place in starts], starts)


def listed(run: Run) -> Iterator[Run]:
    """The parts of a run that are long enough for a phrase and wholly in the list."""
    first = 0
    for place in [*(place for place, word in enumerate(run.words) if word < 0), len(run.words)]:
        if place - first >= SHORTEST:
            yield Run(run.words[first:place], run.starts[first:place])
        first = place + 1


def sums_of(words: Sequence[int]) -> list[float]:
    """``sums[end] - sums[start]`` judges the characters between, and how each stands to the one after it."""
    each = [_PROSE[word >> 7] for word in words]
    for place, pair in enumerate(pairwise(words)):
        each[place] += _A_WORD if pair in _WORDS else _NO_WORD
    return list(accumulate(each, initial=0.0))


def sums_of_all_but_one(words: Sequence[int]) -> list[float]:
    """The same where some are not in the list: they tell nothing."""
    return sums_of([word if word >= 0 else _TELLS_NOTHING for word in words] if -1 in words else words)


def repeats(words: Sequence[int]) -> bool:
    """No sentence says so little with so many characters; phrases made of a pattern do."""
    return len(set(words)) <= 0.6 * len(words)


class Names:
    """Where the text names a phrase; ``said`` are the places at which one is announced to begin."""

    def __init__(self, text: str) -> None:
        spans = [(found.start(), found.start("says"), found.end()) for found in _NAMED.finditer(text)]
        self.starts = [start for start, _name, _end in spans]
        self.ends = [name for _start, name, _end in spans]
        self.said = frozenset(end for _start, name, end in spans if end > name)

    def near(self, start: int, end: int) -> bool:
        """Whether one is named shortly before or after, or within."""
        place = bisect_left(self.ends, start - NEAR)
        return place < len(self.starts) and self.starts[place] - end <= NEAR

"""Recovery phrases with one wrong word. No checksum proves them: what proves them is that the text says what they are,
and that all other words stand in the list.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tickets.rules.secrets.english_words import Token, Words, runs
from tickets.rules.secrets.findings import Certainty, Finding, Kind
from tickets.rules.secrets.wordlists import ENGLISH, SHORTEST

# What was taken out before is named too, by its mark.
_NAMED = re.compile(
    r"(?<!removed: )(?<!移除:)(?:mnemonic|\b(?:seed|recovery|secret|backup|wallet|pass) ?-?(?:phrases?|words?|seeds?)"
    r"|\bseeds?\b|\bbip-?39\b"
    r"|\b(?:12|15|18|21|24|twelve|twenty[ -]four)[ -]words?|\b(?:recovery|backup) (?:code|key)s?"
    r"|助[记記][词詞]|[种種]子[词詞]|恢[复復](?:短[语語]|[词詞])|[备備]份?(?:短[语語]|[词詞])|[单單][词詞])",
    re.IGNORECASE,
)
#: So far before a phrase (and behind it) reaches a word that says what it is.
BEFORE, BEHIND = 200, 80
_NUMBER = re.compile(r"\d+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def mistyped(words: Words) -> Iterator[Finding]:
    text, row = words.text, words.unlabelled
    found = list(_all_but_one(text, row))
    if not found:
        return
    # "What is a seed phrase?" tells none, and its words are no words of one.
    start = row[min(first for first, _last in found)].start - BEFORE
    end = row[max(last for _first, last in found)].end + BEHIND
    names = [match.span() for match in _NAMED.finditer(text, max(0, start), end)]
    ends = [end for _start, end in names]
    row = [token for token in row if not _is_within(token, names, ends)]
    for first, last in _all_but_one(text, row):
        start, end = row[first].start, row[last].end
        place = bisect_left(ends, start - BEFORE)
        if place < len(names) and names[place][0] <= end + BEHIND:
            yield Finding(Kind.MNEMONIC, start, end, Certainty.LIKELY)


def _is_within(token: Token, spans: Sequence[tuple[int, int]], ends: Sequence[int]) -> bool:
    place = bisect_right(ends, token.start)
    return place < len(spans) and spans[place][0] <= token.start


def _all_but_one(text: str, row: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """The first and the last of at least twelve words of which one is not in the list, by their places in the row."""
    spans: list[tuple[int, int]] = []
    first = 0
    for run in runs(row):
        while row[first] is not run[0]:
            first += 1
        spans.append((first, first + len(run) - 1))
    for (start, end), (other, last) in pairwise(spans):
        if other - end == 2 and last - start >= SHORTEST - 1:
            yield start, last
    for start, end in spans:
        if end - start + 2 >= SHORTEST:
            yield start - _belongs(text, row, start, -1), end + _belongs(text, row, end, 1)


def _belongs(text: str, row: Sequence[Token], edge: int, step: int) -> bool:
    """Whether the word before the first (``step`` -1) or behind the last is one of them, mistyped."""
    other = edge + step
    if not 0 <= other < len(row):
        return False
    inside = _between(text, row, edge, edge - step)
    if _between(text, row, edge, other) != inside:
        return False
    beyond = other + step
    apart = not 0 <= beyond < len(row) or _between(text, row, other, beyond) != inside
    return apart or _is_nearly_listed(row[other].text)


def _between(text: str, row: Sequence[Token], one: int, other: int) -> str:
    one, other = min(one, other), max(one, other)
    return _NUMBER.sub("", text[row[one].end : row[other].start])


def _is_nearly_listed(word: str) -> bool:
    """Whether one letter more, less or else, or two in the other order, makes it a word of the list."""
    if not 2 <= len(word) <= 9:
        return False
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    return any(
        before + after[1:] in ENGLISH
        or before + after[1:2] + after[:1] + after[2:] in ENGLISH
        or any(
            before + letter + after in ENGLISH or before + letter + after[1:] in ENGLISH
            for letter in _LETTERS
        )
        for before, after in cuts
    )

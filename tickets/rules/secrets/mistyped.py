"""Recovery phrases with one wrong word. No checksum proves them: what proves them is that the text says what they are,
and that all other words stand in the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from tickets.rules.secrets.english_words import Token, runs
from tickets.rules.secrets.findings import Certainty, Finding, Kind
from tickets.rules.secrets.wordlists import ENGLISH, LENGTHS, SHORTEST

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


def mistyped(text: str, rows: Iterable[Sequence[Token]]) -> Iterator[Finding]:
    """``text`` is folded, and ``rows`` are the readings of its words."""
    found = {(row[first].start, row[last].end) for row in rows for first, last in _all_but_one(text, row)}
    for start, end in sorted(found):
        if _NAMED.search(text, max(0, start - BEFORE), end + BEHIND):
            yield Finding(Kind.MNEMONIC, start, end, Certainty.LIKELY)


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
            before, behind = (_belongs(text, row, edge, step) for edge, step in ((start, -1), (end, 1)))
            if before or behind or end - start + 2 in LENGTHS:
                yield start - before, end + behind


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

"""Recovery phrases of Chinese characters with signs, labels or breaks between groups of them: "航润副题，村仅酸派，…",
"第一行：航润副题", and whatever their groups, where the text says that a phrase begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tickets.rules.secrets.chinese_words import (
    ANYWHERE,
    IN_GROUPS,
    NAMED,
    SAID,
    Names,
    Run,
    run_of,
    sums_of,
    sums_of_all_but_one,
)
from tickets.rules.secrets.findings import Certainty, Finding
from tickets.rules.secrets.numbering import HAN
from tickets.rules.secrets.wordlists import LENGTHS, SHORTEST, holds

#: Groups further apart are not of one phrase.
MAX_GAP = 32
#: Characters of a group; single ones are characters apart.
SIZES = frozenset((2, 3, 4, 5, 6, 8))
_FOLLOWING = re.compile(f"(?:[^{HAN}]{{0,{MAX_GAP}}}+[{HAN}]){{{SHORTEST},{LENGTHS[0]}}}+")
Span = tuple[int, int]


def grouped(text: str, groups: Sequence[Span], names: Names) -> Iterator[Finding]:
    """Groups of one size in a row. A sentence may touch the first of them before, and the last behind."""
    for first, last in _chains(groups):
        size = groups[first][1] - groups[first][0]
        if size in LENGTHS:
            for start, end in groups[first : last + 1]:
                if names.near(start, end):
                    yield from _likely(run_of(text, start, end), 0, size, names)
        if size not in SIZES or last == first:
            continue
        start, end = groups[first][0], groups[last][1]
        head = _reaches(groups, first - 1, first) and groups[first - 1][1] - groups[first - 1][0] > size
        start = groups[first - 1][1] - size if head else start
        tail = _reaches(groups, last, last + 1)
        if tail:
            end = min(groups[last + 1][1], groups[last + 1][0] + size)
        if size * (last - first + 1 + head + tail) >= SHORTEST:
            yield from _even(text, run_of(text, start, end), size, names)


def _chains(groups: Sequence[Span]) -> Iterator[Span]:
    """The first and the last of groups of one size."""
    first, size, done = 0, 0, 0
    for number, (start, end) in enumerate(groups):
        if end - start != size or start - done > MAX_GAP:
            if number:
                yield first, number - 1
            first, size = number, end - start
        done = end
    if groups:
        yield first, len(groups) - 1


def _reaches(groups: Sequence[Span], one: int, other: int) -> bool:
    return one >= 0 and other < len(groups) and groups[other][0] - groups[one][1] <= MAX_GAP


def _even(text: str, run: Run, size: int, names: Names) -> Iterator[Finding]:
    count, found = len(run.words), False
    for start in range(0, count - SHORTEST + 1, size):
        for end in (start + length for length in LENGTHS):
            if end > count or (end % size and end < count) or not holds(run.words[start:end]):
                continue
            if sums_of(run.words[start:end])[-1] < _limit(text, run, start, end, names):
                found = True
                yield run.found(start, end, Certainty.CERTAIN)
    for start, end in ((0, count), (size, count), (0, count - count % size)):
        if not found and end - start in LENGTHS and run.stands_alone(text, start, end):
            yield from _likely(run, start, end, names)


def _limit(text: str, run: Run, start: int, end: int, names: Names) -> float:
    if run.stands_alone(text, start, end):
        return IN_GROUPS
    first, last = run.starts[start], run.starts[end - 1] + 1
    if first in names.said:
        return SAID
    return NAMED if names.near(first, last) else ANYWHERE


def _likely(run: Run, start: int, end: int, names: Names) -> Iterator[Finding]:
    """Without a checksum: named, and nothing that anybody says."""
    words = run.words[start:end]
    if words.count(-1) > 1 or not names.near(run.starts[start], run.starts[end - 1] + 1):
        return
    if sums_of_all_but_one(words)[-1] < ANYWHERE:
        yield run.found(start, end, Certainty.LIKELY)


def announced(text: str, names: Names) -> Iterator[Finding]:
    """Right behind "助记词是", with anything between its characters."""
    for place in sorted(names.said):
        following = _FOLLOWING.match(text, place)
        if following is None:
            continue
        run = run_of(text, *following.span())
        lengths = [length for length in LENGTHS if length <= len(run.words)]
        proved = [
            size for size in lengths if holds(run.words[:size]) and sums_of(run.words[:size])[-1] < SAID
        ]
        if proved:
            yield run.found(0, proved[0], Certainty.CERTAIN)
            continue
        for size in lengths:
            if _ends(text, run, size):
                yield from _likely(run, 0, size, names)


def _ends(text: str, run: Run, size: int) -> bool:
    """Whether no other character touches the last."""
    after = run.starts[size - 1] + 1
    return not "\u4e00" <= text[after : after + 1] <= "\u9fff"

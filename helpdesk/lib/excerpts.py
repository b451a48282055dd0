"""The piece of a text that shows why a search found it, with the words marked that were searched for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from helpdesk.lib.text_search import Word, fold, searched, split_phrases, stem, words

Pieces = list[tuple[str, bool]]

MAX_HITS = 200
MAX_TEXT_CHARS = 100_000
# How far a cut is moved so that it does not fall within a word.
_SLACK = 20


class _Hit(NamedTuple):
    start: int
    end: int
    term: str


def excerpt(text: str, query: str, width: int = 160, *, prefix: bool = False) -> Pieces:
    """About ``width`` characters where the most words of ``query`` stand together: [(piece, is it a hit), …].

    Joined, the pieces are plain text on one line, with … where something was left out; the caller escapes them.
    """
    line = " ".join(text[:MAX_TEXT_CHARS].split())
    hits = _without_overlap(_hits(line, query, prefix))
    start, end = _window(line, hits, width)
    pieces: Pieces = [("…", False)] if start > 0 else []
    at = start
    for hit in hits:
        if hit.start < at or hit.start >= end:
            continue
        pieces += [(line[at : hit.start], False), (line[hit.start : min(hit.end, end)], True)]
        at = min(hit.end, end)
    pieces.append((line[at:end], False))
    if end < len(line) or len(text) > MAX_TEXT_CHARS:
        pieces.append(("…", False))
    return _joined(pieces)


def _hits(line: str, query: str, prefix: bool) -> list[_Hit]:
    """Where the words of the query stand in a line, in order."""
    plain, phrases = split_phrases(query)
    asked = [word for phrase in phrases for word in phrase]
    asked += searched(plain, or_else_stop_words=not phrases)
    beginning = asked[-1].whole if prefix and asked and not asked[-1].is_cjk else None
    stems = {stem(word.whole) for word in asked if not word.is_cjk}
    runs = {word.text for word in asked if word.is_cjk}
    folded, starts, ends = _fold_with_places(line)
    found = [
        _Hit(starts[begin], ends[end - 1], term)
        for word in words(folded)
        for begin, end, term in (_in_run(word, runs) if word.is_cjk else _in_word(word, stems, beginning))
    ]
    return list(islice(sorted(found), MAX_HITS))


def _in_run(word: Word, runs: set[str]) -> Iterator[tuple[int, int, str]]:
    for run in runs:
        at = word.text.find(run)
        while at != -1:
            yield word.start + at, word.start + at + len(run), run
            at = word.text.find(run, at + len(run))


def _in_word(word: Word, stems: set[str], beginning: str | None) -> Iterator[tuple[int, int, str]]:
    """The whole of what is joined by dashes and the like, or else those of its parts that were asked for."""

    def wanted(text: str) -> str | None:
        if beginning and text.startswith(beginning):
            return beginning
        return stemmed if (stemmed := stem(text)) in stems else None

    if term := wanted(word.whole):
        yield word.start, word.start + len(word.text), term
        return
    at = word.start
    for part in word.parts:
        if term := wanted(part):
            yield at, at + len(part), term
        at += len(part) + 1


def _fold_with_places(line: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """The folded line, and for each of its characters where the original of it starts and ends."""
    if line.isascii():
        return line.lower(), range(len(line)), range(1, len(line) + 1)
    folded, starts, ends = [], [], []
    at = 0
    while at < len(line):
        after = at + 1
        while after < len(line) and unicodedata.combining(line[after]):
            after += 1  # An accent belongs to its letter.
        piece = fold(line[at:after])
        folded.append(piece)
        starts += [at] * len(piece)
        ends += [after] * len(piece)
        at = after
    return "".join(folded), starts, ends


def _without_overlap(hits: list[_Hit]) -> list[_Hit]:
    kept: list[_Hit] = []
    for hit in hits:
        if kept and hit.start < kept[-1].end:
            last = kept[-1]
            kept[-1] = last._replace(end=max(last.end, hit.end))
        else:
            kept.append(hit)
    return kept


def _window(line: str, hits: list[_Hit], width: int) -> tuple[int, int]:
    if len(line) <= width:
        return 0, len(line)
    if not hits:
        return 0, _cut_back(line, width, 0)
    before = width // 4

    def richness(first: _Hit) -> int:
        return len(
            {hit.term for hit in hits if first.start <= hit.start and hit.end <= first.start + width - before}
        )

    best = max(hits, key=richness)  # The first of equals.
    start = max(0, min(best.start - before, len(line) - width))
    space = line.find(" ", start, min(start + _SLACK, best.start)) if start else -1
    start = space + 1 if space != -1 else start
    return start, _cut_back(line, start + width, best.end)


def _cut_back(line: str, end: int, keep: int) -> int:
    """``end``, or the space shortly before it."""
    if end >= len(line):
        return len(line)
    space = line.rfind(" ", max(keep, end - _SLACK), end)
    return space if space != -1 else end


def _joined(pieces: Pieces) -> Pieces:
    """Empty pieces dropped, neighbours that are no hits made one."""
    joined: Pieces = []
    for piece, is_hit in pieces:
        if joined and not is_hit and not joined[-1][1]:
            joined[-1] = (joined[-1][0] + piece, False)
        elif piece:
            joined.append((piece, is_hit))
    return joined

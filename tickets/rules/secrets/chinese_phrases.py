"""Recovery phrases of Chinese characters: apart, in a row, in groups, numbered, joined, or announced. ``chinese_words``
says what tells them from sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tickets.rules.secrets.chinese_groups import announced, grouped
from tickets.rules.secrets.chinese_words import (
    ANYWHERE,
    NAMED,
    ON_ITS_OWN,
    SAID,
    Names,
    Run,
    listed,
    repeats,
    run_of,
    sums_of,
)
from tickets.rules.secrets.findings import Certainty, Finding
from tickets.rules.secrets.numbering import HAN, counted_chinese
from tickets.rules.secrets.wordlists import CHINESE, LENGTHS, SHORTEST, valid_windows

# What stands in the place of a secret, folded; its words are no characters of a phrase, and name none.
_MARK = re.compile(r"\[removed: [a-z -]{4,40} / 已移除:[^\]\n]{2,40}\]")
_GROUP = re.compile(f"[{HAN}]+")
_APART = re.compile(f"[{HAN}](?:[^{HAN}]{{1,32}}+[{HAN}]){{{SHORTEST - 2},}}+")
_TOGETHER = re.compile(rf"[{HAN}](?:\s{{0,3}}+[{HAN}]){{{SHORTEST - 1},}}+")
_DIGIT = re.compile(r"\d")
_FIGURES = "一二三四五六七八九十廿"
_FIGURE = rf"(?:\d{{1,2}}|[{_FIGURES}]{{1,3}})"
_LABELS = (
    # "第三个词是：", "第1-4个词：", "第一行：" before each.
    re.compile(
        rf"第\s{{0,2}}{_FIGURE}(?:\s{{0,2}}[\-~到至]\s{{0,2}}第?{_FIGURE})?\s{{0,2}}(?:个|個|位|行|组|組|排|句|段|列|批)?"
        r"(?:助记词|助記詞|单词|單詞|词|詞|字)?\s{0,2}(?:是|为|為)?"
    ),
    # "一、航润副题".
    re.compile(rf"(?<![{HAN}\d])[{_FIGURES}]{{1,3}}(?=\s{{0,2}}[、.:)])"),
)
_JOINTS_TEXT = """
然后 然後 接着 接著 接下来 接下來 之后 之後 随后 隨後 其次 还有 還有 以及 最后 最後 下一个 下一個 再
和 跟 与 與 加
"""
_JOINTS = tuple(_JOINTS_TEXT.split())
_ANY_JOINT = f"(?:{'|'.join(_JOINTS)})"
# "然后再峡，" and "然后再，": what may begin a joint is a word only where nothing goes on behind it.
_JOINT = (
    rf"[^{HAN}]{{0,8}}+{_ANY_JOINT}{{1,2}}?(?:就?是)?[^{HAN}]{{0,8}}+(?P<word>[{HAN}])"
    rf"(?:(?<![{''.join({joint[0] for joint in _JOINTS})}])|(?![{HAN}])|(?={_ANY_JOINT}))"
)
_JOINED = re.compile(f"[{HAN}](?:{_JOINT.replace('?P<word>', '?:')}){{{SHORTEST - 1},}}+")
_NEXT = re.compile(_JOINT)


def chinese_phrases(text: str) -> Iterator[Finding]:
    """``text`` is folded."""
    if "已移除:" in text:
        text = _MARK.sub(_blank, text)
    groups = _groups(text)
    if sum(end - start for start, end in groups) < SHORTEST - 1:
        return
    yield from _read(text, groups)
    for label in _LABELS:
        plain, labels = label.subn(_blank, text)
        if labels > 1:
            yield from _read(plain, _groups(plain))
    for spans in counted_chinese(text):
        yield from _proved([start for start, _end in spans], text)
    if any(text.count(joint) >= SHORTEST - 2 for joint in _JOINTS):
        yield from _joined(text)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _groups(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _GROUP.finditer(text)]


def _read(text: str, groups: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    names = Names(text)
    yield from _apart(text, names)
    yield from _together(text, names)
    yield from grouped(text, groups, names)
    yield from announced(text, names)


def _proved(starts: Sequence[int], text: str) -> Iterator[Finding]:
    """Single characters of the list that something counts, joins or parts. Dates and amounts do so too
    ("3月31日 500元"), with the same few characters again and again."""
    for run in listed(Run([CHINESE.get(text[start], -1) for start in starts], starts)):
        if any(not _is_table(text, run, *window) for window in valid_windows(run.words)):
            yield run.found(0, len(run.words), Certainty.CERTAIN)
        elif not repeats(run.words):
            yield run.found(0, len(run.words), Certainty.LIKELY)


def _is_table(text: str, run: Run, start: int, end: int) -> bool:
    return (
        repeats(run.words[start:end])
        and _DIGIT.search(text, run.starts[start], run.starts[end - 1]) is not None
    )


def _joined(text: str) -> Iterator[Finding]:
    for match in _JOINED.finditer(text):
        following = _NEXT.finditer(text, match.start() + 1, match.end())
        yield from _proved([match.start(), *(each.start("word") for each in following)], text)


def _apart(text: str, names: Names) -> Iterator[Finding]:
    """Character by character, with something between each two."""
    for match in _APART.finditer(text):
        whole = run_of(text, *match.span())
        yield from _proved(whole.starts, text)
        if names.near(*match.span()):
            for start, end in _all_but_one(whole.words):
                if not repeats(whole.words[start:end]):
                    yield whole.found(start, end, Certainty.LIKELY)


def _all_but_one(words: Sequence[int]) -> Iterator[tuple[int, int]]:
    """At least twelve characters of which one is not in the list."""
    gaps = [-1, *(place for place, word in enumerate(words) if word < 0), len(words)]
    for (before, _gap), (_same, after) in pairwise(pairwise(gaps)):
        if after - before - 2 >= SHORTEST - 1:
            yield before + 1, after


def _together(text: str, names: Names) -> Iterator[Finding]:
    for match in _TOGETHER.finditer(text):
        for run in listed(run_of(text, *match.span())):
            sums = sums_of(run.words)
            if _least(sums) < ON_ITS_OWN or repeats(run.words):
                yield from _drawn_by_lot(text, run, sums, names)


def _least(sums: Sequence[float]) -> float:
    """The longer cannot be less than all of the twelves in it by more than a word's worth."""
    return min(map(float.__sub__, sums[SHORTEST:], sums), default=0.0)


def _drawn_by_lot(text: str, run: Run, sums: Sequence[float], names: Names) -> Iterator[Finding]:
    found = False
    for start, end in valid_windows(run.words):
        limit = _limit(text, run, start, end, names)
        few = limit > NAMED and repeats(run.words[start:end])
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

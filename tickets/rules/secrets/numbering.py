"""Words that are counted in words: "first … second … twenty-fourth", "一、… 二、… 二十四、", "第三个词是 …".

A word of a phrase may be a number itself, and so may what follows it ("two two, three push"; "二、十 三、…"): only the
count tells a label from a word. So each label is looked for where the one before it says that it must stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tickets.rules.secrets.wordlists import SHORTEST

HAN = "\u4e00-\u9fff"
MOST = 24
_CARDINALS_TEXT = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty
"""
_CARDINALS = tuple(_CARDINALS_TEXT.split())
_ORDINALS_TEXT = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
"""
_ORDINALS = tuple(_ORDINALS_TEXT.split())
#: Names of numbers, of both sorts.
NUMBERS = frozenset((*_CARDINALS, *_ORDINALS))
UNITS = frozenset((*_CARDINALS[:9], *_ORDINALS[:9]))
_CHINESE = [*"一二三四五六七八九十", *(f"十{unit}" for unit in "一二三四五六七八九"), "二十"]
# What a label may be joined to its word by, and a word to the next label.
_FILLER = (
    r"[^A-Za-z]{0,12}+(?:(?:the|and|then|next|my|of|is|was|as|word|number|item|step|no)(?![A-Za-z])"
    r"[^A-Za-z]{1,12}+){0,4}"
)
_GAP = f"[^{HAN}]{{0,20}}+"


def _english_label(names: Sequence[str], number: int) -> str:
    said = names[number - 1] if number <= 20 else rf"twenty[ \-]{{0,3}}{names[number - 21]}"
    return f"(?<![A-Za-z]){said}(?![A-Za-z])"


def _chinese_label(number: int) -> str:
    if number <= 20:
        return f"第?{_CHINESE[number - 1]}"
    return f"第?(?:二十|廿){_CHINESE[number - 21]}"


_CHINESE_LABELS = [_chinese_label(number) for number in range(1, MOST + 1)]
_ENGLISH_ENTRY = _FILLER + r"(?P<word>[A-Za-z]{3,8})(?![A-Za-z])"
_CHINESE_ENTRY = (
    rf"\s{{0,2}}(?:个|個|位)?(?:助记词|助記詞|单词|單詞|词|詞|字)?\s{{0,2}}"
    rf"(?:是|为|為)?{_GAP}(?P<word>[{HAN}])"
)


def _entries(
    labels: Sequence[str], entry: str, between: str
) -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    """For each number what stands there when another follows, and when it is the last."""
    following = [*labels[1:], r"(?!)"]
    return [
        (
            # "two word three three": as few names as may be.
            re.compile(f"{label}{entry.replace('{0,4}', '{0,4}?')}{between}(?={after})", re.IGNORECASE),
            re.compile(label + entry, re.IGNORECASE),
        )
        for label, after in zip(labels, following, strict=True)
    ]


_CARDINAL_ENTRIES, _ORDINAL_ENTRIES = (
    _entries([_english_label(names, number) for number in range(1, MOST + 1)], _ENGLISH_ENTRY, _FILLER)
    for names in (_CARDINALS, _ORDINALS)
)
_CHINESE_ENTRIES = _entries(_CHINESE_LABELS, _CHINESE_ENTRY, _GAP)


def counted_english(text: str) -> Iterator[list[tuple[int, int]]]:
    """Where the words stand that are counted from one to at least twelve."""
    low = text.lower()
    if "twelve" in low:
        yield from _counted(text, _CARDINAL_ENTRIES)
    if "twelfth" in low:
        yield from _counted(text, _ORDINAL_ENTRIES)


def counted_chinese(text: str) -> Iterator[list[tuple[int, int]]]:
    if "十二" in text:
        yield from _counted(text, _CHINESE_ENTRIES)


def _counted(
    text: str, entries: Sequence[tuple[re.Pattern[str], re.Pattern[str]]]
) -> Iterator[list[tuple[int, int]]]:
    done = 0
    for first in entries[0][0].finditer(text):
        if first.start() < done:
            continue
        spans: list[tuple[int, int]] = []
        done = first.start()
        for followed, last in entries:
            entry = followed.match(text, done) or last.match(text, done)
            if entry is None:
                break
            spans.append(entry.span("word"))
            done = entry.end()
        if len(spans) >= SHORTEST:
            yield spans

"""A text as counted n-grams, each a column number: what a model sees of it.

English by the letters within its words (two to five, with the word's edges) and by runs of one to three words; Chinese
by runs of one to three characters, which needs no cutting into words. The column is a checksum of the n-gram: nothing
of a text is kept, and no table of words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from math import log
from zlib import crc32

from tickets.learning.scripts import simplified

#: 2^17 columns: with a hundred thousand n-grams of a desk's texts few share one, and none matters much alone.
COLUMNS = 1 << 17
#: What a case is about stands at its beginning; a pasted log must not cost seconds.
MOST_LETTERS = 1_500
LETTERS, WORDS, CHARACTERS = range(2, 6), range(1, 4), range(1, 4)

_CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_PART = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?P<word>[^\W_{_CJK}]+(?:'[a-z]+)?)|(?P<mark>[?!])")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_DIGITS = re.compile(r"\d[\d,.:]*")


def folded(text: str) -> str:
    """Small letters, simplified characters; each number, web and mail address is one and the same word."""
    text = unicodedata.normalize("NFKC", text[: MOST_LETTERS * 2]).lower()
    text = _MAIL.sub(" mailaddress ", _ADDRESS.sub(" webaddress ", text))
    return simplified(_DIGITS.sub("0", text)).replace("’", "'")[:MOST_LETTERS]


def counted(text: str) -> dict[int, float]:
    """Column to how often, dampened: 1 + log(count)."""
    counts = Counter(crc32(gram.encode()) % COLUMNS for gram in grams(folded(text)))
    return {column: 1.0 + log(count) for column, count in counts.items()}


def grams(text: str) -> Iterator[str]:
    """Of a folded text. Those of words, letters and characters are told apart by their first sign."""
    words: list[str] = []
    for part in _PART.finditer(text):
        if part["cjk"]:
            yield from _runs(part["cjk"], CHARACTERS, "c")
            words.append("")  # a run of words does not reach over Chinese
        else:
            words.append(part[0])
            if part["word"]:
                yield from _runs(f" {part[0]} ", LETTERS, "l")
    for length in WORDS:
        for start in range(len(words) - length + 1):
            run = words[start : start + length]
            if all(run):
                yield "w" + " ".join(run)


def _runs(text: str, lengths: range, sign: str) -> Iterator[str]:
    for length in lengths:
        for start in range(len(text) - length + 1):
            yield sign + text[start : start + length]

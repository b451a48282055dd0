"""Search tokens for Chinese and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import Stemmer

_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[a-z0-9]+")


def _stem(word: str) -> str:
    return str(Stemmer.Stemmer("english").stemWord(word))


def lexemes(text: str) -> list[str]:
    found: list[str] = []
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0] > "\u33ff":
            found += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
        else:
            found.append(_stem(run))
    return found


def to_tsvector_literal(weighted: Sequence[tuple[str, str]]) -> str:
    parts, position = [], 0
    for text, weight in weighted:
        for token in lexemes(text):
            position = min(position + 1, 16000)
            parts.append(f"'{token}':{position}{weight}")
    return " ".join(parts)


def to_tsquery(text: str, *, prefix: bool = False) -> str:
    return " & ".join(f"'{token}'" for token in lexemes(text))

"""Whom does a note call by name? ``@Ann Lee`` and ``请@王小明看一下``: Chinese puts no blank around a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

#: The second is what a Chinese keyboard types.
SIGNS = "@＠"
#: An address is no mention: what stands before its sign belongs to it.
_OF_ADDRESSES = "._%+-"


def mentioned(text: str, names: Iterable[str]) -> list[str]:
    """Those of ``names`` that stand after a sign in the text, each once, in the order of the text.

    Letter case does not matter. Where several fit, the longest is meant: "@Ann Lee" calls Ann Lee, not Ann.
    """
    known = sorted({name for name in names if name}, key=len, reverse=True)
    found = (_named_at(text, place + 1, known) for place in _signs(text))
    return list(dict.fromkeys(name for name in found if name))


def _signs(text: str) -> Iterator[int]:
    for place, letter in enumerate(text):
        before = text[place - 1] if place else " "
        if letter in SIGNS and not (before.isascii() and before.isalnum()) and before not in _OF_ADDRESSES:
            yield place


def _named_at(text: str, start: int, longest_first: list[str]) -> str:
    for name in longest_first:
        end = start + len(name)
        if text[start:end].casefold() == name.casefold() and not _goes_on(text, end):
            return name
    return ""


def _goes_on(text: str, end: int) -> bool:
    """Whether a word of Latin letters runs on: "@Anna" does not call Ann."""
    if end >= len(text):
        return False
    last, after = text[end - 1], text[end]
    return last.isascii() and last.isalnum() and after.isascii() and (after.isalnum() or after == "_")

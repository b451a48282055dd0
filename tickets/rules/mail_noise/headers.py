"""The header fields of a mail, asked by name; and what single ones say about who, or what, wrote it."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LONGEST = 80
_SPACE = re.compile(r"\s+")
_COMMENT = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[a-z0-9_-]+")


class Fields:
    """Names without regard to case. A value is the first of its name, the topmost, on one line."""

    def __init__(self, headers: Sequence[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in headers:
            self._values.setdefault(name.strip().lower(), []).append(_SPACE.sub(" ", value).strip())

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._values

    def __getitem__(self, name: str) -> str:
        return self.all(name)[0] if name in self else ""

    def all(self, name: str) -> list[str]:
        return self._values.get(name.lower(), [])

    def word(self, name: str) -> str:
        """The first word: ``auto-replied`` of ``Auto-Replied (vacation); owner=x``. Empty for nothing that is one."""
        found = _WORD.match(_COMMENT.sub(" ", self[name][:200].lower()).strip())
        return found[0] if found else ""

    def shown(self, name: str) -> str:
        """``Name: value`` for people to read, not too long and without signs that do not print."""
        return f"{name}: {printable(self[name][:_LONGEST])}".rstrip()


def printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())


def first_of(fields: Fields, names: Sequence[str]) -> str:
    """The first of these names that the mail has, shown; empty when it has none."""
    return next((fields.shown(name) for name in names if name in fields), "")

"""A mail's text as lines that know whether they are blank, marked as quoted, or text."""

from __future__ import annotations

import re
from enum import Enum

#: Beyond so many lines from the start nothing announces a quotation: nobody has written so much above one.
MAX_LOOK = 5_000
#: Longer lines are nothing but text or quotation.
MAX_LINE = 500

# What programs print for the eye, or against it, between the characters that count.
_INVISIBLE = (
    "\u200b",
    "\u200e",
    "\u200f",
    "\u202a",
    "\u202c",
    "\u2060",
    "\u2066",
    "\u2069",
    "\ufeff",
    "\u00ad",
)
_SPACES = ("\u00a0", "\u202f", "\u2007", "\u3000", "\u2009", "&nbsp;")
# A mark of quotation; not a face, and not "at least".
_MARK = re.compile(r"[>＞](?![_.]{1,2}<|[:;]['-]?[()/]|=)")
# Some old programs mark with the initials of who wrote it. One such line could be a prompt; two are a quotation.
_INITIALS = re.compile(r"[A-Z]{1,3}>(?=\s|$)")
_DEEP_INITIALS = re.compile(r"[A-Z]{1,3}>{3}")


class Kind(Enum):
    BLANK = "blank"
    QUOTE = "quote"
    TEXT = "text"


class Page:
    """``raw``: the lines as they came; ``plain``: without invisible characters and outer space, for rules to
    read; ``kinds``: of each line; ``filled``: for each line the first one from it on that is not blank.
    """

    def __init__(self, text: str) -> None:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.raw = text.split("\n")
        for character in _INVISIBLE:
            text = text.replace(character, "")
        for character in _SPACES:
            text = text.replace(character, " ")
        self.plain = [line.strip() for line in text.split("\n")]
        self.kinds = _kinds(self.plain)
        self._mark_initials()
        self.filled = self._next_filled()

    def __len__(self) -> int:
        return len(self.raw)

    def next_is_quoted(self, at: int) -> bool:
        """Whether the first line from here on that is not blank is marked."""
        nearest = self.filled[at]
        return nearest < len(self) and self.kinds[nearest] is Kind.QUOTE

    def quote_end(self, at: int) -> int:
        """Behind the last line of the quotation that begins here, over blank lines within it."""
        end = at
        while end < len(self) and self.kinds[end] is Kind.QUOTE:
            after = end + 1
            end = self.filled[after] if self.next_is_quoted(after) else after
        return end

    def mark_bars(self, at: int) -> None:
        """Lines with a bar in front are a table of the writer's anywhere but below an announcement."""
        nearest = self.filled[at]
        while nearest < len(self) and self.plain[nearest].startswith("|"):
            self.kinds[nearest] = Kind.QUOTE
            nearest += 1

    def _mark_initials(self) -> None:
        before = ""
        for at, line in enumerate(self.plain):
            found = _INITIALS.match(line) if ">" in line[:4] else None
            if ">>>" in line[:6] and _DEEP_INITIALS.match(line):
                self.kinds[at] = Kind.QUOTE
            initials = found.group() if found else ""
            if initials and initials == before:
                self.kinds[at - 1] = self.kinds[at] = Kind.QUOTE
            before = initials

    def _next_filled(self) -> list[int]:
        nearest = len(self.raw)
        found = [nearest] * (nearest + 1)
        for at in range(nearest - 1, -1, -1):
            if self.plain[at]:
                nearest = at
            found[at] = nearest
        return found


def unmarked(line: str) -> str:
    """The line below its marks of quotation."""
    return line.lstrip(">＞ \t|")


def _kinds(lines: list[str]) -> list[Kind]:
    blank, quote, text = Kind
    return [(quote if line[0] in ">＞" and _MARK.match(line) else text) if line else blank for line in lines]

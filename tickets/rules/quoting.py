"""What of a message is somebody's earlier words, and whether it is too long to stand in full.

Mails lose what stands below an answer when they come in (``rules.replies``); what is left between the writer's own
lines, and what people mark by hand, is found here, when a conversation is shown. Nothing is lost or moved: the parts
joined are the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: More than either is folded.
MOST_LINES = 40
MOST_CHARACTERS = 4_000
#: A quotation's first words, for the line that stands in its place.
BEGINNING = 80

_MARKED = re.compile(r"[ \t]{0,3}[>＞]")
_MARKS = re.compile(r"(?:[ \t]*[>＞])+[ \t]?")
#: ">5 USDT", ">= 100": more than, not said before.
_COMPARES = re.compile(r"[ \t]*[>＞]\s?[=\d]")
_FENCE = re.compile(r"[ \t]{0,3}```")


@dataclass(frozen=True)
class Part:
    """Whole lines of a text, one after the other; ``is_quoted``: each begins with a quotation mark."""

    text: str
    is_quoted: bool

    @property
    def lines(self) -> int:
        return self.text.strip("\n").count("\n") + 1

    @property
    def beginning(self) -> str:
        """Of a quotation, its first words without marks, on one line."""
        words = " ".join(_MARKS.sub("", line, count=1).strip() for line in self.text.splitlines()).split()
        text = " ".join(words)
        return text if len(text) <= BEGINNING else f"{text[:BEGINNING].rstrip()}…"


def parts(text: str) -> list[Part]:
    """The text as runs of quoted and of own lines, in order. Code between lines of backticks is never a quotation,
    nor is a single line that compares."""
    found: list[tuple[list[str], bool]] = []
    for line, is_quoted in _judged(text.splitlines(keepends=True)):
        if not found or found[-1][1] != is_quoted:
            found.append(([], is_quoted))
        found[-1][0].append(line)
    return _joined([Part("".join(lines), is_quoted and not _compares(lines)) for lines, is_quoted in found])


def _judged(lines: list[str]) -> Iterator[tuple[str, bool]]:
    in_code = False
    for line in lines:
        is_fence = _FENCE.match(line) is not None
        yield line, not in_code and not is_fence and _MARKED.match(line) is not None
        in_code ^= is_fence


def _compares(lines: list[str]) -> bool:
    return len(lines) == 1 and _COMPARES.match(lines[0]) is not None


def _joined(found: list[Part]) -> list[Part]:
    """Neighbours of one kind as one."""
    joined: list[Part] = []
    for part in found:
        if joined and joined[-1].is_quoted == part.is_quoted:
            part = Part(joined.pop().text + part.text, part.is_quoted)
        joined.append(part)
    return joined


def is_long(found: list[Part]) -> bool:
    """Whether what is not quoted is too long to stand in full."""
    own = [part for part in found if not part.is_quoted]
    return (
        sum(part.lines for part in own) > MOST_LINES or sum(len(part.text) for part in own) > MOST_CHARACTERS
    )

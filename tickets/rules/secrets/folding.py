"""One spelling for many: full-width, styled and compatibility characters, kinds of spaces and dashes, marks that nobody
sees, blanks that programs write with letters. What is found in the folded text is told in places of the original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

# Where characters with another spelling live; scanned once.
_BLOCKS = (range(0x80, 0x3400), range(0xA000, 0xAC00), range(0xF900, 0x10000), range(0x1D400, 0x1D800))
_FAR_BLOCKS = (range(0x1F100, 0x1F200), range(0x2F800, 0x2FA20))
_INVISIBLE = {
    0x034F,
    0x115F,
    0x1160,
    0x17B4,
    0x17B5,
    0x3164,
    0xFFA0,
    *range(0xFE00, 0xFE10),
    *range(0x180B, 0x1810),
}


@dataclass(frozen=True)
class Folded:
    """``text`` and, where it is not one character for one, the place in the original of each of its
    characters."""

    text: str
    places: Sequence[int] | None = None

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """A slice of ``text`` as a slice of the original."""
        if self.places is None or start >= end:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def _spelled(character: str) -> str:
    """Empty for what nobody sees."""
    if ord(character) in _INVISIBLE or unicodedata.category(character) == "Cf":
        return ""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    category = unicodedata.category(character)
    if category == "Pd" or character == "\u2212":
        return "-"
    if category in ("Zs", "Zl", "Zp"):
        return " " if category == "Zs" else "\n"
    plain = unicodedata.normalize("NFKC", character)
    # A mark that only gets longer ("…", "½") says nothing more.
    return plain if len(plain) == 1 or plain.isalnum() else character


def _spellings() -> Iterator[tuple[str, str]]:
    for block in (*_BLOCKS, *_FAR_BLOCKS):
        for code in block:
            spelled = _spelled(chr(code))
            if spelled != chr(code):
                yield chr(code), spelled


_ALL = dict(_spellings())
_ONE_FOR_ONE = str.maketrans({character: text for character, text in _ALL.items() if len(text) == 1})
_OTHERS = {character: text for character, text in _ALL.items() if len(text) != 1}
#: Tags of another plane are as invisible, and too many to list.
_OTHER = re.compile(f"[{re.escape(''.join(_OTHERS))}\U000e0000-\U000e0fff]")
#: A line break, a comma and a blank as JSON, addresses of pages, HTML and mails write them.
_WRITTEN_BLANK = re.compile(
    r"(?P<line>\\{1,4}+(?:[nrvf]|u000[a-dA-D]|x0[a-dA-D])|%(?:25){0,2}0[a-dA-D]|=0[AD]|&#(?:1[03]|[xX]0?[aAdD]);)"
    r"|(?P<comma>%(?:25){0,2}2[cC])"
    r"|\\{1,4}+(?:t|u(?:0009|0020|00[aA]0|200[bB]|3000)|x(?:09|20|[aA]0))"
    r"|%(?:25){0,2}(?:09|20)|%[cC]2%[aA]0|%[eE]3%80%80|=20(?!\d)|\+(?<=\d{4}\+)(?=\d{4}(?!\d))"
    r"|&(?:amp;){0,2}(?:nbsp|ensp|emsp|thinsp|zwnj|#(?:9|32|160|[xX](?:0?9|20|[aA]0)));"
)

_SIGNS = {"line": "\n", "comma": ","}
#: Characters: a secret and what it is called are no longer.
_AROUND = 600


def fold(text: str, *, unseen: str = "") -> Folded:
    """``unseen`` stands for each mark that nobody sees: they part words in one text, and hide in words
    in another."""
    if text.isascii():
        return Folded(text)
    return _replaced(text.translate(_ONE_FOR_ONE), _OTHER, lambda match: _OTHERS.get(match[0], "") or unseen)


def with_blanks(text: str) -> Folded:
    """``text`` is folded. What is written as ``\\n``, ``%20`` or ``&nbsp;`` is the sign itself, and what stands far
    from any is left out; no ``places`` where there is none."""
    spans = [match.span() for match in _WRITTEN_BLANK.finditer(text)]
    if not spans:
        return Folded(text)
    # Whole words: half of a number is another number.
    first, last = spans[0][0] - _AROUND, spans[-1][1] + _AROUND
    start = max(text.rfind(" ", 0, first), text.rfind("\n", 0, first)) + 1 if first > 0 else 0
    end = text.find(" ", last)
    return _replaced(
        text,
        _WRITTEN_BLANK,
        lambda match: _SIGNS.get(match.lastgroup or "", " "),
        within=(start, end if end >= 0 else len(text)),
    )


def _replaced(
    text: str,
    pattern: re.Pattern[str],
    by: Callable[[re.Match[str]], str],
    *,
    within: tuple[int, int] | None = None,
) -> Folded:
    if pattern.search(text) is None:
        return Folded(text)
    done, size = within or (0, len(text))
    parts: list[str] = []
    places: list[int] = []
    for match in pattern.finditer(text, done, size):
        spelled = by(match)
        parts += text[done : match.start()], spelled
        places += range(done, match.start())
        places += [match.start()] * len(spelled)
        done = match.end()
    parts.append(text[done:size])
    places += range(done, size)
    return Folded("".join(parts), places)

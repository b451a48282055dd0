"""Finding forbidden phrases in a text: wildcards, any spelling of width and case, and not where they are denied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from tickets.rules.secrets.folding import fold

#: A wildcard reaches so far, and never into the next sentence.
REACH = 60
_ANYTHING = rf"[^\n.!?;。！？；]{{0,{REACH}}}?"
# "We cannot guarantee a refund" promises none. Only what stands right before, in the same part of the sentence.
_DENIED = re.compile(
    r"(?:\b(?:not|never|no|cannot|unable to|without|nobody)\b|n't\b)[^,.;:!?\n]{0,20}$"
    r"|(?:不能|不会|不會|不敢|不可|不作|不做|不予|无法|無法|没有|沒有|并非|並非|未|勿|别|不)[^，,。；;！!？?\n]{0,3}$",
    re.IGNORECASE,
)
MOST_LINES, LONGEST, MOST_WILDCARDS = 100, 200, 5
#: Looked at before a phrase for a denial.
_LOOK_BACK = 40


class NotAPhrase(ValueError):
    """``line`` is what cannot be looked for; empty where there are none or too many."""

    def __init__(self, line: str = "") -> None:
        super().__init__("not a phrase")
        self.line = line


def checked(words: str) -> list[str]:
    """The lines of a row as they are kept. Raises NotAPhrase for one that would be found everywhere or cannot be."""
    lines = lines_of(words)
    if not 0 < len(lines) <= MOST_LINES:
        raise NotAPhrase
    for line in lines:
        parts = [part.strip() for part in line.split("*") if part.strip()]
        short = not parts or any(len(part) < 2 for part in parts)
        if short or len(line) > LONGEST or line.count("*") > MOST_WILDCARDS:
            raise NotAPhrase(line)
    return lines


def lines_of(words: str) -> list[str]:
    """The phrases of a row: one a line, empty lines left out."""
    return [line.strip() for line in words.splitlines() if line.strip(" *\t")]


def find_phrase(phrase: str, text: str) -> Iterator[tuple[int, int]]:
    """Where a phrase stands in ``text``, which is folded. Denied, it is not said."""
    pattern = _compiled(phrase)
    for match in pattern.finditer(text) if pattern is not None else ():
        if _DENIED.search(text, max(0, match.start() - _LOOK_BACK), match.start()) is None:
            yield match.span()


@lru_cache(maxsize=1000)
def _compiled(phrase: str) -> re.Pattern[str] | None:
    """Each wildcard ends at the first place where what follows it stands: no text makes it take long."""
    parts = [_part(part) for part in fold(phrase).text.split("*") if part.strip()]
    if not parts:
        return None
    first, *rest = parts
    return re.compile(first + "".join(f"(?>{_ANYTHING}{part})" for part in rest), re.IGNORECASE)


def _part(part: str) -> str:
    """Words between two wildcards. Latin letters begin and end with a word; spaces are of any kind and number."""
    words = r"\s+".join(re.escape(word) for word in part.split())
    bare = part.strip()
    before = r"(?<![A-Za-z0-9])" if re.match("[A-Za-z0-9]", bare) else ""
    after = r"(?![A-Za-z0-9])" if re.search("[A-Za-z0-9]$", bare) else ""
    return f"{before}{words}{after}"

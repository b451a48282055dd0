"""Secrets that a file's text does not show as it stands: with escapes, down a column, letter by letter. A person, or
the program for which the file was written, reads them all the same.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from tickets.rules.secrets import Certainty, Kind, find
from tickets.rules.secrets.guard import guard

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([^\s\w]|[nrtbf]))")
_SAYS = {"n": "\n", "r": "\n", "t": "\t", "b": "", "f": "\n"}
#: JSON within JSON has escapes of escapes.
_ROUNDS = 3
_DELIMITERS = ("\t", ",", ";", "|")
#: A table with fewer lines holds no phrase, and in a longer column words of the list are something else's.
_LEAST_ROWS, _MOST_CELLS = 12, 400
_MOST_COLUMNS = 40
#: Of the words of a phrase so many differ; "deposit", "transfer", "deposit", … are a column of a statement.
_DIFFERENT = 0.75
_SPACED = re.compile(r"^.*(?:(?<!\S)\S[ \u00a0]{1,3}){20}.*$", re.MULTILINE)
_INNER_SPACE = re.compile(r"(?<=\S)[ \u00a0](?=\S)")


def hidden_kinds(text: str) -> tuple[Kind, ...]:
    """Of which kinds there are secrets besides those that ``guard`` sees in the text itself."""
    kinds: dict[Kind, None] = {}
    for other in (*_without_escapes(text), *_without_spacing(text)):
        kinds |= dict.fromkeys(guard(other).kinds)
    if any(_is_phrase(column) for column in _columns(text)):
        kinds[Kind.MNEMONIC] = None
    return tuple(kinds)


def _without_escapes(text: str) -> Iterator[str]:
    for _round in range(_ROUNDS):
        plain = _ESCAPE.sub(_said, text)
        if plain == text:
            return
        yield plain
        text = plain


def _said(escape: re.Match[str]) -> str:
    if code := escape[1] or escape[2]:
        # Half of a pair is no character.
        return chr(int(code, 16)) if not 0xD800 <= int(code, 16) < 0xE000 else " "
    return _SAYS.get(escape[3], escape[3])


def _without_spacing(text: str) -> Iterator[str]:
    """Lines in which a space stands behind each letter, without these: what is left parts the words."""
    lines = [_INNER_SPACE.sub("", line[0]) for line in _SPACED.finditer(text)]
    if lines:
        yield "\n".join(lines)


def _columns(text: str) -> Iterator[str]:
    """Each column of a table of lines, a cell in a line."""
    lines = text.splitlines()
    if len(lines) < _LEAST_ROWS:
        return
    for delimiter in _DELIMITERS:
        if sum(delimiter in line for line in lines) < _LEAST_ROWS:
            continue
        columns: list[list[str]] = []
        try:
            for row in csv.reader(lines, delimiter=delimiter):
                for place, cell in enumerate(row[:_MOST_COLUMNS]):
                    if place == len(columns):
                        columns.append([])
                    columns[place].append(cell.strip())
        except csv.Error:
            continue
        yield from ("\n".join(_words(column)) for column in columns)


def _words(cells: list[str]) -> list[str]:
    """The cells of one word."""
    words = [cell for cell in cells if cell and not any(map(str.isspace, cell))]
    return words if len(words) <= _MOST_CELLS else []


def _is_phrase(column: str) -> bool:
    for found in find(column):
        words = column[found.start : found.end].lower().split()
        if found.kind == Kind.MNEMONIC and found.certainty == Certainty.CERTAIN:
            return len(set(words)) >= _DIFFERENT * len(words)
    return False

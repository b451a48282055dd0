"""Rows of digits in a text: groups with little between them, and what a row may not be part of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpdesk.lib.identifiers import without_identifiers

#: At least so many digits with little between them: shorter rows are no card and no identity number.
_ROW = re.compile(r"\d(?:[ \t\n\-./_·•,、|*]{0,3}+\d){11,}+")
_GROUP = re.compile(r"\d+")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}+(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")


@dataclass(frozen=True)
class Row:
    """``starts`` and ``ends`` of the groups, ``digits`` of each."""

    starts: Sequence[int]
    ends: Sequence[int]
    digits: Sequence[str]

    def between(self, text: str, number: int) -> str:
        """What stands between a group and the next."""
        return text[self.ends[number] : self.starts[number + 1]]


def rows(text: str) -> Iterator[Row]:
    """Every row of at least twelve digits that is no bank account number (IBAN), and no part of an identifier."""
    text = without_identifiers(text)
    for match in _ROW.finditer(text):
        groups = [(found.start(), found.end()) for found in _GROUP.finditer(text, *match.span())]
        for account in _IBAN.finditer(text, max(0, match.start() - 10), match.end() + 4):
            if _is_iban(account[0]):
                start, end = account.span()
                groups = [group for group in groups if group[1] <= start or group[0] >= end]
        if groups:
            yield Row(
                [start for start, _end in groups],
                [end for _start, end in groups],
                [text[start:end] for start, end in groups],
            )


def _is_iban(text: str) -> bool:
    plain = text.replace(" ", "")
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1

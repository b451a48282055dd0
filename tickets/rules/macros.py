"""Which macros fit a case, and filling the blanks of a text."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tickets.choices import Status

#: What may stand in braces in a macro, or in a reply to many at once.
BLANKS = (
    "customer",
    "number",
    "subject",
    "category",
    "status",
    "due",
    "agent",
    "agent_first",
    "brand",
    "hotline",
    "help_page",
)
_BLANK = re.compile(r"\{(" + "|".join(BLANKS) + r")(?:\|([^{}\n]*))?\}")
_WORD_IN_BRACES = re.compile(r"\{([^\W\d]\w*)(?:\|[^{}\n]*)?\}")
#: No case is made "new" again: that word means that nobody has looked.
SETTABLE = tuple(status for status in Status if status != Status.NEW)


def fill(text: str, otherwise: Mapping[str, str] | None = None, **values: str) -> str:
    """``text`` with its blanks filled; other braces stay as they are, and what is filled in is not read again.

    ``{customer|there}``: "there" where the customer's name is not known. Where a text names nothing instead, what
    ``otherwise`` has is written; a blank that nobody gave a value stays.
    """

    def filled(match: re.Match[str]) -> str:
        blank, instead = match[1], match[2]
        value = values.get(blank)
        if value:
            return value
        if instead is not None:
            return str(instead)
        return (otherwise or {}).get(blank, match[0] if value is None else value)

    return _BLANK.sub(filled, text)


def unknown_blanks(text: str) -> list[str]:
    """Words in braces that nobody fills in: a misspelt one would reach the customer as it is."""
    return list(dict.fromkeys(word for word in _WORD_IN_BRACES.findall(text) if word not in BLANKS))


def known_blanks() -> str:
    """All there are, as they are written."""
    return " ".join(f"{{{blank}}}" for blank in BLANKS)


@dataclass(frozen=True)
class Conditions:
    """For which cases a macro is; None, an empty text or list: for every one."""

    brand: int | None = None
    category: int | None = None
    team: int | None = None
    channel: str = ""
    statuses: Collection[str] = ()


@dataclass(frozen=True)
class Case:
    """``categories``: its own and those above it."""

    brand: int
    categories: Collection[int]
    channel: str
    status: str


def fits(wanted: Conditions, case: Case, *, teams: Collection[int] | None) -> bool:
    """Whether somebody of these ``teams`` may use it on the case; None: they stand above teams."""
    return (
        wanted.brand in (None, case.brand)
        and (wanted.category is None or wanted.category in case.categories)
        and (wanted.team is None or teams is None or wanted.team in teams)
        and wanted.channel in ("", case.channel)
        and (not wanted.statuses or case.status in wanted.statuses)
    )

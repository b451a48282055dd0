"""What pages may say, and nothing else: which tickets they show, and what their reader does."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

from tickets.rules import numbers

#: A page of the queue holds fewer.
MOST_SHOWN = 250
LARGEST_BYTES = 8 * 1024


class Doing(IntEnum):
    """Of what somebody does in several tabs the greatest counts."""

    READ = 0
    NOTE = 1
    REPLY = 2


class Nonsense(ValueError):
    """No page of ours says this."""


@dataclass(frozen=True, slots=True)
class Watch:
    """These tickets are on the screen, each in this version. ``since``: what happened after it is not known yet."""

    versions: dict[str, int]
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Here:
    """The reader has this ticket open ("" none), and does this."""

    number: str
    doing: Doing


def understand(text: str) -> Watch | Here:
    """Raises Nonsense."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise Nonsense("this is not JSON") from problem
    if not isinstance(said, dict):
        raise Nonsense("this is no object")
    if said.get("type") == "watch":
        return Watch(_versions(said.get("tickets")), _moment(said.get("since")))
    if said.get("type") == "here":
        return _here(said)
    raise Nonsense("this type is unknown")


def _versions(said: Any) -> dict[str, int]:
    if not isinstance(said, dict) or len(said) > MOST_SHOWN:
        raise Nonsense("tickets must be an object of a page's tickets")
    if not all(_is_number(number) and _is_count(version) for number, version in said.items()):
        raise Nonsense("tickets must hold numbers and versions")
    return said


def _moment(said: Any) -> datetime | None:
    """Thousandths of a second since 1970, by the server's clock, as the server said it."""
    if said is None:
        return None
    if not _is_count(said):
        raise Nonsense("since must be a moment")
    try:
        return datetime.fromtimestamp(said / 1000, UTC)
    except (OverflowError, ValueError, OSError) as problem:
        raise Nonsense("since must be a moment") from problem


def _here(said: dict[str, Any]) -> Here:
    number, doing = said.get("number", ""), said.get("doing", "read")
    if not isinstance(number, str) or not isinstance(doing, str) or doing.upper() not in Doing.__members__:
        raise Nonsense("here must name a ticket and what is done")
    if number and not _is_number(number):
        raise Nonsense("this is no number of a ticket")
    return Here(number, Doing[doing.upper()])


def _is_number(said: object) -> bool:
    return isinstance(said, str) and len(said) == numbers.LENGTH and said.isascii() and said.isalnum()


def _is_count(said: object) -> bool:
    return isinstance(said, int) and not isinstance(said, bool) and 0 <= said < 2**53

"""Secrets in the Message-ID of a mail: its sender chose it, and what one answers names it again.

Programs write digits by lot into an id, and one in ten of their numbers has the check digit of a card. So a card counts
only where little else of digits stands beside it.
"""

from __future__ import annotations

from tickets.rules.secrets import Finding, Kind, find
from tickets.rules.secrets.guard import LEAST, OPENS_WALLET

_NUMBERS = frozenset({Kind.CARD, Kind.IDENTITY})
#: A date and a code ("12-27-123") may stand beside a card; more is the time or the counter of a program.
MOST_DIGITS_BESIDE = 7


def kinds_in_id(message_id: str) -> tuple[Kind, ...]:
    """Each once; for nearly every id none."""
    found = [each for each in find(message_id) if each.certainty >= LEAST[each.kind]]
    counting = (
        each.kind
        for each in found
        if each.kind in OPENS_WALLET or (each.kind in _NUMBERS and _stands_alone(message_id, each))
    )
    return tuple(dict.fromkeys(counting))


def _stands_alone(message_id: str, found: Finding) -> bool:
    """Before or behind the "@", wherever it is."""
    start = message_id.rfind("@", 0, found.start) + 1
    end = message_id.find("@", found.end)
    beside = message_id[start : found.start] + message_id[found.end : end if end >= 0 else len(message_id)]
    return sum(map(str.isdigit, beside)) <= MOST_DIGITS_BESIDE

"""The list of known scams in the words of programs. Defanged: it is read by people too, and opens nothing there."""

from __future__ import annotations

from typing import Any

from helpdesk.lib.defang import defanged
from tickets.queries.scams import Listed

HEADS = ("kind", "value", "host", "campaign", "state", "reports", "first_seen", "last_seen")


def as_row(one: Listed, *, plain: bool = False) -> list[str | int | float | None]:
    """In the order of HEADS. ``plain``: as it stands, for a filter that is to block it."""
    return list(as_json(one, plain=plain).values())


def as_json(one: Listed, *, plain: bool = False) -> dict[str, Any]:
    written = str if plain else defanged
    return {
        "kind": one.kind.value,
        "value": written(one.value),
        "host": written(one.block),
        "campaign": one.campaign,
        "state": one.state,
        "reports": one.reports,
        "first_seen": one.first.isoformat(),
        "last_seen": one.last.isoformat(),
    }

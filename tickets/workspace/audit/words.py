"""Entries of the audit log in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import AuditKind, RevealReason
from accounts.models import AuditEntry
from tickets.rules import numbers

#: Longer details are cut in the list; the entry's own page has them whole.
SHOWN = 120


@dataclass(frozen=True)
class Row:
    entry: AuditEntry
    what: str
    who: str
    ticket: str
    details: str


def row_of(entry: AuditEntry) -> Row:
    details = " · ".join(f"{name}: {value}" for name, value in details_of(entry))
    return Row(
        entry,
        what_of(entry),
        who_of(entry),
        numbers.display(entry.ticket) if entry.ticket else "",
        details if len(details) <= SHOWN else f"{details[: SHOWN - 1]}…",
    )


def what_of(entry: AuditEntry) -> str:
    try:
        return str(AuditKind(entry.kind).label)
    except ValueError:  # of a later release
        return entry.kind


def who_of(entry: AuditEntry) -> str:
    return entry.actor.display_name if entry.actor else _("nobody logged in, or the desk itself")


def details_of(entry: AuditEntry) -> Iterator[tuple[str, str]]:
    """(name, value); changes as old → new."""
    for name, value in entry.data.items():
        if name == "changes" and isinstance(value, dict):
            for field, pair in value.items():
                yield field, _change(pair)
        elif name == "reason" and value in RevealReason.values:
            yield name, str(RevealReason(value).label)
        else:
            yield name, plain(value)


def _change(pair: Any) -> str:
    if isinstance(pair, list) and len(pair) == 2:
        return f"{plain(pair[0])} → {plain(pair[1])}"
    return plain(pair)


def plain(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, list):
        return ", ".join(plain(part) for part in value) or "—"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

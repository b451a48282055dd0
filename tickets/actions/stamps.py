"""When a case was solved and closed, as it was before its status changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from tickets.choices import EventKind, Status
from tickets.models import Event, Ticket

_ENDED = (Status.SOLVED, Status.CLOSED)


def stamps_before(ticket: Ticket, change: Event) -> dict[str, Any]:
    """The columns that go with the status before ``change``, to be written with it."""
    before, now = Status(change.data["from"]), Status(change.data["to"])
    if before in _ENDED and now in _ENDED:
        return {"closed_at": None}
    if now in _ENDED:
        return {"solved_at": None, "closed_at": None}
    if before not in _ENDED:
        return {}
    # The change had opened it again.
    solved = moment(change.data, "solved_at") or _when(ticket, Status.SOLVED, change)
    closed = moment(change.data, "closed_at") or _when(ticket, Status.CLOSED, change)
    return {
        "solved_at": solved,
        "closed_at": closed if before == Status.CLOSED else None,
        "reopen_count": max(ticket.reopen_count - 1, 0),
    }


def moment(data: Mapping[str, Any], name: str) -> datetime | None:
    return parse_datetime(data[name]) if data.get(name) else None


def _when(ticket: Ticket, status: Status, change: Event) -> datetime:
    """When it became so the last time before the change, which is too old to tell; of what came from elsewhere no
    event tells.
    """
    rows = Event.objects.filter(ticket=ticket, kind=EventKind.STATUS_CHANGED, pk__lt=change.pk)
    found = rows.filter(data__to=status).order_by("-pk").values_list("at", flat=True).first()
    return found or change.at

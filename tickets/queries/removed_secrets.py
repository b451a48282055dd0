"""Which secrets were taken out of what was said on a case: kinds only, from its events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tickets.choices import ActorKind, EventKind
from tickets.models import Event, Message, Ticket
from tickets.rules.secrets import Kind


def kinds_in(message: Message) -> list[Kind]:
    """Of one message. By the index on a ticket's events."""
    rows = Event.objects.filter(ticket=message.ticket_id, message=message, kind=EventKind.SECRET_REMOVED)
    return read_kinds(data.get("kinds", []) for data in rows.values_list("data", flat=True))


def kinds_at_opening(ticket: Ticket) -> list[Kind]:
    """Of what the case began with: form, subject and first message."""
    first = Message.objects.filter(ticket=ticket).order_by("pk").first()
    return kinds_in(first) if first is not None else []


def sent_by_customer(ticket: Ticket, *, since: datetime) -> list[Kind]:
    """Of what the customer wrote since then, the newest first: what their page tells them to do about."""
    rows = Event.objects.filter(ticket=ticket, kind=EventKind.SECRET_REMOVED, at__gte=since).order_by("-pk")
    told = rows.values_list("data", flat=True)
    return read_kinds(data.get("kinds", []) for data in told if data.get("of") == ActorKind.CUSTOMER)


def read_kinds(told: Iterable[Iterable[object]]) -> list[Kind]:
    """Each once; words that are none (any more) are passed over."""
    known = {kind.value: kind for kind in Kind}
    return list(dict.fromkeys(known[str(word)] for words in told for word in words if str(word) in known))

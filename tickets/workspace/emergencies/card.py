"""The card about an emergency beside its case."""

from __future__ import annotations

from typing import Any

from accounts import access
from accounts.models import User
from accounts.rules.capabilities import Capability
from tickets.models import Ticket
from tickets.queries import emergencies as queries
from tickets.queries.emergency_words import stop_clock


def emergency_card(user: User, ticket: Ticket) -> dict[str, Any] | None:
    """What ``emergencies/card.html`` needs; None for an ordinary case."""
    found = queries.of_ticket(ticket)
    if found is None:
        return None
    return {
        "row": found,
        "situations": found.situation_labels,
        "stop": stop_clock(ticket.brand, found.situations, found.money_left_at),
        "before": queries.reported_before(found),
        "may_take": found.taken_at is None
        and ticket.is_active
        and access.can(user, Capability.ANSWER_EMERGENCIES),
    }

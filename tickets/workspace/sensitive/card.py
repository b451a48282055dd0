"""What the card on a ticket's page needs."""

from __future__ import annotations

from typing import Any

from accounts import access
from accounts.models import User
from accounts.rules.capabilities import Capability
from tickets.models import Ticket
from tickets.queries.wallet import of_ticket
from tickets.rules.wallet import NEEDS
from tickets.rules.wallet_words import masked
from tickets.workspace.sensitive import words

SHOWN = 8


def card(user: User, ticket: Ticket) -> dict[str, Any]:
    """One query. Nothing is offered on a case that nobody knows to be its customer's, but freezing."""
    acts = [
        {
            "act": act,
            "title": words.title(act),
            "account": masked(act.account),
            "state": act.get_state_display(),
        }
        for act in of_ticket(ticket, limit=SHOWN)
    ]
    return {
        "sensitive_acts": acts,
        "may_freeze": access.can(user, Capability.FREEZE_ACCOUNTS),
        "act_kinds": [] if ticket.unproved_sender or ticket.merged_into_id else _offered(user),
    }


def _offered(user: User) -> list[tuple[str, str]]:
    """The kinds that this person may ask for, a freeze left out: it has a button of its own."""
    return [
        (kind.value, str(kind.label))
        for kind, needs in NEEDS.items()
        if not needs.is_immediate and access.can(user, needs.capability)
    ]

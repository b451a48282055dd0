"""A case whose sender nobody could prove: what staff are told before they accept the sender."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from tickets.models import Ticket
from tickets.queries.mails import unproved_mail
from tickets.rules import visibility
from tickets.workspace.mail_words import reason_in_words


@dataclass(frozen=True)
class Unproved:
    """``claimed`` is the case that the mail would have joined, where this person may see it."""

    email: str
    reason: str
    claimed: Ticket | None


def unproved_of(user: User, ticket: Ticket) -> Unproved | None:
    """None where the customer is known."""
    if not ticket.unproved_sender:
        return None
    mail = unproved_mail(ticket)
    claimed = mail.claims_ticket if mail else None
    return Unproved(
        ticket.unproved_sender,
        reason_in_words(mail.proof_reason if mail else ""),
        claimed if claimed is not None and visibility.may_see(user, claimed) else None,
    )

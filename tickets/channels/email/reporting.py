"""A delivery report says what became of a mail of ours."""

from __future__ import annotations

from tickets.actions import bounces
from tickets.channels.email.bounces import Action, Bounce, FailedRecipient, is_hard
from tickets.models import OutboxMail
from tickets.queries.outbox import mail_of


def apply(bounce: Bounce) -> OutboxMail | None:
    """The mail that it is about, what is reported of it noted down; None where it is about none of ours.

    Our Message-IDs cannot be guessed, so who names one has got that mail. And a report counts only for the address
    that the mail was sent to: its reader cannot make us give up somebody else's.
    """
    mail = mail_of(bounce.original_message_ids)
    if mail is None:
        return None
    told = [_apply_one(mail, one) for one in bounce.recipients]
    return mail if any(told) else None


def _apply_one(mail: OutboxMail, told: FailedRecipient) -> bool:
    """Whether it counted."""
    match told.action:
        case Action.DELAYED:
            return bounces.delayed(mail, recipient=told.address)
        case Action.DELIVERED | Action.RELAYED | Action.EXPANDED:
            return bounces.delivered(mail, recipient=told.address)
    return bounces.came_back(
        mail,
        recipient=told.address,
        reason=told.reason or told.status,
        # Who calls our mail spam is not written to again, though their address would take it.
        hard=is_hard(told) or told.action == Action.COMPLAINED,
        permanent=told.is_permanent or told.action == Action.COMPLAINED,
    )

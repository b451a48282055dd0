"""A delivery report says what became of a mail of ours."""

from __future__ import annotations

from accounts.rules.contact import normal_email
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
    told = [one for one in bounce.recipients if normal_email(one.address) == normal_email(mail.to)]
    for recipient in told:
        _apply_one(mail, recipient)
    return mail if told else None


def _apply_one(mail: OutboxMail, recipient: FailedRecipient) -> None:
    reason = recipient.reason or recipient.status
    match recipient.action:
        case Action.FAILED:
            bounces.came_back(mail, reason=reason, hard=is_hard(recipient))
        case Action.DELAYED:
            bounces.delayed(mail, reason=reason)
        case Action.DELIVERED | Action.RELAYED | Action.EXPANDED:
            bounces.delivered(mail)
        case Action.COMPLAINED:
            bounces.came_back(mail, reason=reason, hard=True)

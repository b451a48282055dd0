"""Claiming and settling outgoing mail. The sending itself is ``tickets.delivery``'s."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.wakeup import wake
from tickets import actors
from tickets.actions import leases
from tickets.actors import Actor
from tickets.choices import EventKind, MailPurpose, MailState
from tickets.events import DELIVER_TASK, emit
from tickets.models import OutboxMail
from tickets.queries.outbox import due

#: Half a day and a little.
MAX_ATTEMPTS = 12
PATIENCE = leases.Patience(attempts=MAX_ATTEMPTS)
DELIVERY = actors.system("mail")


def claim(limit: int = 20) -> list[OutboxMail]:
    """Take mails that are due, on a lease."""
    return leases.claim(due().select_related("ticket__brand", "brand", "message"), limit)


@transaction.atomic
def mark_sent(mail: OutboxMail) -> None:
    """It has left. True whoever says so, also one whose claim ran out meanwhile; told once."""
    # A ready-made mail may carry a password reset link: it is not kept once it has left.
    context = {} if mail.purpose == MailPurpose.READY_MADE else mail.context
    news: dict[str, Any] = {"sent_at": clock.now(), "last_error": "", "context": context}
    unsent = OutboxMail.objects.filter(pk=mail.pk).exclude(state=MailState.SENT)
    if unsent.update(state=MailState.SENT, **news) and mail.ticket is not None:
        emit(
            mail.ticket,
            EventKind.MAIL_SENT,
            by=DELIVERY,
            message=mail.message,
            purpose=mail.purpose,
            to=mail.to,
        )


@transaction.atomic
def mark_failed(mail: OutboxMail, *, error: str, permanent: bool) -> None:
    """Try again later with growing pauses, or give up visibly when the server refused for good.

    Nothing happens when the claim ran out and another sender has the mail: what becomes of it is theirs to say.
    """
    given_up = leases.give_back(mail, PATIENCE, error=error, permanent=permanent)
    if given_up and mail.ticket is not None:
        emit(
            mail.ticket,
            EventKind.MAIL_FAILED,
            by=DELIVERY,
            message=mail.message,
            purpose=mail.purpose,
            to=mail.to,
            error=error[:200],
        )


@transaction.atomic
def retry(mail: OutboxMail, *, by: Actor) -> None:
    """Queue a failed mail again, after an operator mended the cause."""
    by.require(Capability.CONFIGURE_SITE)
    leases.queue_again(mail)
    wake(DELIVER_TASK)

"""Claiming and settling outgoing mail. The sending itself is ``tickets.delivery``'s."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Coalesce

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.wakeup import wake
from tickets import actors
from tickets.actions import destinations, leases
from tickets.actors import Actor
from tickets.choices import EventKind, MailPurpose, MailState
from tickets.events import DELIVER_TASK, emit
from tickets.models import OutboxMail
from tickets.queries.outbox import due

PATIENCE = leases.Patience(lasting=timedelta(days=2))
DELIVERY = actors.system("mail")
#: What carries our words to somebody: whoever works on tickets may have it tried again.
_OUR_WORDS = (MailPurpose.REPLY, MailPurpose.SOLVED, MailPurpose.COPY)
_GONE = (MailState.SENT, MailState.BOUNCED)


@transaction.atomic
def claim(limit: int = 20) -> list[OutboxMail]:
    """Take mails that are due and whose turn it is at the receiving domain, on a lease.

    ``talking_since`` of such a mail says that a sender was killed while it talked with the mail server about it.
    """
    ready: list[OutboxMail] = []
    while len(ready) < limit and (mail := _next()) is not None:
        if destinations.has_turn(mail):
            leases.take([mail], tried_since=Coalesce("tried_since", clock.now()))
            mail.tried_since = mail.tried_since or clock.now()
            ready.append(mail)
    return ready


def _next() -> OutboxMail | None:
    """One at a time: whom the last one put off is due no more."""
    rows = due().select_related("ticket__brand", "ticket__customer", "brand", "message")
    return rows.select_for_update(skip_locked=True, of=("self",)).first()


def begin(mail: OutboxMail) -> bool:
    """Said when the talk with the mail server begins: from here on a kill leaves unknown whether the mail was taken.

    False where the claim ran out meanwhile, and another has the mail: then nothing may be sent.
    """
    now = clock.now()
    mine = OutboxMail.objects.filter(pk=mail.pk, state=MailState.SENDING, attempts=mail.attempts)
    return bool(mine.update(talking_since=now, available_at=leases.lease_end()))


@transaction.atomic
def mark_sent(mail: OutboxMail, *, again: bool = False) -> None:
    """It has left. True whoever says so, also one whose claim ran out meanwhile; told once. ``again``: it may have left
    before, for a kill left that unknown.
    """
    # A ready-made mail may carry a password reset link: it is not kept once it has left.
    context = {} if mail.purpose == MailPurpose.READY_MADE else mail.context
    extra: dict[str, Any] = {"again": True} if again else {}
    news: dict[str, Any] = {
        "sent_at": clock.now(),
        "last_error": "",
        "context": context,
        "talking_since": None,
    }
    unsent = OutboxMail.objects.filter(pk=mail.pk).exclude(state__in=_GONE)
    if unsent.update(state=MailState.SENT, **news) and mail.ticket is not None:
        emit(
            mail.ticket,
            EventKind.MAIL_SENT,
            by=DELIVERY,
            message=mail.message,
            purpose=mail.purpose,
            to=mail.to,
            **extra,
        )


@transaction.atomic
def mark_failed(mail: OutboxMail, *, error: str, permanent: bool) -> None:
    """Try again later with growing pauses, for two days; or give up visibly, at once when the server refused for good.

    Nothing happens when the claim ran out and another sender has the mail: what becomes of it is theirs to say.
    """
    given_up = leases.give_back(
        mail,
        PATIENCE,
        error=error,
        permanent=permanent,
        since=mail.tried_since,
        slot_at=None,
        talking_since=None,
    )
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
    """Queue a failed mail again, after somebody mended the cause."""
    by.require(Capability.WORK_TICKETS if mail.purpose in _OUR_WORDS else Capability.CONFIGURE_SITE)
    queue_again(mail)


def queue_again(mail: OutboxMail) -> None:
    leases.queue_again(mail, tried_since=None, slot_at=None, talking_since=None)
    wake(DELIVER_TASK)

"""Claiming and settling outgoing mail. The sending itself is ``tickets.delivery``'s."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.wakeup import wake
from tickets import actors
from tickets.actors import Actor
from tickets.choices import EventKind, MailPurpose, MailState
from tickets.events import DELIVER_TASK, emit
from tickets.models import OutboxMail
from tickets.queries.outbox import due

MAX_ATTEMPTS = 12
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)
DELIVERY = actors.system("mail")


@transaction.atomic
def claim(limit: int = 20) -> list[OutboxMail]:
    """Take mails that are due. The claim is committed before anything is sent and runs out after a lease:
    what a killed sender had is found again, under the same Message-ID.
    """
    rows = due().select_related("ticket__brand", "message")
    mails = list(rows.select_for_update(skip_locked=True, of=("self",))[:limit])
    lease = clock.now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    OutboxMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(
        state=MailState.SENDING, attempts=F("attempts") + 1, available_at=lease
    )
    for mail in mails:
        mail.state, mail.available_at = MailState.SENDING, lease
        mail.attempts += 1
    return mails


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
    mine = OutboxMail.objects.filter(pk=mail.pk, state=MailState.SENDING, attempts=mail.attempts)
    if not permanent and mail.attempts < MAX_ATTEMPTS:
        again = clock.now() + _pause(mail.attempts)
        mine.update(state=MailState.QUEUED, last_error=error[:500], available_at=again)
    elif mine.update(state=MailState.FAILED, last_error=error[:500]) and mail.ticket is not None:
        emit(
            mail.ticket,
            EventKind.MAIL_FAILED,
            by=DELIVERY,
            message=mail.message,
            purpose=mail.purpose,
            to=mail.to,
            error=error[:200],
        )


def _pause(attempts: int) -> timedelta:
    """30 s, 1 min, 2 min … 6 h, each up to a quarter longer so that a recovered server is not stormed."""
    doubled: int = 2 ** (attempts - 1)
    pause = min(FIRST_RETRY * doubled, LONGEST_RETRY)
    return pause + pause * (random.random() / 4)  # noqa: S311 - jitter, not a secret


@transaction.atomic
def retry(mail: OutboxMail, *, by: Actor) -> None:
    """Queue a failed mail again, after an operator mended the cause."""
    by.require(Capability.CONFIGURE_SITE)
    OutboxMail.objects.filter(pk=mail.pk, state=MailState.FAILED).update(
        state=MailState.QUEUED, attempts=0, available_at=clock.now()
    )
    wake(DELIVER_TASK)

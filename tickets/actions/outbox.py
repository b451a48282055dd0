"""Claiming and settling outgoing mail. The sending itself is ``tickets.delivery``'s."""

from __future__ import annotations

import random
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.wakeup import wake
from tickets import actors
from tickets.actors import Actor
from tickets.choices import EventKind, MailPurpose, MailState
from tickets.events import DELIVER_TASK, emit
from tickets.models import OutboxMail

MAX_ATTEMPTS = 12
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)
DELIVERY = actors.system("mail")


@transaction.atomic
def claim(limit: int = 20) -> list[OutboxMail]:
    """Take mails that are due. The claim is committed before anything is sent and runs out after a lease:
    what a killed sender had is found again, under the same Message-ID.
    """
    now = clock.now()
    due = OutboxMail.objects.filter(
        state__in=[MailState.QUEUED, MailState.SENDING], available_at__lte=now
    ).order_by("available_at", "id")
    mails = list(due.select_for_update(skip_locked=True, of=("self",)).select_related("brand")[:limit])
    for mail in mails:
        mail.state = MailState.SENDING
        mail.attempts += 1
        mail.available_at = now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    OutboxMail.objects.bulk_update(mails, ["state", "attempts", "available_at"])
    return mails


@transaction.atomic
def mark_sent(mail: OutboxMail) -> None:
    mail.state, mail.sent_at, mail.last_error = MailState.SENT, clock.now(), ""
    # A ready-made mail may carry a password reset link: it is not kept once it has left.
    if mail.purpose == MailPurpose.READY_MADE:
        mail.context = {}
    mail.save(update_fields=["state", "sent_at", "last_error", "context"])
    if mail.ticket is not None:
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
    """Try again later with growing pauses, or give up visibly when the server refused for good."""
    mail.last_error = error[:500]
    if permanent or mail.attempts >= MAX_ATTEMPTS:
        mail.state = MailState.FAILED
        if mail.ticket is not None:
            emit(
                mail.ticket,
                EventKind.MAIL_FAILED,
                by=DELIVERY,
                message=mail.message,
                to=mail.to,
                error=error[:200],
            )
    else:
        mail.state = MailState.QUEUED
        mail.available_at = clock.now() + _pause(mail.attempts)
    mail.save(update_fields=["state", "last_error", "available_at"])


def _pause(attempts: int) -> timedelta:
    """30 s, 1 min, 2 min … 6 h, each up to a quarter longer so that a recovered server is not stormed."""
    pause = min(FIRST_RETRY * 2 ** (attempts - 1), LONGEST_RETRY)
    return pause * (1 + random.random() / 4)  # noqa: S311 - jitter, not a secret


@transaction.atomic
def retry(mail: OutboxMail, *, by: Actor) -> None:
    """Queue a failed mail again, after an operator mended the cause."""
    by.require(Capability.CONFIGURE_SITE)
    OutboxMail.objects.filter(pk=mail.pk, state=MailState.FAILED).update(
        state=MailState.QUEUED, attempts=0, available_at=clock.now()
    )
    wake(DELIVER_TASK)

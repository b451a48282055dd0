"""Claiming and settling calls of webhooks. The calling itself is ``tickets.delivery``'s."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db import transaction

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.wakeup import wake
from tickets.actions import leases
from tickets.actors import Actor
from tickets.choices import MailState
from tickets.events import CALLS_TASK
from tickets.models import OutboxCall, Webhook
from tickets.queries.outbox import due_calls

#: Two days and a little: a weekend's outage of a small receiver should not need a hand.
PATIENCE = leases.Patience(attempts=18)
TEST = "ping"


def claim(limit: int = 1, *, but_for: Collection[int] = ()) -> list[OutboxCall]:
    """Take calls that are due, on a lease; none of the webhooks ``but_for``."""
    rows = due_calls().select_related("webhook")
    return leases.claim(rows.exclude(webhook__in=but_for) if but_for else rows, limit)


def mark_sent(call: OutboxCall, *, status: int) -> None:
    """The receiver has it. True whoever says so, also one whose claim ran out meanwhile."""
    unsent = OutboxCall.objects.filter(pk=call.pk).exclude(state=MailState.SENT)
    unsent.update(state=MailState.SENT, sent_at=clock.now(), last_status=status, last_error="")


def mark_failed(call: OutboxCall, *, error: str, permanent: bool, status: int | None = None) -> None:
    """Try again later with growing pauses, or give up visibly."""
    leases.give_back(call, PATIENCE, error=error, permanent=permanent, last_status=status)


def retry(call: OutboxCall, *, by: Actor) -> None:
    """Queue a failed call again, after an operator mended the cause; the receiver sees the same call."""
    by.require(Capability.CONFIGURE_SITE)
    with transaction.atomic():
        leases.queue_again(call)
        wake(CALLS_TASK)


def begin_test(webhook: Webhook, *, by: Actor) -> OutboxCall:
    """Write down a call that says nothing but that we are there, already in the hand of whoever asked for it."""
    by.require(Capability.CONFIGURE_SITE)
    now = clock.now()
    return OutboxCall.objects.create(
        webhook=webhook,
        cause=f"{TEST}:{uuid.uuid4()}",
        payload={"type": TEST, "timestamp": now.isoformat(), "data": {"webhook": webhook.name}},
        state=MailState.SENDING,
        attempts=1,
        available_at=leases.lease_end(),
    )

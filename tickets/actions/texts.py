"""Claiming and settling text messages. The sending itself is ``tickets.delivery``'s."""

from __future__ import annotations

from datetime import timedelta

from helpdesk.lib import clock
from tickets.actions import leases
from tickets.choices import MailState
from tickets.models import OutboxText
from tickets.queries.outbox import due_texts

#: A code holds for ten minutes: what has not left by then has nothing to say.
PATIENCE = leases.Patience(
    lasting=timedelta(minutes=10), first=timedelta(seconds=5), longest=timedelta(minutes=1)
)


def claim() -> OutboxText | None:
    """The next that is due, on a lease."""
    return next(iter(leases.claim(due_texts().select_related("challenge__ticket__brand"), 1)), None)


def mark_sent(text: OutboxText, *, status: int) -> None:
    """The gateway has it. True whoever says so, also one whose claim ran out meanwhile."""
    unsent = OutboxText.objects.filter(pk=text.pk).exclude(state=MailState.SENT)
    unsent.update(state=MailState.SENT, sent_at=clock.now(), last_status=status, last_error="")


def mark_failed(text: OutboxText, *, error: str, permanent: bool, status: int | None = None) -> None:
    """Try again while the code holds, or give up visibly."""
    leases.give_back(
        text, PATIENCE, error=error, permanent=permanent, since=text.created_at, last_status=status
    )

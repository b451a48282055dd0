"""What waits to be sent, and what was sent before."""

from __future__ import annotations

from django.db.models import QuerySet

from helpdesk.lib import clock
from tickets.choices import MailState
from tickets.models import OutboxCall, OutboxMail

KEPT_FIRST, KEPT_LAST = 1, 10


def due() -> QuerySet[OutboxMail]:
    """Mails whose time has come, and those that a silent sender has held for too long; oldest first."""
    waiting = OutboxMail.objects.filter(state__in=[MailState.QUEUED, MailState.SENDING])
    return waiting.filter(available_at__lte=clock.now()).order_by("available_at", "id")


def due_calls() -> QuerySet[OutboxCall]:
    """The same for calls of webhooks."""
    waiting = OutboxCall.objects.filter(state__in=[MailState.QUEUED, MailState.SENDING])
    return waiting.filter(available_at__lte=clock.now()).order_by("available_at", "id")


def thread_of(mail: OutboxMail) -> list[str]:
    """Message-IDs of the mails that this person got about this ticket before, oldest first.

    The first and the last few: a References line that grows without end is cut by servers at a place of their choice.
    """
    if mail.ticket_id is None:
        return []
    earlier = OutboxMail.objects.filter(ticket_id=mail.ticket_id, to=mail.to, pk__lt=mail.pk).order_by("pk")
    ids = list(earlier.values_list("internet_message_id", flat=True))
    return ids if len(ids) <= KEPT_FIRST + KEPT_LAST else [*ids[:KEPT_FIRST], *ids[-KEPT_LAST:]]

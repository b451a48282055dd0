"""Incoming mail that waits, and what is known of its senders."""

from __future__ import annotations

from django.db.models import QuerySet

from helpdesk.lib import clock
from tickets.choices import IncomingState
from tickets.models import IncomingMail


def due() -> QuerySet[IncomingMail]:
    """Mails to be read, and those that a silent reader has held for too long; oldest first."""
    waiting = IncomingMail.objects.filter(state=IncomingState.STORED, available_at__lte=clock.now())
    return waiting.order_by("available_at", "id")

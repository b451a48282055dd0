"""Incoming mail that waits, and what is known of its senders."""

from __future__ import annotations

from django.db.models import QuerySet

from helpdesk.lib import clock
from tickets.choices import IncomingState, RawState
from tickets.models import IncomingMail


def due() -> QuerySet[IncomingMail]:
    """Mails to be read, and those that a silent reader has held for too long; oldest first."""
    waiting = IncomingMail.objects.filter(state=IncomingState.STORED, available_at__lte=clock.now())
    return waiting.order_by("available_at", "id")


def unguarded() -> QuerySet[IncomingMail]:
    """Mails that were read or put away and whose raw copy nobody has looked through; by ``incoming_unguarded``."""
    rows = IncomingMail.objects.filter(raw_state=RawState.PENDING, raw_sealed__isnull=False)
    return rows.exclude(state=IncomingState.STORED).order_by("id")

"""Files that wait for the scanner or for an officer."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from tickets.choices import FileState
from tickets.models import Attachment, Ticket

#: Of the quarantine so many are listed, the newest.
LISTED = 100


def to_scan(now: datetime) -> QuerySet[Attachment]:
    """By ``attachment_to_scan``."""
    return Attachment.objects.filter(state=FileState.WAITING, scan_at__lte=now).order_by("scan_at", "id")


def oldest_unscanned() -> datetime | None:
    """When the file that waits longest came; by ``attachment_to_scan``, of which there are few."""
    waiting = Attachment.objects.filter(state=FileState.WAITING).order_by("created_at")
    return waiting.values_list("created_at", flat=True).first()


def in_quarantine(user: User) -> list[Attachment]:
    """Of tickets that this person sees, the newest first; by ``attachment_quarantined``."""
    seen = Ticket.objects.visible_to(user).filter(pk__in=_quarantined().values("message__ticket")).values("pk")
    rows = _quarantined().filter(message__ticket__in=seen)
    return list(rows.select_related("message__ticket__brand").order_by("-id")[:LISTED])


def _quarantined() -> QuerySet[Attachment]:
    return Attachment.objects.filter(state=FileState.QUARANTINED)

"""What a member of staff has begun to write. Only its author ever sees a draft, and only while they see its ticket."""

from __future__ import annotations

from collections.abc import Iterable

from django.shortcuts import get_object_or_404

from accounts.models import User
from tickets.models import Draft, DraftFile, Ticket

#: The list shows so many; the oldest are removed after a month.
LISTED = 100


def draft_of(user: User, ticket: Ticket) -> Draft | None:
    """By the one row that author and ticket have (one_draft_per_author_and_ticket)."""
    return Draft.objects.filter(author=user, ticket=ticket).prefetch_related("files").first()


def with_drafts(user: User, ticket_ids: Iterable[int]) -> set[int]:
    """Those of the tickets on which this person has begun to write. The caller shows them only what they may see."""
    rows = Draft.objects.filter(author=user, ticket__in=list(ticket_ids))
    return set(rows.values_list("ticket", flat=True))


def my_drafts(user: User) -> list[Draft]:
    """Of tickets that they still see, the newest first; by the index of the author's rows, which are few."""
    seen = Ticket.objects.visible_to(user).filter(drafts__author=user).values("pk")
    rows = Draft.objects.filter(author=user, ticket__in=seen).select_related(
        "ticket__customer", "ticket__brand"
    )
    return list(rows.prefetch_related("files").order_by("-updated_at")[:LISTED])


def file_or_404(user: User, ticket: Ticket, pk: int) -> DraftFile:
    return get_object_or_404(DraftFile, pk=pk, draft__author=user, draft__ticket=ticket)

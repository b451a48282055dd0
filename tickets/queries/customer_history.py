"""What else a customer has with us, as far as a member of staff sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from accounts.models import Brand, User
from tickets.models import Ticket

#: Of customers with more cases than this the newest are looked at; the queue, filtered, has them all.
MOST = 100
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class History:
    """``others`` without the case itself, the newest first."""

    others: Sequence[Ticket]
    brands: Sequence[str]
    is_cut: bool

    @property
    def open(self) -> Sequence[Ticket]:
        """The one due first on top."""
        going = [case for case in self.others if case.is_active and case.merged_into_id is None]
        return sorted(going, key=lambda case: (case.due_at or _NEVER, -case.pk))

    @property
    def ended(self) -> Sequence[Ticket]:
        return [case for case in self.others if not case.is_active or case.merged_into_id is not None]

    @property
    def count(self) -> str:
        """Of all with the case itself."""
        return f"{MOST}+" if self.is_cut else str(len(self.others) + 1)


def history(user: User, ticket: Ticket) -> History:
    """One query by ``ticket_by_customer``; one more for the names of other brands, where there are some."""
    rows = Ticket.objects.visible_to(user).filter(customer=ticket.customer_id).order_by("-created_at")
    shown = ("number", "subject", "status", "created_at", "due_at", "brand_id", "merged_into_id")
    found = list(rows.only(*shown)[: MOST + 1])
    others = [case for case in found[:MOST] if case.pk != ticket.pk]
    return History(others, _brands(ticket, others), len(found) > MOST)


def _brands(ticket: Ticket, others: Sequence[Ticket]) -> list[str]:
    """The case's own first."""
    more = {case.brand_id for case in others} - {ticket.brand_id}
    named = Brand.objects.in_bulk(more) if more else {}
    return [ticket.brand.name, *sorted(brand.name for brand in named.values())]

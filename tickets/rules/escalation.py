"""What may not wait for anybody's quiet hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tickets.choices import Priority

if TYPE_CHECKING:
    from tickets.models import Ticket


def is_emergency(ticket: Ticket) -> bool:
    """Urgent, or of a category with the red door (or below one): who is to be told is told at once."""
    lineage = ticket.category.lineage() if ticket.category else ()
    return ticket.priority == Priority.URGENT or any(category.is_emergency for category in lineage)

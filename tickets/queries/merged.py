"""Where a case goes on that was merged into another."""

from __future__ import annotations

from tickets.models import Ticket


def where_it_went(ticket: Ticket) -> Ticket | None:
    """The case that goes on, however often it was merged on; None for one that was not merged."""
    found = None
    rows = Ticket.objects.select_related("brand", "customer")
    while (into := (found or ticket).merged_into_id) is not None:
        found = rows.get(pk=into)
    return found

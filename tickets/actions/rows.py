"""How a verb takes hold of a ticket and writes it back."""

from __future__ import annotations

from typing import Any

from helpdesk.lib import clock
from tickets.models import Ticket


def lock(ticket: Ticket) -> Ticket:
    """The ticket as it is now, its row held until the transaction ends; others wait here.

    In two steps: a row that was waited for would come with its new columns, but joined to what the old ones named.
    """
    # Not against rows that only refer to it: noting that a mail was sent waits for no agent.
    Ticket.objects.select_for_update(no_key=True).only("pk").get(pk=ticket.pk)
    return held(ticket.pk)


def held(pk: int) -> Ticket:
    """A ticket whose row the caller holds already, as it is now."""
    return Ticket.objects.select_related(
        "brand", "customer", "category__parent__parent", "team", "assignee"
    ).get(pk=pk)


def lock_both(ticket: Ticket, other: Ticket) -> tuple[Ticket, Ticket]:
    """In the order of their ids: two acts on the same pair in opposite directions wait for one another and never in a
    circle."""
    held = {pk: lock(Ticket(pk=pk)) for pk in sorted({ticket.pk, other.pk})}
    return held[ticket.pk], held[other.pk]


def lock_where_it_went(ticket: Ticket) -> Ticket:
    """As ``lock``; of a case that was merged into another, that other one, however often it was merged on.

    The way is looked up before anything is held: whoever merges holds two cases in the order of their ids, and would
    wait in a circle with one who holds them in the order of the way.
    """
    pk = ticket.pk
    while (into := Ticket.objects.values_list("merged_into_id", flat=True).get(pk=pk)) is not None:
        pk = into
    last = lock(Ticket(pk=pk))
    # Merged on in this very moment.
    return last if last.merged_into_id is None else lock_where_it_went(last)


def write(ticket: Ticket, **changes: Any) -> None:
    """Set the fields and save just these, with the version counted up."""
    for name, value in changes.items():
        setattr(ticket, name, value)
    ticket.version += 1
    ticket.updated_at = clock.now()
    ticket.save(update_fields=[*changes, "version", "updated_at"])

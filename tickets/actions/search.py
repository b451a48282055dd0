"""Keeps the words of a ticket findable, in the transaction that writes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from django.db import OperationalError, connection, transaction

from tickets.models import Ticket, TicketSearch
from tickets.rules import numbers, search_words

BATCH = 500


def opening_words(ticket: Ticket, body: str) -> str:
    """The tsvector literal of a new ticket: number and subject weigh most, then the customer, then the text."""
    customer = ticket.customer
    return search_words.document(
        [
            (f"{ticket.number} {numbers.display(ticket.number)} {ticket.subject}", "A"),
            (f"{customer.name} {customer.email} {customer.phone}", "B"),
            (" ".join(str(value) for value in ticket.fields.values()), "C"),
            (body, "D"),
        ]
    )


def index_new(ticket: Ticket, body: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_ticketsearch (ticket_id, document) VALUES (%s, %s::tsvector)",
            [ticket.pk, opening_words(ticket, body)],
        )


def add_words(ticket: Ticket, text: str) -> None:
    """Add the words of a further message or file name; those that no longer fit into the index are left out.

    PostgreSQL holds at most 1 MB of words a row: a flood of text must not keep the message itself from being stored.
    """
    with suppress(OperationalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_ticketsearch AS s (ticket_id, document) VALUES (%s, %s::tsvector) "
            "ON CONFLICT (ticket_id) DO UPDATE SET document = s.document || EXCLUDED.document",
            [ticket.pk, search_words.document([(text, "D")])],
        )


@transaction.atomic
def rewrite(pk: int) -> bool:
    """The words of a ticket anew from what is left of it; of an erased one, that is its number. Whether they changed.

    The row is locked first, so that no message of meanwhile gets lost.
    """
    before = TicketSearch.objects.select_for_update().values_list("document", flat=True).get(pk=pk)
    ticket = Ticket.objects.select_related("customer").get(pk=pk)
    bodies = list(ticket.messages.order_by("pk").values_list("body", flat=True))
    if ticket.erased_at is not None:
        ticket.customer.name = ticket.customer.email = ticket.customer.phone = ""
        bodies = []
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_ticketsearch SET document = %s::tsvector WHERE ticket_id = %s",
            [opening_words(ticket, bodies[0] if bodies else ""), pk],
        )
    for body in bodies[1:]:
        add_words(ticket, body)
    for name in ticket.messages.values_list("attachments__name", flat=True) if bodies else ():
        if name:
            add_words(ticket, name)
    return bool(before != TicketSearch.objects.values_list("document", flat=True).get(pk=pk))


def rewrite_all() -> Iterator[int]:
    """Each ticket in a transaction of its own, by the primary key."""
    after = 0
    while batch := list(
        TicketSearch.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        for after in batch:
            with suppress(TicketSearch.DoesNotExist, Ticket.DoesNotExist):
                rewrite(after)
            yield after

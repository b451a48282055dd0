"""Keeps the words of a ticket findable, in the transaction that writes them."""

from __future__ import annotations

from contextlib import suppress

from django.db import OperationalError, connection, transaction

from helpdesk.lib.text_search import to_tsvector_literal
from tickets.models import Ticket
from tickets.rules import numbers


def opening_words(ticket: Ticket, body: str) -> str:
    """The tsvector literal of a new ticket: number and subject weigh most, then the customer, then the text."""
    customer = ticket.customer
    return to_tsvector_literal(
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
            [ticket.pk, to_tsvector_literal([(text, "D")])],
        )

"""The search words of a ticket follow its messages, and never stand in the way of one."""

from __future__ import annotations

import random
from io import StringIO

from django.core.management import call_command
from django.db import connection

from accounts.models import Customer
from tickets import actors
from tickets.actions import search
from tickets.actions.messages import customer_reply
from tickets.models import Ticket, TicketSearch
from tickets.rules.search_words import query


def finds(ticket: Ticket, words: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT document @@ %s::tsquery FROM tickets_ticketsearch WHERE ticket_id = %s",
            [query(words), ticket.pk],
        )
        return bool(cursor.fetchone()[0])


def test_a_reply_can_be_found(ticket: Ticket, customer: Customer) -> None:
    assert not finds(ticket, "butterfly")
    customer_reply(ticket, body="The butterflies came. 银行说没有记录。", by=actors.customer(customer))
    assert finds(ticket, "butterfly")
    assert finds(ticket, "银行")
    assert finds(ticket, "提现"), "what the ticket began with is still found"


def test_a_flood_of_words_keeps_no_message_out(ticket: Ticket, customer: Customer) -> None:
    rng = random.Random(1)
    for _ in range(7):  # each near the limit of one text; PostgreSQL's limit of a row lies at about five
        search.add_words(
            ticket, " ".join("".join(rng.choices("abcdefghijklmnop", k=9)) for _ in range(25_000))
        )
    message = customer_reply(ticket, body="still there?", by=actors.customer(customer))
    assert message.pk
    assert TicketSearch.objects.filter(ticket=ticket).exists()


def test_rewriting_closes_an_index_of_before(ticket: Ticket) -> None:
    """Once, addresses stood in the index like words, by their beginnings too."""
    from helpdesk.lib.text_search import to_tsvector_literal

    old = to_tsvector_literal([(f"{ticket.subject} {ticket.customer.email}", "B")])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tickets_ticketsearch SET document = %s::tsvector", [old])
    local = ticket.customer.email.partition("@")[0]
    assert finds(ticket, local)
    call_command("rebuild_search", stdout=StringIO())
    assert not finds(ticket, local)
    assert finds(ticket, ticket.customer.email)
    assert finds(ticket, "提现"), "the other words stay"

"""Whose are the addresses and numbers in a text? One query says which belong to other customers; where some do, a
second one says which of them stand in this conversation already.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from accounts.models import Brand, Customer
from accounts.rules.contact import normal_email
from tickets.choices import Visibility
from tickets.models import Mailbox, Message, Participant, Ticket, TicketSearch
from tickets.rules import search_words
from tickets.rules.send_gate import Identifiers, identifiers

#: A reference is rare. What stands in more cases than these is a word, and nobody's.
FEW = 50


class _Holds(Func):
    """``document @@ query``, answered by the index ``ticket_search_words``."""

    template = "%(expressions)s::tsquery"
    arg_joiner = " @@ "
    output_field = BooleanField()


def of_others(ticket: Ticket, text: str) -> dict[str, tuple[int, int]]:
    """What in the text belongs to another customer, and where it stands; no query where nothing may."""
    found = identifiers(text)
    found.numbers.pop(ticket.number, None)
    if not found:
        return {}
    hits = set(_hits(ticket, found))
    if not hits:
        return {}
    hits -= _said_here(ticket)
    return {name: place for name, place in found.everything().items() if name in hits}


def _hits(ticket: Ticket, found: Identifiers) -> Iterator[str]:
    """By the unique indexes of customers' addresses and phones and of tickets' numbers, and the index of words."""
    questions = [
        question for question in (_customers(ticket, found), _tickets(ticket, found)) if question is not None
    ]
    if not questions:
        return
    first, *rest = questions
    everything = found.everything()
    for *plain, fields in first.union(*rest, all=True) if rest else first:
        yield from (value for value in plain if value in everything)
        yield from (value for value in _answers(fields) if value in found.transactions)


def _customers(ticket: Ticket, found: Identifiers) -> QuerySet[Customer, Any] | None:
    if not found.emails and not found.phones:
        return None
    rows = Customer.objects.filter(Q(email__in=found.emails) | Q(phone__in=found.phones))
    # Loops and tests have made customers of addresses of our own.
    rows = rows.exclude(pk=ticket.customer_id).exclude(email__in=Brand.objects.values("email"))
    rows = rows.exclude(email__in=Mailbox.objects.values("address"))
    return rows.values_list(Cast("email", TextField()), Cast("phone", TextField()), Value("{}", TextField()))


def _tickets(ticket: Ticket, found: Identifiers) -> QuerySet[Ticket, Any] | None:
    if not found.numbers and not found.transactions:
        return None
    which = Q(number__in=found.numbers)
    terms = [term for term in map(search_words.query, found.transactions) if term]
    if terms:
        query = " | ".join(f"({term})" for term in terms)
        # The limit keeps the planner at the index: first the few rows with the words, then their tickets.
        few = TicketSearch.objects.filter(_Holds(F("document"), Value(query))).values("ticket_id")[:FEW]
        which |= Q(pk__in=few)
    rows = Ticket.objects.filter(which).exclude(customer=ticket.customer_id)
    return rows.values_list(Cast("number", TextField()), Value("", TextField()), Cast("fields", TextField()))


def _answers(fields: str) -> Iterable[str]:
    """Answers given as text."""
    return [value for value in json.loads(fields).values() if isinstance(value, str)]


def _said_here(ticket: Ticket) -> set[str]:
    """What stands in the conversation, in the case itself, and who is in copy."""
    said = Message.objects.standing().filter(ticket=ticket, visibility=Visibility.PUBLIC)
    bodies = said.order_by().values_list(Value("said", TextField()), Cast("body", TextField()))
    people = Participant.objects.filter(ticket=ticket, removed_at=None).order_by()
    copies = people.values_list(Value("copy", TextField()), Cast("email", TextField()))
    known = {str(value) for value in ticket.fields.values()} | {ticket.number}
    texts = [ticket.subject]
    for kind, text in bodies.union(copies, all=True):
        if kind == "copy":
            known.add(normal_email(text))
        else:
            texts.append(text)
    for text in texts:
        known |= identifiers(text).everything().keys()
    return known

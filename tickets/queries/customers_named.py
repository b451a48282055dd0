"""Customers by their name, as somebody types it. Only of those with a ticket that the asker sees."""

from __future__ import annotations

from accounts.models import Customer, User
from accounts.rules.contacts_in_texts import masked_text
from helpdesk.lib.text_search import fold
from tickets.models import Ticket
from tickets.queries.search import of_customers_with


def customers_named(user: User, name: str, *, most: int) -> list[Customer]:
    """Those with this whole name; where there is none, those whose name begins with it or holds it as a word. The last
    ones first.

    By the index ``ticket_search_words``: a customer's name is among the words of their tickets. A name that is an
    address or a number is shown masked, so nobody is found by a part of it.
    """
    wanted = _plain(name)
    if "@" in wanted:
        return []
    rows = of_customers_with(Ticket.objects.visible_to(user), name)
    people = Customer.objects.filter(pk__in=rows.order_by().values("customer_id")).exclude(name="")
    names = {pk: _plain(known) for pk, known in people.values_list("pk", "name")}
    found = [pk for pk, known in names.items() if known == wanted]
    if not found:
        found = [pk for pk, known in names.items() if _begins(known, wanted) and masked_text(known) == known]
    return list(Customer.objects.filter(pk__in=sorted(found)[-most:]).order_by("-pk"))


def _plain(name: str) -> str:
    return " ".join(fold(name).split())


def _begins(name: str, wanted: str) -> bool:
    return name.startswith(wanted) or wanted in name.split()

"""What the palette finds while somebody types: a few of each kind, only what they may see."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q

from accounts.models import Brand, Customer, User
from knowledgebase.queries import search as knowledge
from knowledgebase.queries.browse import Entry
from tickets.models import Ticket
from tickets.queries import search
from tickets.rules import numbers, visibility

TICKETS = 6
CUSTOMERS = 4
ARTICLES = 4
#: Customers whose data begin so are looked at, until enough are found that the person may see.
LOOKED_AT = 200
MIN_CHARS = 2


def tickets(user: User, text: str) -> list[Ticket]:
    rows = Ticket.objects.visible_to(user)
    number = numbers.parse(text)
    if number is not None:
        return list(rows.select_related("customer").filter(number=number))
    if len(text) < MIN_CHARS:
        return []
    return search.newest_matching(rows, text, size=TICKETS).tickets


def customers(user: User, text: str) -> list[Customer]:
    """By the beginning of an address or number, each by its unique index (which leaves the empty ones out, so that must
    be said), of those with a ticket that the user sees.
    """
    key = text.strip().lower()
    if len(key) < MIN_CHARS:
        return []
    digits = "".join(char for char in key if char.isdigit() or char == "+")
    begins = Q(email__startswith=key) & ~Q(email="")
    if len(digits) >= 4:
        called = Q(phone__startswith=digits if digits.startswith("+") else f"+{digits}")
        begins |= (called | Q(phone__startswith=f"+86{digits}")) & ~Q(phone="")
    near = list(Customer.objects.filter(begins).values_list("pk", flat=True)[:LOOKED_AT])
    seen = Ticket.objects.visible_to(user).filter(customer=OuterRef("pk"))
    return list(Customer.objects.filter(Exists(seen), pk__in=near).order_by("email", "pk")[:CUSTOMERS])


def brands_of(user: User) -> list[Brand]:
    """The brands that the user serves."""
    scope = visibility.scope_of(user)
    return list(Brand.objects.all() if scope.everything else Brand.objects.filter(pk__in=scope.brands))


def articles(brands: Sequence[Brand], text: str, language: str) -> list[tuple[Brand, Entry]]:
    if len(text) < MIN_CHARS:
        return []
    found = [
        (brand, entry)
        for brand in brands
        for entry in knowledge.search(brand, text, language, limit=ARTICLES)
    ]
    return found[:ARTICLES]

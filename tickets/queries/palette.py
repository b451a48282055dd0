"""What the palette finds while somebody types: a few of each kind, only what they may see."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q

from accounts.models import Brand, Customer, User
from accounts.rules.contact import normal_email, normal_phone
from helpdesk.lib.text_search import fold, words
from knowledgebase.queries import search as knowledge
from knowledgebase.queries.browse import Entry
from tickets.models import Ticket
from tickets.queries import inbox, search, search_conditions
from tickets.queries.customers_named import customers_named
from tickets.rules import numbers, search_operators, visibility
from tickets.rules.queue import ANY, usual_order

TICKETS = 6
CUSTOMERS = 4
ARTICLES = 4
#: Of letters; one Chinese character is a word, or somebody's name.
MIN_CHARS = 2


def tickets(user: User, text: str) -> list[Ticket]:
    """By number, by words, and by the operators that the search of the queue knows."""
    rows = Ticket.objects.visible_to(user)
    number = numbers.parse(text)
    if number is not None:
        return list(rows.select_related("customer").filter(number=number))
    asked = search_operators.read(text)
    if asked.conditions:
        return _asked_for(user, asked)
    if not _is_enough(text):
        return []
    return search.newest_matching(rows, text, size=TICKETS).tickets


def _asked_for(user: User, asked: search_operators.Asked) -> list[Ticket]:
    """As the queue answers it, by the same indexes; nothing where something is not known: else more would be found."""
    meant = search_conditions.resolve(asked.conditions, user)
    if meant.left:
        return []
    filters = {"status": (ANY,), **meant.filters}
    order = usual_order(filters)
    question = inbox.Question(filters=filters, sort=order.removeprefix("-"), descending=order.startswith("-"))
    if asked.words:
        return search.newest_matching(inbox.find(user, question), asked.words, size=TICKETS).tickets
    return inbox.page(user, question, size=TICKETS).tickets


def _is_enough(text: str) -> bool:
    return len(text) >= MIN_CHARS or any(word.is_cjk for word in words(fold(text)))


def customers(user: User, text: str) -> list[Customer]:
    """By name, or by the whole address or number, of those with a ticket that the user sees."""
    return _by_contact(user, text) or _by_name(user, text)


def _by_name(user: User, text: str) -> list[Customer]:
    return customers_named(user, text, most=CUSTOMERS) if _is_enough(text) else []


def _by_contact(user: User, text: str) -> list[Customer]:
    """Each by its unique index (which leaves the empty ones out, so that must be said). Not by a beginning: what is
    shown masked could be guessed so, letter by letter.
    """
    email = normal_email(text)
    named = Q(email=email) & ~Q(email="") if "@" in email else Q(pk=None)
    try:
        phone = normal_phone(text) if any(char.isdigit() for char in text) else ""
    except ValueError:
        phone = ""
    if phone:
        named |= Q(phone=phone) & ~Q(phone="")
    if not phone and "@" not in email:
        return []
    seen = Ticket.objects.visible_to(user).filter(customer=OuterRef("pk"))
    return list(Customer.objects.filter(named, Exists(seen)).order_by("pk")[:CUSTOMERS])


def brands_of(user: User) -> list[Brand]:
    """The brands that the user serves."""
    scope = visibility.scope_of(user)
    return list(Brand.objects.all() if scope.everything else Brand.objects.filter(pk__in=scope.brands))


def articles(brands: Sequence[Brand], text: str, language: str) -> list[tuple[Brand, Entry]]:
    if not _is_enough(text):
        return []
    found = [
        (brand, entry)
        for brand in brands
        for entry in knowledge.search(brand, text, language, limit=ARTICLES)
    ]
    return found[:ARTICLES]

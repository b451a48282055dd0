"""The palette: tickets, customers and articles by a few letters. What can be done is listed in ``commands.py``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.choices import AuditKind
from accounts.models import Customer
from accounts.rules.contacts_in_texts import masked_text
from accounts.rules.masking import mask_contact, mask_email, mask_phone
from accounts.rules.ways import BY
from helpdesk.lib.excerpts import Pieces
from tickets.actions.intake import admit_line
from tickets.models import Ticket
from tickets.queries import palette as queries
from tickets.queries.excerpts import marked
from tickets.rules import numbers, search_operators
from tickets.rules.queue import ANY
from tickets.workspace import shell
from tickets.workspace.article_links import address_of
from tickets.workspace.guard import StaffRequest, workspace_page

MAX_CHARS = 200


@dataclass(frozen=True)
class Option:
    title: Pieces
    address: str
    more: str = ""
    #: What it puts into the composer instead, where one is open.
    insert: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    icon: str
    options: list[Option]


@require_GET
@workspace_page()
def palette(request: StaffRequest) -> HttpResponse:
    text = admit_line(request.GET.get("q", ""), limit=MAX_CHARS)
    groups = [group for group in _groups(request, text) if group.options] if text else []
    context: dict[str, Any] = {"groups": groups}
    return shell.part(request, "workspace/palette_found.html", context)


def _groups(request: StaffRequest, text: str) -> Iterator[Group]:
    """Operators ask for tickets alone; their names are no words."""
    user, asked = request.user, search_operators.read(text)
    words = "" if asked.conditions else asked.words
    tickets, customers = queries.tickets(user, text), queries.customers(user, words)
    if tickets or customers:
        people = [customer.pk for customer in customers]
        audit.saw(
            AuditKind.SEARCHED, where="palette", shown=[ticket.number for ticket in tickets], customers=people
        )
    yield Group(_("Tickets"), "confirmation_number", [_ticket(ticket, asked.words) for ticket in tickets])
    yield Group(_("Customers"), "person", [_customer(customer) for customer in customers])
    yield Group(_("Articles"), "article", _articles(request, words))
    if asked.conditions or len(tickets) == queries.TICKETS:
        yield Group(_("Search"), "search", _search(text))


def _search(text: str) -> list[Option]:
    """All that the queue finds by it, and what it says of an operator that is not known. Contact data would stand in an
    address then: not offered.
    """
    if masked_text(text) != text:
        return []
    title = _("Search the queue for “%(text)s”") % {"text": text}
    return [Option([(title, False)], f"{reverse('workspace:queue')}?{urlencode({'q': text})}")]


def _articles(request: StaffRequest, text: str) -> list[Option]:
    """On a ticket those of its brand in its language, to be put into the answer; elsewhere of every brand."""
    number = numbers.parse(request.GET.get("ticket", "")[:20])
    rows = Ticket.objects.visible_to(request.user).select_related("brand")
    ticket = rows.filter(number=number).first() if number else None
    if ticket is None:
        found = queries.articles(queries.brands_of(request.user), text, get_language() or "zh-hans")
    else:
        found = queries.articles([ticket.brand], text, ticket.language)
    options = []
    for brand, entry in found:
        address = address_of(brand, entry.article)
        insert = f"{entry.title}\n{address}" if ticket else ""
        options.append(Option(marked(entry.title, text), address, brand.name, insert))
    return options


def _customer(customer: Customer) -> Option:
    """By their number: what they were found by is shown masked and belongs into no address."""
    contact = (customer.email and mask_email(customer.email), customer.phone and mask_phone(customer.phone))
    more = " · ".join(part for part in contact if part)
    cases = urlencode({"view": "all", "status": ANY, "customer": customer.pk})
    name = customer.name or mask_contact(customer.email, customer.phone) or customer.display_name
    return Option(marked(name, ""), f"{reverse('workspace:queue')}?{cases}", more)


def _ticket(ticket: Ticket, text: str) -> Option:
    more = f"{ticket.display_number} · {ticket.customer.display_name} · {ticket.get_status_display()}"
    address = f"{reverse('workspace:ticket', args=[ticket.number])}?{BY}=palette"
    return Option(marked(masked_text(ticket.subject), text), address, more)

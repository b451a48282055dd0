"""What keeps an open queue up to date, without loading it again: its counts, and the rows that changed."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from accounts import access
from accounts.rules.capabilities import Capability
from tickets.models import Ticket
from tickets.models.tickets import TicketQuerySet
from tickets.queries import inbox, search
from tickets.rules import numbers
from tickets.workspace import words
from tickets.workspace.address import Address
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.queue import rows
from tickets.workspace.queue.page import count_in_words

#: So many are told in one go; a page has no more.
MOST_ROWS = 100


@require_GET
@workspace_page()
def queue_counts(request: StaffRequest) -> HttpResponse:
    """By view: ``{"mine": "12", "v3": "10,000+"}``. One that was not counted has an empty text."""
    address = Address.read(request.GET, user=request.user)
    found = inbox.counts(request.user, address.views)
    return _json({"counts": {key: count_in_words(count) for key, count in found.items()}})


@require_GET
@workspace_page()
def queue_rows(request: StaffRequest) -> HttpResponse:
    """The rows named by ``numbers`` as they are now: ``rows`` by number as HTML, and in ``gone`` those that do not
    belong to what the rest of the address asks for, or may not be seen. ``now`` is the server's time.
    """
    address = Address.read(request.GET, user=request.user)
    asked = [number for text in request.GET.get("numbers", "").split(",") if (number := numbers.parse(text))]
    asked = list(dict.fromkeys(asked))[:MOST_ROWS]
    found = {ticket.number: ticket for ticket in inbox.with_columns(_belonging(request, address, asked))}
    tickets = [found[number] for number in asked if number in found]
    context = rows.context_of(request.user, tickets, address.columns)
    context["may_work"] = access.can(request.user, Capability.WORK_TICKETS)
    drawn = {
        row["number"]: render_to_string("workspace/queue_row.html", {**context, "row": row})
        for row in context["rows"]
    }
    gone = [number for number in asked if number not in found]
    return _json({"rows": drawn, "gone": gone, "now": words.server_time()})


def _belonging(request: StaffRequest, address: Address, asked: list[str]) -> TicketQuerySet:
    """By the unique index on the number."""
    if not asked:
        return Ticket.objects.none()
    found = inbox.find(request.user, address.question).filter(number__in=asked)
    return search.matching(found, address.q) if address.q else found


def _json(data: dict[str, object]) -> JsonResponse:
    return JsonResponse(data, headers={"Cache-Control": "no-store"})

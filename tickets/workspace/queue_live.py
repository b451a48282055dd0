"""Parts of the queue that its page asks for by itself: rows that changed, and the counts."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from tickets.queries import inbox
from tickets.rules import numbers
from tickets.workspace import queue, shell, words
from tickets.workspace.address import Address
from tickets.workspace.guard import StaffRequest, workspace_page

#: As many as a page may show, and some more.
MOST_ROWS = 100


@require_GET
@workspace_page()
def rows(request: StaffRequest) -> HttpResponse:
    """``?<the queue's query>&numbers=A,B``: the rows of those that the view holds, in no order. The others, whether
    they left the view or the reader's sight, are named in the header X-Gone.
    """
    address = Address.read(request.GET, me=request.user.pk)
    wanted = [
        text for text in request.GET.get("numbers", "").split(",")[:MOST_ROWS] if numbers.parse(text) == text
    ]
    found = list(inbox.with_columns(inbox.find(request.user, address.question).filter(number__in=wanted)))
    context = {
        "rows": queue.rows_of(found),
        "now": words.server_time(),
        **queue.row_words(),
    }
    response = shell.part(request, "workspace/queue_rows.html", context)
    held = {ticket.number for ticket in found}
    response["X-Gone"] = ",".join(number for number in dict.fromkeys(wanted) if number not in held)
    return response


@require_GET
@workspace_page()
def counts(request: StaffRequest) -> HttpResponse:
    """The numbers beside the views, each to be swapped in where it stands."""
    address = Address.read(request.GET, me=request.user.pk)
    return shell.part(request, "workspace/queue_counts.html", {"tabs": queue.tabs_of(request.user, address)})

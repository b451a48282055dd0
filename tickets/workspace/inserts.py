"""What an agent puts into a reply with one click: links to articles. Macros have a file of their own."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.rules.capabilities import Capability
from knowledgebase.queries import search as knowledge
from knowledgebase.queries.browse import Entry
from tickets.models import Ticket
from tickets.queries import ticket_page as queries
from tickets.workspace import shell
from tickets.workspace.article_links import address_of
from tickets.workspace.guard import StaffRequest, workspace_page

ARTICLES = 6
#: In the panel beside the case: a glance, no list to read.
FITTING = 4


@require_GET
@workspace_page(Capability.WORK_TICKETS)
def articles(request: StaffRequest, number: str) -> HttpResponse:
    """Articles of the ticket's brand that hold the words; with none typed yet, those that fit the case."""
    ticket = queries.ticket_or_404(request.user, number)
    text = request.GET.get("article", "").strip()[:200]
    if text:
        entries = knowledge.search(ticket.brand, text, ticket.language, limit=ARTICLES)
    else:
        entries = knowledge.suggest(ticket.brand, ticket.subject, ticket.language, limit=ARTICLES)
    return _listed(request, ticket, entries, asked=text)


@require_GET
@workspace_page(Capability.WORK_TICKETS)
def fitting(request: StaffRequest, number: str) -> HttpResponse:
    """For the panel: articles near to the subject and to what the customer wrote last, in the ticket's language."""
    ticket = queries.ticket_or_404(request.user, number)
    # The subject stands last: where there is too much, the last words count.
    said = queries.last_said(ticket)[: max(knowledge.MAX_TEXT - len(ticket.subject) - 1, 0)]
    entries = knowledge.suggest(ticket.brand, f"{said} {ticket.subject}", ticket.language, limit=FITTING)
    return _listed(request, ticket, entries)


def _listed(request: StaffRequest, ticket: Ticket, entries: Sequence[Entry], asked: str = "") -> HttpResponse:
    context = {
        "articles": [(entry, address_of(ticket.brand, entry.article)) for entry in entries],
        "asked": asked,
    }
    return shell.part(request, "workspace/articles.html", context)

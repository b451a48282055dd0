"""What an agent puts into a reply with one click: macros and links to articles."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from accounts.rules.capabilities import Capability
from helpdesk.lib.localized import localized
from knowledgebase.queries import search as knowledge
from tickets.models import Ticket
from tickets.queries import pickers
from tickets.queries import ticket_page as queries
from tickets.rules import macros as rules
from tickets.workspace import shell
from tickets.workspace.article_links import address_of
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.ticket_page import Draft

ARTICLES = 6


@require_GET
@workspace_page(Capability.WORK_TICKETS)
def macro(request: StaffRequest, number: str, pk: int) -> HttpResponse:
    """A macro's text, filled in, in the customer's language."""
    ticket = queries.ticket_or_404(request.user, number)
    return HttpResponse(_filled(request, ticket, pk), content_type="text/plain; charset=utf-8")


def with_macro(request: StaffRequest, ticket: Ticket, draft: Draft) -> Draft:
    """The composer with the chosen macro added at its end."""
    chosen = request.POST.get("macro", "")
    if not chosen.isdecimal() or len(chosen) > 9:
        return draft
    parts = [draft.body.strip(), _filled(request, ticket, int(chosen))]
    return replace(draft, body="\n\n".join(part for part in parts if part))


def _filled(request: StaffRequest, ticket: Ticket, pk: int) -> str:
    fitting = next((macro for macro in pickers.load().macros(ticket) if macro.pk == pk), None)
    if fitting is None:
        raise Http404
    return rules.fill(
        localized(fitting, "body", ticket.language),
        customer=ticket.customer.display_name,
        number=ticket.display_number,
        agent=request.user.display_name,
        brand=localized(ticket.brand, "name", ticket.language),
    )


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
    context = {
        "articles": [(entry, address_of(ticket.brand, entry.article)) for entry in entries],
        "asked": text,
    }
    return shell.part(request, "workspace/articles.html", context)

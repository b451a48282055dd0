"""Contact data of a case's customer in clear, on the page of the case, to whoever says why."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.actions import reveals
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import DomainError, Invalid
from tickets.queries import ticket_page as queries
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.outcome import again, around, onward, told
from tickets.workspace.ticket_page import Attempt


@require_POST
@workspace_page(Capability.REVEAL_DATA)
def reveal(request: StaffRequest, number: str) -> HttpResponse:
    ticket = queries.ticket_or_404(request.user, number)
    reason, words = request.POST.get("reason", ""), request.POST.get("words", "")
    try:
        reveals.reveal(
            ticket.customer,
            by=request.user,
            page=ticket.number,
            brand=ticket.brand,
            reason=reason,
            words=words,
        )
    except DomainError as problem:
        errors = (
            {name: str(text) for name, text in problem.fields.items()} if isinstance(problem, Invalid) else {}
        )
        attempt = Attempt(told(problem), {"reason": reason, "words": words}, errors)
        return again(request, ticket, attempt, problem.status)
    return around(request, ticket) if request.htmx else onward(request, "workspace:ticket", ticket.number)


@require_POST
@workspace_page(Capability.REVEAL_DATA)
def hide(request: StaffRequest, number: str) -> HttpResponse:
    ticket = queries.ticket_or_404(request.user, number)
    reveals.hide(ticket.customer, by=request.user, page=ticket.number)
    return around(request, ticket) if request.htmx else onward(request, "workspace:ticket", ticket.number)

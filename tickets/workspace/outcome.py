"""What a change of a ticket leads to: the page as it is now, with what was refused beside what was wanted."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from helpdesk.lib.errors import DomainError, Invalid
from tickets.actions.send_gate import HeldBack
from tickets.models import Ticket
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest
from tickets.workspace.ticket_page import Attempt, everything, show


def around(
    request: StaffRequest, ticket: Ticket, *, attempt: Attempt | None = None, status: int = 200
) -> HttpResponse:
    """Everything but the composer: what is being typed there is nobody's business."""
    context = everything(request, ticket, attempt=attempt) | {"oob": True}
    return shell.part(request, "workspace/ticket_around.html", context, status=status)


def again(request: StaffRequest, ticket: Ticket, attempt: Attempt, status: int) -> HttpResponse:
    if request.htmx:
        return around(request, ticket, attempt=attempt, status=status)
    return show(request, ticket, attempt=attempt, status=status)


def onward(request: StaffRequest, name: str, *parts: str) -> HttpResponse:
    """To another page, with htmx too."""
    target = redirect(name, *parts)
    return HttpResponse(status=204, headers={"HX-Redirect": target.url}) if request.htmx else target


def told(problem: DomainError) -> str:
    if isinstance(problem, HeldBack):
        return problem.in_words()
    text = " ".join(str(said) for said in problem.fields.values()) if isinstance(problem, Invalid) else ""
    return text or str(problem.message)

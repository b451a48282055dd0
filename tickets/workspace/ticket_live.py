"""The parts of a ticket's page around its composer, as they are now: the page asks when it is told of news."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from tickets.queries import ticket_page as queries
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.outcome import around


@require_GET
@workspace_page()
def parts(request: StaffRequest, number: str) -> HttpResponse:
    return around(request, queries.ticket_or_404(request.user, number))

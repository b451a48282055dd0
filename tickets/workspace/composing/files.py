"""Files of a draft: taken at once when they are chosen, pasted or dropped, shown to their author alone."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import DomainError
from helpdesk.lib.files import private_file_response
from tickets import actors
from tickets.actions import draft_files
from tickets.models import Ticket
from tickets.queries import drafts
from tickets.queries import ticket_page as queries
from tickets.workspace import shell
from tickets.workspace.composing.draft import Draft, files_in
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.outcome import told


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def add(request: StaffRequest, number: str) -> HttpResponse:
    """One file; the list as it is then, or why it was not taken."""
    ticket = queries.ticket_or_404(request.user, number)
    files = files_in(request)
    if len(files) != 1:
        return JsonResponse({"said": ""}, status=400)
    try:
        draft_files.add(ticket, files[0], by=actors.staff(request.user))
    except DomainError as problem:
        return JsonResponse({"said": told(problem)}, status=problem.status)
    return _list(request, ticket)


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def remove(request: StaffRequest, number: str, pk: int) -> HttpResponse:
    ticket = queries.ticket_or_404(request.user, number)
    draft_files.remove(ticket, pk, by=actors.staff(request.user))
    return _list(request, ticket)


@require_safe
@workspace_page(Capability.WORK_TICKETS)
def show(request: StaffRequest, number: str, pk: int) -> HttpResponseBase:
    found = drafts.file_or_404(request.user, queries.ticket_or_404(request.user, number), pk)
    return private_file_response(
        request, found.file, name=found.name, content_type=found.content_type, inline="inline" in request.GET
    )


def _list(request: StaffRequest, ticket: Ticket) -> HttpResponse:
    row = drafts.draft_of(request.user, ticket)
    draft = Draft(files=list(row.files.all())) if row else Draft()
    response = shell.part(request, "workspace/composer_files.html", {"draft": draft, "ticket": ticket})
    response["X-Draft-Version"] = str(row.version if row else 0)
    return response


def keep(request: StaffRequest, ticket: Ticket) -> bool:
    """Files that came with the form itself, kept in the draft; whether all could be."""
    try:
        for file in files_in(request):
            draft_files.add(ticket, file, by=actors.staff(request.user))
    except DomainError:
        return False
    return True

"""The call that somebody asked for on the emergency page."""

from __future__ import annotations

from django.contrib import messages as notes
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import NotAllowed
from tickets.actions.call_backs import called_back
from tickets.actors import Actor
from tickets.models import Ticket
from tickets.queries import emergencies as queries
from tickets.workspace.changes import do
from tickets.workspace.guard import StaffRequest, workspace_page


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def call_made(request: StaffRequest, number: str) -> HttpResponse:
    """Whether they were reached."""
    reached = request.POST.get("reached") == "yes"

    def act(ticket: Ticket, by: Actor) -> None:
        found = queries.of_ticket(ticket)
        if found is None:
            raise NotAllowed
        called_back(found, reached=reached, by=by)
        notes.success(request, _("Noted: you reached them.") if reached else _("Noted: nobody answered."))

    return do(request, number, act)

"""Calling colleagues by name in a note: who can be called, and who could not be reached."""

from __future__ import annotations

from django.contrib import messages as notes
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.rules.capabilities import Capability, Role
from tickets.models import Message
from tickets.queries import ticket_page as queries
from tickets.queries.mentions import called_in, who_may_see
from tickets.workspace.guard import StaffRequest, workspace_page


@require_GET
@workspace_page(Capability.WORK_TICKETS)
def people(request: StaffRequest, number: str) -> HttpResponse:
    """All who may see the case but oneself, by name; the page picks among them while somebody types."""
    ticket = queries.ticket_or_404(request.user, number)
    found = [
        {"name": person.display_name, "role": str(Role(person.role).label)}
        for person in who_may_see(ticket)
        if person.pk != request.user.pk
    ]
    return JsonResponse({"people": found})


def warn(request: StaffRequest, note: Message) -> None:
    """Say whom a note calls in vain."""
    if note.is_public:
        return
    blind = called_in(note.body, note.ticket, by=request.user).blind
    if blind:
        names = _(", ").join(person.display_name for person in blind)
        notes.warning(request, _("Not told: %(names)s. They may not see this case.") % {"names": names})

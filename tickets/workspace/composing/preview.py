"""How what is typed will look to its reader."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.rules.capabilities import Capability
from tickets.choices import Markup
from tickets.models import Message
from tickets.queries import ticket_page as queries
from tickets.rules.intake import clean_text
from tickets.workspace import shell
from tickets.workspace.composing.draft import read
from tickets.workspace.guard import StaffRequest, workspace_page


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def preview(request: StaffRequest, number: str) -> HttpResponse:
    """By the same path as every reader's page and mail: a message that is not written."""
    ticket = queries.ticket_or_404(request.user, number)
    message = Message(body=clean_text(read(request).body), markup=Markup.MARKDOWN)
    return shell.part(request, "workspace/composer_preview.html", {"message": message, "ticket": ticket})

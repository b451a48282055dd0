"""Files of a conversation, for staff who may see its ticket."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from helpdesk.lib.files import private_file_response
from tickets.queries import ticket_page as queries
from tickets.workspace.guard import StaffRequest, workspace_page


@require_safe
@workspace_page()
def attachment(request: StaffRequest, pk: int) -> HttpResponseBase:
    """A download; with ``?inline`` a picture is shown in place."""
    found = queries.attachment_or_404(request.user, pk)
    return private_file_response(
        found.file, name=found.name, content_type=found.content_type, inline="inline" in request.GET
    )

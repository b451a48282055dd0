"""Files of a conversation, for staff who may see its ticket."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts import masking
from helpdesk.lib.files import private_file_response
from tickets.models import Attachment
from tickets.queries import ticket_page as queries
from tickets.queries.files import FileHeldBack, ready
from tickets.rules.text_files import as_text
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page

#: In bytes; what is longer is downloaded.
MOST_TEXT = 200_000


@require_safe
@workspace_page()
def attachment(request: StaffRequest, pk: int) -> HttpResponseBase:
    """A download; with ``?inline`` a picture is shown in place."""
    found = queries.attachment_or_404(request.user, pk)
    try:
        ready(found)
    except FileHeldBack as problem:
        return _held_back(request, found, problem)
    return private_file_response(
        request, found.file, name=found.name, content_type=found.content_type, inline="inline" in request.GET
    )


@require_safe
@workspace_page()
def card(request: StaffRequest, pk: int) -> HttpResponse:
    """The file as the conversation shows it: asked for again while it is being checked."""
    found = queries.attachment_or_404(request.user, pk)
    return shell.part(request, "workspace/message_file.html", {"file": found})


@require_safe
@workspace_page()
def file_text(request: StaffRequest, pk: int) -> HttpResponse:
    """The beginning of a text file as escaped text, in the page's viewer or on a page of its own; of another file its
    download."""
    found = queries.attachment_or_404(request.user, pk)
    try:
        ready(found)
    except FileHeldBack as problem:
        return _held_back(request, found, problem)
    if not found.is_text:
        return redirect("workspace:attachment", pk)
    try:
        with found.file.open("rb") as handle:
            data = handle.read(MOST_TEXT + 1)
    except FileNotFoundError as problem:
        raise Http404("The file is gone.") from problem
    is_whole = len(data) <= MOST_TEXT
    text = as_text(data[:MOST_TEXT], is_whole=is_whole)
    masking.note_text(text)
    context = {
        "file": found,
        "ticket": found.message.ticket,
        "text": text,
        "is_whole": is_whole,
        "limit": MOST_TEXT,
    }
    if request.htmx:
        return shell.part(request, "workspace/file_text.html", context)
    return shell.page(request, "workspace/file_page.html", context, title=found.name)


def _held_back(request: StaffRequest, file: Attachment, problem: FileHeldBack) -> HttpResponse:
    """A page that says so; in the viewer, which shows a part, the words alone."""
    context = {"file": file, "ticket": file.message.ticket, "problem": problem}
    if request.htmx:
        return shell.part(request, "workspace/file_held_said.html", context, status=problem.status)
    return shell.page(request, "workspace/file_held.html", context, title=file.name, status=problem.status)

"""Files that the virus scanner found something in, or could not check: what is known of each, and what becomes of it.

Nobody gets such a file here either: whoever judges it goes by what the scanner calls it, who sent it and what the case
says, and may look its SHA-256 up elsewhere.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import DomainError, Invalid
from tickets import actors
from tickets.actions import quarantine as actions
from tickets.queries import files as queries
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page

for_judges = workspace_page(Capability.JUDGE_FILES)


@require_safe
@for_judges
def quarantine(request: StaffRequest) -> HttpResponse:
    return _page(request)


@require_POST
@for_judges
def release(request: StaffRequest, pk: int) -> HttpResponse:
    file = queries.file_or_404(request.user, pk)
    reason = request.POST.get("reason", "")
    try:
        actions.release(file, reason=reason, by=actors.staff(request.user))
    except Invalid as problem:
        wrong = {"pk": pk, "reason": reason, "error": problem.fields.get("reason", problem.message)}
        return _page(request, wrong, status=problem.status)
    except DomainError as problem:
        return _said(request, str(problem.message), messages.ERROR)
    return _said(request, _("“%(name)s” can be opened now.") % {"name": file.name}, messages.SUCCESS)


@require_POST
@for_judges
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    file = queries.file_or_404(request.user, pk)
    try:
        actions.delete(file, by=actors.staff(request.user))
    except DomainError as problem:
        return _said(request, str(problem.message), messages.ERROR)
    return _said(request, _("“%(name)s” is deleted.") % {"name": file.name}, messages.SUCCESS)


def _said(request: StaffRequest, words: str, level: int) -> HttpResponse:
    messages.add_message(request, level, words)
    return redirect("workspace:quarantine")


def _page(request: StaffRequest, wrong: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    title = _("Files in quarantine")
    files = queries.in_quarantine(request.user)
    context = {"title": title, "files": files, "wrong": wrong, "is_more": len(files) == queries.LISTED}
    return shell.page(
        request, "workspace/quarantine.html", context, title=title, place="quarantine", status=status
    )

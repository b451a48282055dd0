"""Keeping what is typed, throwing it away, and the list of what one has begun."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import DomainError
from tickets import actors
from tickets.actions import drafts
from tickets.models import Draft as SavedDraft
from tickets.models import Ticket
from tickets.queries import drafts as draft_queries
from tickets.queries import ticket_page as queries
from tickets.rules.secrets.guard import guard
from tickets.rules.secrets.words import was_removed
from tickets.workspace import shell
from tickets.workspace.composing.context import language_of_draft, language_warning
from tickets.workspace.composing.draft import Draft, read, saved_at
from tickets.workspace.guard import StaffRequest, workspace_page


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def save(request: StaffRequest, number: str) -> HttpResponse:
    """For the page's script: what was kept and when, or what somebody's other window had written meanwhile."""
    ticket = queries.ticket_or_404(request.user, number)
    draft = read(request)
    try:
        kept = drafts.save(ticket, draft.written(), version=draft.version, by=actors.staff(request.user))
    except drafts.DraftMoved as problem:
        return _answer(problem.status, code=problem.code, said=str(problem.message), **_newer(problem.draft))
    except DomainError as problem:
        return _answer(problem.status, code=problem.code, said=str(problem.message))
    language, warning = language_of_draft(draft, ticket), language_warning(draft, ticket)
    told = _kept(kept)
    if kept is not None and (kinds := guard(draft.body).kinds):
        told["saved"] = f"{told['saved']} {was_removed(kinds)}"
    return _answer(200, **told, language=language, warning=warning)


def _kept(row: SavedDraft | None) -> dict[str, Any]:
    return {"version": row.version, "saved": saved_at(row.updated_at)} if row else {"version": 0, "saved": ""}


def _newer(row: SavedDraft) -> dict[str, Any]:
    return {**_kept(row), "body": row.body, "kind": row.kind, "to": row.to}


def _answer(status: int, **values: Any) -> JsonResponse:
    response = JsonResponse(values, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def discard(request: StaffRequest, number: str) -> HttpResponse:
    """From the list of drafts as it stands there; from a composer the text that stands in it, and no newer one."""
    ticket, by = queries.ticket_or_404(request.user, number), actors.staff(request.user)
    if "back" in request.POST:
        drafts.discard(ticket, by=by)
        return redirect("workspace:drafts")
    try:
        drafts.discard(ticket, by=by, version=read(request).version if "version" in request.POST else None)
    except drafts.DraftMoved as problem:
        return _answer(problem.status, code=problem.code, said=str(problem.message), **_newer(problem.draft))
    return _answer(200, version=0)


def keep(request: StaffRequest, ticket: Ticket, draft: Draft) -> None:
    """Without a script, whatever the form is sent for keeps its text too. An older text does not replace a newer."""
    with suppress(DomainError):  # it comes back in the form all the same
        drafts.save(ticket, draft.written(), version=draft.version, by=actors.staff(request.user))


@require_GET
@workspace_page(Capability.WORK_TICKETS)
def mine(request: StaffRequest) -> HttpResponse:
    context = {"drafts": draft_queries.my_drafts(request.user)}
    return shell.page(request, "workspace/drafts.html", context, title=_("My drafts"), place=request.path)

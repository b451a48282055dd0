"""Sending what stands in the composer: a reply or an internal note."""

from __future__ import annotations

from dataclasses import replace

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import DomainError, Invalid
from tickets import actors
from tickets.actions import messages
from tickets.actions.send_gate import HeldBack, NewerMessages
from tickets.choices import Status
from tickets.models import Message, Ticket
from tickets.queries import inbox
from tickets.queries import ticket_page as queries
from tickets.rules.intake import clean_line
from tickets.workspace import inserts, send_gate, shell
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.ticket_page import Draft, everything, show


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def send(request: StaffRequest, number: str) -> HttpResponse:
    """Nothing that was typed is lost: what cannot be sent comes back in the composer, with the reason."""
    ticket = queries.ticket_or_404(request.user, number)
    draft = _read(request)
    if "insert" in request.POST:  # without JavaScript the server puts the macro in
        return show(request, ticket, draft=inserts.with_macro(request, ticket, draft))
    try:
        message = _send(request, ticket, draft)
    except NewerMessages as conflict:
        newest = max(message.pk for message in conflict.messages)
        held = replace(draft, newer=conflict.messages, seen=newest, reasons=conflict.reasons)
        return _held_back(request, ticket, held, conflict)
    except HeldBack as stop:
        return _held_back(request, ticket, replace(draft, reasons=stop.reasons), stop)
    except Invalid as problem:
        errors = {name: str(text) for name, text in problem.fields.items()}
        return _held_back(request, ticket, replace(draft, errors=errors), problem)
    except DomainError as problem:
        return _held_back(request, ticket, replace(draft, errors={"body": str(problem.message)}), problem)
    inbox.forget_counts(request.user)
    return _sent(request, message)


def _read(request: StaffRequest) -> Draft:
    post = request.POST
    seen = post.get("seen", "")
    return Draft(
        kind="note" if post.get("kind") == "note" else "reply",
        body=post.get("body", ""),
        then=post.get("then", "") if post.get("then", "") in Status.values else "",
        seen=int(seen) if seen.isdecimal() and len(seen) < 19 else None,
        origin_key=clean_line(post.get("origin_key", ""))[:60],
        had_files=bool(_files(request)),
        assignee_seen=post.get("assignee_seen"),
    )


def _files(request: StaffRequest) -> list[UploadedFile[bytes]]:
    return [file for file in request.FILES.getlist("attachments") if isinstance(file, UploadedFile)]


def _send(request: StaffRequest, ticket: Ticket, draft: Draft) -> Message:
    by = actors.staff(request.user)
    key = f"workspace:{request.user.pk}:{draft.origin_key}" if draft.origin_key else None
    files = _files(request)
    if draft.kind == "note":
        return messages.note(ticket, body=draft.body, by=by, files=files, origin_key=key)
    then = Status(draft.then) if draft.then else None
    return messages.reply(
        ticket,
        body=draft.body,
        by=by,
        files=files,
        then=then,
        seen=draft.seen,
        assignee_seen=send_gate.assignee_of(draft),
        confirmed=request.POST.getlist("confirmed"),
        origin_key=key,
    )


def _held_back(request: StaffRequest, ticket: Ticket, draft: Draft, problem: DomainError) -> HttpResponse:
    """With htmx only the warning comes: what was typed and the chosen files stay where they are."""
    if request.htmx:
        context = {"draft": draft, "seen": draft.seen, "oob": True, "ticket": ticket}
        return shell.part(request, "workspace/composer_alert.html", context, status=problem.status)
    return show(request, ticket, draft=draft, status=problem.status)


def _sent(request: StaffRequest, message: Message) -> HttpResponse:
    if not request.htmx:
        return redirect(f"{reverse('workspace:ticket', args=[message.ticket.number])}#message-{message.pk}")
    ticket = queries.ticket_or_404(request.user, message.ticket.number)
    context = everything(request, ticket) | {"announce": _("Sent.")}
    response = shell.part(request, "workspace/ticket.html", context)
    return _onto(response, "#ws-ticket", "outerHTML")


def _onto(response: HttpResponse, target: str, swap: str) -> HttpResponse:
    response["HX-Retarget"] = target
    response["HX-Reswap"] = swap
    return response

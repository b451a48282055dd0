"""Sending what stands in the composer: a reply, an internal note, or the conversation to somebody outside."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Conflict, DomainError, Invalid
from tickets import actors
from tickets.actions import composing, draft_files, drafts
from tickets.actions.send_gate import HeldBack, NewerMessages
from tickets.choices import DraftKind
from tickets.models import Message, Ticket
from tickets.queries import inbox
from tickets.queries import ticket_page as queries
from tickets.queries.delivery import deliveries_of, is_mailed_to_nobody
from tickets.workspace import macros, mentions, shell
from tickets.workspace.composing import files, saving
from tickets.workspace.composing.context import language_of_draft, language_warning
from tickets.workspace.composing.draft import Draft, files_in, read
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.secrets_told import told_of_secrets
from tickets.workspace.ticket_page import everything, show


class OtherLanguage(Conflict):
    """And nothing else speaks against it. Sent again, it goes out: the author has read it."""

    code = "other_language"


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def send(request: StaffRequest, number: str) -> HttpResponse:
    """Nothing that was typed is lost: what cannot be sent comes back in the composer, with the reason."""
    ticket = queries.ticket_or_404(request.user, number)
    draft = _told_of_language(request, ticket, macros.applied_to(request, ticket, read(request)))
    if (answer := _without_script(request, ticket, draft)) is not None:
        return answer
    by, sent_files = actors.staff(request.user), files_in(request)
    unread, known = language_of_draft(draft, ticket), draft.speaks
    draft = replace(draft, speaks=unread)
    try:
        if unread != known:
            composing.refuse_held_back(ticket, draft.written(), by=by, knows=draft.knows())
            raise OtherLanguage
        message = macros.send_with_macro(
            request,
            ticket,
            draft,
            lambda: composing.send(ticket, draft.written(), by=by, files=sent_files, knows=draft.knows()),
        )
    except NewerMessages as conflict:
        newest = max(message.pk for message in conflict.messages)
        held = replace(draft, newer=conflict.messages, seen=newest, reasons=conflict.reasons)
        return _held_back(request, ticket, held, conflict)
    except HeldBack as stop:
        return _held_back(request, ticket, replace(draft, reasons=stop.reasons), stop)
    except composing.SentOtherwise as problem:
        return _held_back(request, ticket, _refused(replace(draft, origin_key=""), problem), problem)
    except OtherLanguage as problem:
        return _held_back(request, ticket, draft, problem)
    except DomainError as problem:
        return _held_back(request, ticket, _refused(draft, problem), problem)
    inbox.forget_counts(request.user)
    mentions.warn(request, message)
    told_of_secrets(request, message)
    return _sent(request, message, DraftKind(draft.kind))


def _told_of_language(request: StaffRequest, ticket: Ticket, draft: Draft) -> Draft:
    """With the language that its reader evidently cannot read, where the page has told its author of that: whatever
    else holds it back, that is asked once.
    """
    speaks = language_of_draft(draft, ticket)
    return replace(draft, speaks=speaks) if request.POST.get("warned") == speaks else draft


def _without_script(request: StaffRequest, ticket: Ticket, draft: Draft) -> HttpResponse | None:
    """The form's other buttons, for browsers that run no scripts: the server does what those would have done."""
    pressed, by = request.POST, actors.staff(request.user)
    if "insert" in pressed:
        return show(request, ticket, draft=macros.with_macro(request, ticket, draft))
    if "discard" in pressed:
        with suppress(drafts.DraftMoved):  # then the newer one is shown
            drafts.discard(ticket, by=by, version=draft.version if "version" in pressed else None)
        return redirect("workspace:ticket", ticket.number)
    if "keep" in pressed or "remove_file" in pressed:
        saving.keep(request, ticket, draft)
        had_files = not files.keep(request, ticket)
        if (file := pressed.get("remove_file", "")).isdecimal() and len(file) < 19:
            draft_files.remove(ticket, int(file), by=by)
        return show(request, ticket, draft=replace(draft, had_files=had_files))
    return None


def _refused(draft: Draft, problem: DomainError) -> Draft:
    """With what is wrong: at its fields, or as a whole, whatever verb it comes from."""
    if isinstance(problem, Invalid):
        return replace(draft, errors={name: str(text) for name, text in problem.fields.items()})
    return replace(draft, errors={"body": str(problem.message)})


def _held_back(request: StaffRequest, ticket: Ticket, draft: Draft, problem: DomainError) -> HttpResponse:
    """With htmx only the warning comes: what was typed and the chosen files stay where they are."""
    if request.htmx:
        context = {
            "draft": draft,
            "ticket": ticket,
            "seen": draft.seen,
            "origin_key": draft.origin_key or drafts.new_key(),
            "differs": language_warning(draft, ticket),
            "oob": True,
        }
        return shell.part(request, "workspace/composer_alert.html", context, status=problem.status)
    saving.keep(request, ticket, draft)
    kept = files.keep(request, ticket)
    return show(request, ticket, draft=replace(draft, had_files=not kept), status=problem.status)


def _sent(request: StaffRequest, message: Message, kind: DraftKind) -> HttpResponse:
    """The page with it. After a note the composer stays at notes: the next remark must not go to the customer."""
    if not request.htmx:
        return redirect(f"{reverse('workspace:ticket', args=[message.ticket.number])}#message-{message.pk}")
    ticket = queries.ticket_or_404(request.user, message.ticket.number)
    begun = Draft(kind=kind.value) if kind == DraftKind.NOTE else None
    context = everything(request, ticket, draft=begun) | {"announce": _done(message, kind)}
    response = shell.part(request, "workspace/ticket.html", context)
    return _onto(response, "#ws-ticket", "outerHTML")


def _done(message: Message, kind: DraftKind) -> str:
    """What became of it, in words."""
    match kind:
        case DraftKind.NOTE:
            return _("Note added.")
        case DraftKind.FORWARD:
            return _("Forwarded.")
    mailed = deliveries_of([message]).get(message.pk, [])
    if is_mailed_to_nobody(message, mailed):
        return _("Kept. Nobody was mailed: no e-mail is known.")
    return _("Sent.")


def _onto(response: HttpResponse, target: str, swap: str) -> HttpResponse:
    response["HX-Retarget"] = target
    response["HX-Reswap"] = swap
    return response

"""Macros on a ticket: their text into the composer, their changes shown beforehand and made with the message, and
those that say nothing applied at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from accounts.rules.capabilities import Capability
from tickets import actors
from tickets.actions import draft_rows
from tickets.actions import macros as verbs
from tickets.actions.rows import lock
from tickets.actions.undoing_acts import undo_macro
from tickets.actors import Actor
from tickets.choices import EventKind
from tickets.models import Event, Macro, Message, Ticket
from tickets.queries import pickers
from tickets.queries import ticket_page as queries
from tickets.queries.macro_words import changes_in_words
from tickets.queries.macros import text_of
from tickets.queries.own_events import last_event
from tickets.rules.intake import clean_line
from tickets.workspace import changes, shell
from tickets.workspace.composing.context import OFFERED_WITH_REPLY
from tickets.workspace.composing.draft import Draft
from tickets.workspace.guard import StaffRequest, workspace_page


@dataclass(frozen=True)
class Applied:
    """The macro whose text stands in the composer, and what it changes in words."""

    pk: int
    name: str
    changes: list[str]
    has_text: bool
    then: str
    #: What the message is to be: "note", or whatever the author has chosen.
    kind: str = ""

    @classmethod
    def of(cls, macro: Macro) -> Applied:
        words = changes_in_words(macro, pickers.load())
        then = macro.set_status if macro.set_status in OFFERED_WITH_REPLY and not macro.is_note else ""
        kind = "note" if macro.has_text and macro.is_note else ""
        return cls(macro.pk, macro.name, words, macro.has_text, then, kind)


@require_GET
@workspace_page(Capability.WORK_TICKETS)
def text(request: StaffRequest, number: str, pk: int) -> HttpResponse:
    """A macro's text, filled in, in the customer's language."""
    ticket = queries.ticket_or_404(request.user, number)
    filled = text_of(fitting_or_404(request, ticket, pk), ticket, request.user)
    return HttpResponse(filled, content_type="text/plain; charset=utf-8")


@require_GET
@workspace_page(Capability.WORK_TICKETS)
def preview(request: StaffRequest, number: str, pk: int) -> HttpResponse:
    """What the macro will change, for the composer."""
    ticket = queries.ticket_or_404(request.user, number)
    applied = Applied.of(fitting_or_404(request, ticket, pk))
    return shell.part(request, "workspace/macros/changes.html", {"applied": applied, "ticket": ticket})


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def apply(request: StaffRequest, number: str) -> HttpResponse:
    """All of the macro at once: its changes, and its text where it has one."""
    ticket = queries.ticket_or_404(request.user, number)
    macro = fitting_or_404(request, ticket, _number(request.POST.get("macro", "")))
    typed = clean_line(request.POST.get("macro_key", ""))[
        :60
    ]  # names this one act, where the door has a name for it
    key = f"workspace:{request.user.pk}:macro:{typed}" if typed else None
    seen = _number(request.POST.get("seen", "")) or None

    told: list[Event] = []

    def act(case: Ticket, by: Actor) -> None:
        told.extend(verbs.apply(case, macro, by=by, seen=seen, origin_key=key)[-1:])

    response = changes.do(request, number, act)
    if request.htmx and response.status_code == 200:
        context = {"ticket": ticket, "name": macro.name, "done": told[0] if told else None}
        response.write(render_to_string("workspace/macros/applied.html", context, request))
    return response


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def undo(request: StaffRequest, number: str, event: int) -> HttpResponse:
    """What one's own macro did, while nobody changed it since."""
    ticket = queries.ticket_or_404(request.user, number)
    own = Event.objects.filter(ticket=ticket, actor=request.user, kind=EventKind.MACRO_APPLIED)
    done = get_object_or_404(own.select_related("ticket", "actor"), pk=event)
    response = changes.do(request, number, lambda case, by: undo_macro(done, by=by))
    if request.htmx and response.status_code == 200:
        response.write(render_to_string("workspace/macros/applied.html", {"done": None}, request))
    return response


def fitting_or_404(request: StaffRequest, ticket: Ticket, pk: int) -> Macro:
    offered = pickers.load().macros(ticket, request.user)
    found = next((macro for macro in offered if macro.pk == pk), None)
    if found is None:
        raise Http404
    return found


def chosen(request: StaffRequest, ticket: Ticket, name: str = "macro") -> Macro | None:
    pk = _number(request.POST.get(name, ""))
    return fitting_or_404(request, ticket, pk) if pk else None


def applied_to(request: StaffRequest, ticket: Ticket, draft: Draft) -> Draft:
    """The draft with the macro that had been put into it, as the form says."""
    pk = _number(request.POST.get("applied", ""))
    offered = pickers.load().macros(ticket, request.user) if pk else []
    macro = next((one for one in offered if one.pk == pk), None)
    return replace(draft, applied=Applied.of(macro)) if macro is not None else draft


def with_macro(request: StaffRequest, ticket: Ticket, draft: Draft) -> Draft:
    """The composer with the chosen macro added at its end."""
    macro = chosen(request, ticket)
    if macro is None:
        return draft
    applied = Applied.of(macro)
    parts = [draft.body.strip(), text_of(macro, ticket, request.user)]
    return replace(
        draft,
        kind=applied.kind or draft.kind,
        body="\n\n".join(part for part in parts if part),
        then=applied.then or draft.then,
        applied=applied,
    )


def send_with_macro(
    request: StaffRequest, ticket: Ticket, draft: Draft, send: Callable[[], Message]
) -> Message:
    """Send what stands in the composer; with it the changes of the macro whose text it was, all or nothing.

    The status that goes with a reply is what the author chose with it, whatever the macro had put there.
    """
    pk = draft.applied.pk if draft.applied else 0
    macro = Macro.objects.select_related("set_category__parent__parent", "set_team").filter(pk=pk).first()
    if macro is None or not macro.has_changes:
        return send()
    by = actors.staff(request.user)
    with transaction.atomic():
        draft_rows.begin(
            ticket, draft_rows.author_of(by)
        )  # before the ticket's row, as whoever sends without a macro
        after = last_event(lock(ticket))
        message = send()
        chosen_with_it = draft.kind == "reply" and macro.set_status in OFFERED_WITH_REPLY
        if message.ticket_id == ticket.pk and _is_new(message, after):
            verbs.follow(message, macro, by=by, after=after, with_status=not chosen_with_it)
    return message


def _is_new(message: Message, after: int) -> bool:
    """Not the one that the same form had sent before: its changes were made then."""
    return last_event(message.ticket) > after


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= 18 else 0

"""One ticket: customer, conversation, context."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts import access
from accounts.models import User
from accounts.rules.capabilities import Capability
from tickets.choices import ActorKind, Priority, Status, TimerKind, TimerState
from tickets.models import Message, Ticket, Timer
from tickets.queries import pickers
from tickets.queries import ticket_page as queries
from tickets.queries.categories import answers_in_words
from tickets.queries.pickers import Pickers
from tickets.rules import lifecycle
from tickets.workspace import shell, words
from tickets.workspace.guard import StaffRequest, workspace_page


@dataclass(frozen=True)
class Draft:
    """What stands in the composer: nothing at first, later what was typed and could not be sent yet."""

    kind: str = "reply"
    body: str = ""
    then: str = ""
    seen: int | None = None
    origin_key: str = ""
    errors: Mapping[str, str] | None = None
    newer: Sequence[Message] = ()
    had_files: bool = False


@dataclass(frozen=True)
class Clock:
    title: str
    due: words.Due
    state: str
    explanation: str


@require_GET
@workspace_page()
def ticket_page(request: StaffRequest, number: str) -> HttpResponse:
    ticket = queries.ticket_or_404(request.user, number)
    return show(request, ticket)


def show(
    request: StaffRequest,
    ticket: Ticket,
    *,
    draft: Draft | None = None,
    problem: str = "",
    wanted: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page. ``problem`` says what a change of a property ran into, ``wanted`` keeps what was chosen."""
    context = everything(request, ticket, draft=draft, problem=problem, wanted=wanted)
    return shell.page(
        request,
        "workspace/ticket.html",
        context,
        title=f"{ticket.display_number} {ticket.subject}",
        status=status,
    )


def everything(
    request: StaffRequest,
    ticket: Ticket,
    *,
    draft: Draft | None = None,
    problem: str = "",
    wanted: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    may_work = access.can(request.user, Capability.WORK_TICKETS)
    conversation = queries.conversation(ticket, everything="all" in request.GET)
    context = {
        "ticket": ticket,
        "me": request.user,
        "may_work": may_work,
        "conversation": conversation,
        "clocks": [_clock(timer, ticket) for timer in queries.clocks(ticket)],
        "answers": answers_in_words(ticket.category, ticket.fields) if ticket.fields else [],
        "others": queries.other_tickets(request.user, ticket),
        "others_shown": queries.OTHER_TICKETS,
        "watchers": (watchers := queries.watchers(ticket)),
        "watching": any(watcher.pk == request.user.pk for watcher in watchers),
        "links": queries.usable_links(ticket),
        "problem": problem,
    }
    if may_work:
        context |= _work(request.user, ticket, conversation.last_message_id, draft or Draft(), wanted or {})
    return context


def _work(
    user: User, ticket: Ticket, last_message_id: int, draft: Draft, wanted: Mapping[str, str]
) -> dict[str, Any]:
    """What only those need who may change the ticket."""
    choices = pickers.load()
    return {
        "draft": draft,
        "seen": last_message_id if draft.seen is None else draft.seen,
        "origin_key": draft.origin_key or secrets.token_urlsafe(16),
        "macros": choices.macros(ticket),
        "after_reply": _after_reply(ticket),
        "properties": properties(user, ticket, wanted, choices),
        "may_take": ticket.assignee_id is None,
    }


def _after_reply(ticket: Ticket) -> list[tuple[str, str]]:
    """What may become of the status with a reply, the usual first."""
    usual = lifecycle.after_agent_reply(ticket.status)
    offered = [Status.OPEN, Status.PENDING, Status.SOLVED]
    legal = [to for to in lifecycle.allowed(ticket.status, ActorKind.STAFF) if to in offered]
    return [("", str(usual.label)), *((to.value, str(to.label)) for to in legal if to != usual)]


@dataclass(frozen=True)
class Property:
    """Something that may be set: its choices, and what is set now."""

    name: str
    title: str
    options: Sequence[tuple[str, str]]
    now: str
    chosen: str


def properties(user: User, ticket: Ticket, wanted: Mapping[str, str], choices: Pickers) -> list[Property]:
    found = [
        ("status", _("Status"), _statuses(ticket), ticket.status),
        ("priority", _("Priority"), _priorities(), Priority(ticket.priority).slug),
        ("assignee", _("Assignee"), _assignees(user, ticket, choices), str(ticket.assignee_id or "")),
        ("team", _("Team"), _teams(ticket, choices), str(ticket.team_id or "")),
        ("category", _("Category"), _categories(ticket, choices), str(ticket.category_id or "")),
    ]
    return [Property(name, title, options, now, wanted.get(name, now)) for name, title, options, now in found]


def _statuses(ticket: Ticket) -> list[tuple[str, str]]:
    """The present one and where it may go from there."""
    legal = lifecycle.allowed(ticket.status, ActorKind.STAFF)
    return [(str(to.value), str(to.label)) for to in (Status(ticket.status), *legal)]


def _priorities() -> list[tuple[str, str]]:
    return [(priority.slug, str(priority.label)) for priority in reversed(Priority)]


def _assignees(user: User, ticket: Ticket, choices: Pickers) -> list[tuple[str, str]]:
    """Everybody who can have it, for those who may give it away; else just oneself and nobody."""
    everyone = [(str(worker.value), worker.label) for worker in choices.may_have(ticket)]
    if not access.can(user, Capability.ASSIGN_OTHERS):
        own = {str(user.pk), str(ticket.assignee_id)}
        everyone = [choice for choice in everyone if choice[0] in own]
    held = ticket.assignee
    if held is not None and str(held.pk) not in dict(everyone):
        everyone.append((str(held.pk), held.display_name))
    return [("", _("nobody")), *everyone]


def _teams(ticket: Ticket, choices: Pickers) -> list[tuple[str, str]]:
    known = [(str(choice.value), choice.label) for choice in choices.teams]
    return known if ticket.team_id else [("", "—"), *known]


def _categories(ticket: Ticket, choices: Pickers) -> list[tuple[str, str]]:
    known = [(str(choice.value), choice.label) for choice in choices.categories]
    if ticket.category is None:
        return [("", "—"), *known]
    if str(ticket.category_id) not in dict(known):  # no longer in use
        known.append((str(ticket.category_id), str(ticket.category)))
    return known


def _clock(timer: Timer, ticket: Ticket) -> Clock:
    title = str(TimerKind(timer.kind).label)
    promised = words.working_span(timer.target_seconds)
    explanation = _("Promised: %(promised)s of working time (%(policy)s).") % {
        "promised": promised,
        "policy": timer.policy.name,
    }
    if timer.state == TimerState.RUNNING and timer.due_at is not None:
        return Clock(title, words.due_at(timer.due_at), "running", explanation)
    if timer.state == TimerState.PAUSED:
        left = max(timer.target_seconds - timer.used_seconds, 0)
        text = _("paused: customer’s turn; %(left)s left") % {"left": words.working_span(left)}
        return Clock(title, words.Due(text), "paused", explanation)
    if timer.breached_at is not None:
        return Clock(title, words.Due(_("done, too late"), "late", timer.done_at), "late", explanation)
    return Clock(title, words.Due(pgettext("clock", "kept"), "kept", timer.done_at), "done", explanation)

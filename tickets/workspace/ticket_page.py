"""One ticket: customer, conversation, context."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import access
from accounts.choices import Tier
from accounts.models import User
from accounts.rules.capabilities import Capability
from tickets.actions import reading
from tickets.actions.notices import mark_read
from tickets.choices import ActorKind, LinkKind, Priority, Status, TimerKind, TimerState
from tickets.models import Ticket, Timer
from tickets.queries import clocks as clock_queries
from tickets.queries import pickers
from tickets.queries import ticket_page as queries
from tickets.queries.categories import answers_in_words
from tickets.queries.linked import linked_to
from tickets.queries.mails import in_copy
from tickets.queries.merged import where_it_went
from tickets.queries.pickers import Pickers
from tickets.rules import lifecycle, visibility
from tickets.workspace import shell, words
from tickets.workspace.clocks import clock_of, nearest_first
from tickets.workspace.composing.context import composer
from tickets.workspace.composing.draft import Draft as Draft
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.suggestions.question import question_of
from tickets.workspace.unproved import unproved_of

YES = "yes"
#: So many promises stand in the head of a case; the others are in the panel.
HEAD_CLOCKS = 3


@dataclass(frozen=True)
class Attempt:
    """A change that could not be made: what it ran into, and what was chosen, so that nothing typed is lost.

    ``errors`` stand at their fields, ``problem`` above the page.
    """

    problem: str = ""
    wanted: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    #: What a merging would do, looked at before it is done.
    outlook: object = None


@require_GET
@workspace_page()
def ticket_page(request: StaffRequest, number: str) -> HttpResponse:
    ticket = queries.ticket_or_404(request.user, number)
    mark_read(request.user, ticket=ticket)
    reading.opened(ticket, by=request.user)
    return show(request, ticket)


def show(
    request: StaffRequest,
    ticket: Ticket,
    *,
    draft: Draft | None = None,
    attempt: Attempt | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, with what was attempted on it."""
    context = everything(request, ticket, draft=draft, attempt=attempt)
    return shell.page(
        request,
        "workspace/ticket.html",
        context,
        title=f"{ticket.display_number} {ticket.subject}",
        status=status,
    )


def everything(
    request: StaffRequest, ticket: Ticket, *, draft: Draft | None = None, attempt: Attempt | None = None
) -> dict[str, Any]:
    attempt = attempt or Attempt()
    may_work = access.can(request.user, Capability.WORK_TICKETS)
    conversation = queries.conversation(ticket, viewer=request.user, everything="all" in request.GET)
    others = queries.other_tickets(request.user, ticket)
    timers = clock_queries.of_ticket(ticket)
    context = {
        "ticket": ticket,
        "me": request.user,
        "may_work": may_work,
        # A case that was merged into another is changed there.
        "may_change": may_work and ticket.merged_into_id is None,
        "went_to": _where_it_went(request.user, ticket),
        "conversation": conversation,
        "clocks": (clocks := [clock_of(timer, ticket) for timer in timers]),
        "nearest": (going := nearest_first(clocks))[:HEAD_CLOCKS],
        "more_clocks": max(len(going) - HEAD_CLOCKS, 0),
        "now": words.server_time(),
        "waiting_since": _waiting_since(ticket, timers),
        "answers": answers_in_words(ticket.category, ticket.fields) if ticket.fields else [],
        "others": others,
        "others_shown": queries.OTHER_TICKETS,
        "watchers": (watchers := queries.watchers(ticket)),
        "watching": any(watcher.pk == request.user.pk for watcher in watchers),
        "in_copy": in_copy(ticket),
        "unproved": unproved_of(request.user, ticket),
        "links": queries.usable_links(ticket),
        "linked": (linked := linked_to(request.user, ticket)),
        "ends_with_this": [] if ticket.is_active else [row for row in linked if row.ends_with_this],
        "link_kinds": LinkKind.choices,
        "may_follow_up": _may_follow_up(request.user, ticket),
        "attempt": attempt,
        "tier": _tier(request.user, ticket, attempt.wanted),
    }
    if may_work:
        context |= composer(request.user, ticket, conversation, draft)
        context |= _work(request.user, ticket, attempt.wanted)
        context["suggestion"] = question_of(ticket) if context["may_change"] else None
        context["mergeable"] = [other for other in others if _may_go_on_in(ticket, other)]
    return context


def _may_follow_up(user: User, ticket: Ticket) -> bool:
    is_over = ticket.status == Status.CLOSED and ticket.merged_into_id is None
    return (
        is_over
        and access.can(user, Capability.WORK_TICKETS)
        and access.can(user, Capability.OPEN_FOR_CUSTOMER)
    )


@dataclass(frozen=True)
class Elsewhere:
    """The case in which this one goes on; ``may_open``: whether this person sees that one too."""

    ticket: Ticket
    may_open: bool


def _where_it_went(user: User, ticket: Ticket) -> Elsewhere | None:
    into = where_it_went(ticket)
    return Elsewhere(into, visibility.may_see(user, into)) if into else None


def _may_go_on_in(ticket: Ticket, other: Ticket) -> bool:
    return other.is_active and other.merged_into_id is None and other.brand_id == ticket.brand_id


def _waiting_since(ticket: Ticket, timers: Sequence[Timer]) -> datetime | None:
    """What the customer wrote after this waits for a next reply; None when nothing does."""
    owed = any(
        timer.kind == TimerKind.NEXT_RESPONSE and timer.state in (TimerState.RUNNING, TimerState.PAUSED)
        for timer in timers
    )
    return (ticket.last_staff_message_at or ticket.created_at) if owed else None


def _work(user: User, ticket: Ticket, wanted: Mapping[str, str]) -> dict[str, Any]:
    """What only those need who may change the ticket."""
    choices = pickers.load()
    return {
        "macros": choices.macros(ticket, user),
        "properties": properties(user, ticket, wanted, choices),
        "may_take": ticket.assignee_id is None,
    }


@dataclass(frozen=True)
class Property:
    """Something that may be set: its choices, and what is set now."""

    name: str
    title: str
    options: Sequence[tuple[str, str]]
    now: str
    chosen: str

    @property
    def is_switch(self) -> bool:
        return [value for value, _label in self.options] == ["", YES]


def properties(user: User, ticket: Ticket, wanted: Mapping[str, str], choices: Pickers) -> list[Property]:
    found = [
        ("status", _("Status"), _statuses(ticket), ticket.status),
        ("priority", _("Priority"), _priorities(), Priority(ticket.priority).slug),
        ("assignee", _("Assignee"), _assignees(user, ticket, choices), str(ticket.assignee_id or "")),
        ("team", _("Team"), _teams(ticket, choices), str(ticket.team_id or "")),
        ("category", _("Category"), _categories(ticket, choices), str(ticket.category_id or "")),
        ("complaint", _("Complaint"), _yes_or_no(), YES if ticket.is_complaint else ""),
    ]
    return [Property(name, title, options, now, wanted.get(name, now)) for name, title, options, now in found]


def _statuses(ticket: Ticket) -> list[tuple[str, str]]:
    """The present one and where it may go from there."""
    legal = lifecycle.allowed(ticket.status, ActorKind.STAFF)
    return [(str(to.value), str(to.label)) for to in (Status(ticket.status), *legal)]


def _priorities() -> list[tuple[str, str]]:
    return [(priority.slug, str(priority.label)) for priority in reversed(Priority)]


def _yes_or_no() -> list[tuple[str, str]]:
    return [("", _("no")), (YES, _("yes"))]


def _tier(user: User, ticket: Ticket, wanted: Mapping[str, str]) -> Property | None:
    """The customer's, for those who may change it."""
    if not access.can(user, Capability.ASSIGN_OTHERS):
        return None
    now = ticket.customer.tier
    options = [(value, str(label)) for value, label in Tier.choices]
    return Property("tier", _("Tier"), options, now, wanted.get("tier", now))


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

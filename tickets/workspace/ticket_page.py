"""One ticket: customer, conversation, context."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts import access
from accounts.models import User
from accounts.rules.capabilities import Capability
from tickets.actions import reading
from tickets.actions.notices import mark_read
from tickets.choices import LinkKind, Status
from tickets.models import Ticket, Timer
from tickets.queries import clocks as clock_queries
from tickets.queries import pickers
from tickets.queries import ticket_page as queries
from tickets.queries.beside import beside
from tickets.queries.categories import answers_in_words
from tickets.queries.conversation import Reader
from tickets.queries.conversation import conversation as talk_of
from tickets.queries.customer_history import history
from tickets.queries.linked import seen_of
from tickets.queries.merged import where_it_went
from tickets.rules import visibility
from tickets.workspace import shell, words
from tickets.workspace.clocks import clock_of, nearest_first
from tickets.workspace.composing.context import composer
from tickets.workspace.composing.draft import Draft as Draft
from tickets.workspace.conversing import talk, window_of
from tickets.workspace.customer_card import customer_card
from tickets.workspace.emergencies.card import emergency_card
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.properties import properties, tier_of
from tickets.workspace.sensitive.card import card
from tickets.workspace.suggestions.question import question_of
from tickets.workspace.unproved import unproved_of

#: So many promises stand in the head of a case; the others are in the panel.
HEAD_CLOCKS = 3
#: Into so many open cases of the customer merging is offered; others are named by their number.
MERGEABLE = 12


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
    seen = reading.opened(ticket, by=request.user)
    return show(request, ticket, reader=Reader(request.user.pk, seen) if seen is not None else None)


def show(
    request: StaffRequest,
    ticket: Ticket,
    *,
    draft: Draft | None = None,
    attempt: Attempt | None = None,
    status: int = 200,
    reader: Reader | None = None,
) -> HttpResponse:
    """The whole page, with what was attempted on it. ``reader``: who comes back to it, for the mark at what is new."""
    context = everything(request, ticket, draft=draft, attempt=attempt, reader=reader)
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
    attempt: Attempt | None = None,
    reader: Reader | None = None,
) -> dict[str, Any]:
    attempt, user, window = attempt or Attempt(), request.user, window_of(request)
    conversation = talk_of(
        ticket, viewer=user, everything="all" in request.GET, since=window.since, reader=reader
    )
    timers = clock_queries.of_ticket(ticket)
    context = talk(user, ticket, conversation, timers, conversation.first_new or window.first_new)
    context |= _clocks(ticket, timers) | _around(user, ticket)
    context |= customer_card(user, ticket, past := history(user, ticket), attempt.wanted)
    context |= {"attempt": attempt, "tier": tier_of(user, ticket, attempt.wanted)} | card(user, ticket)
    if context["may_work"]:
        context |= composer(user, ticket, conversation, draft)
        context |= _work(user, ticket, attempt.wanted)
        context["suggestion"] = question_of(ticket) if context["may_change"] else None
        context["mergeable"] = [other for other in past.open if other.brand_id == ticket.brand_id][:MERGEABLE]
    return context


def _clocks(ticket: Ticket, timers: Sequence[Timer]) -> dict[str, Any]:
    clocks = [clock_of(timer, ticket) for timer in timers]
    going = nearest_first(clocks)
    return {
        "clocks": clocks,
        "nearest": going[:HEAD_CLOCKS],
        "more_clocks": max(len(going) - HEAD_CLOCKS, 0),
        "now": words.server_time(),
    }


def _around(user: User, ticket: Ticket) -> dict[str, Any]:
    """People and cases that have to do with it."""
    small = beside(ticket)
    linked = seen_of(user, ticket, small.ties)
    return {
        "went_to": _where_it_went(user, ticket),
        "answers": answers_in_words(ticket.category, ticket.fields) if ticket.fields else [],
        "watchers": small.watchers,
        "watching": any(watcher.pk == user.pk for watcher in small.watchers),
        "in_copy": small.in_copy,
        "links": small.tracking_links,
        "unproved": unproved_of(user, ticket),
        "emergency": emergency_card(user, ticket),
        "linked": linked,
        "ends_with_this": [] if ticket.is_active else [row for row in linked if row.ends_with_this],
        "link_kinds": LinkKind.choices,
        "may_follow_up": _may_follow_up(user, ticket),
    }


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


def _work(user: User, ticket: Ticket, wanted: Mapping[str, str]) -> dict[str, Any]:
    """What only those need who may change the ticket."""
    choices = pickers.load()
    return {
        "macros": choices.macros(ticket, user),
        "properties": properties(user, ticket, wanted, choices),
        "tags_chosen": wanted.get("tags", " ".join(ticket.tags)),
        "may_take": ticket.assignee_id is None,
    }

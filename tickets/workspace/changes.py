"""Changing one thing about a ticket: status, priority, who has it, what it is about, who follows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.choices import Tier
from accounts.models import Team, User
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Conflict, DomainError, Invalid
from tickets import actors
from tickets.actions import assignment, links, messages
from tickets.actions import status as statuses
from tickets.actions import tickets as verbs
from tickets.actions.tiers import change_tier
from tickets.actors import Actor
from tickets.choices import Nature, Priority, Status
from tickets.models import Category, Message, Ticket
from tickets.queries import inbox, pickers
from tickets.queries import ticket_page as queries
from tickets.workspace import undo
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.outcome import again, told
from tickets.workspace.properties import YES, properties
from tickets.workspace.ticket_page import Attempt

T = TypeVar("T")
Act = Callable[[Ticket, Actor], object]


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def change(request: StaffRequest, number: str, what: str) -> HttpResponse:
    """Set one property. ``was`` is what the form showed: if it is something else by now, nothing is written and the
    agent's choice stays in the form, to be sent again if it is still meant."""
    if what not in _SETTERS:
        raise Http404
    value, was = request.POST.get("value", ""), request.POST.get("was", "")
    act = _SETTERS[what]

    def checked(ticket: Ticket, by: Actor) -> None:
        _refuse_if_stale(_shown(request.user, ticket, what), was, value)
        act(ticket, value, by)

    return do(request, number, checked, wanted={what: value})


def _refuse_if_stale(now: str, was: str, value: str) -> None:
    if now not in (was, value):
        raise Conflict(_("Somebody changed this meanwhile. Save again if you still want your choice."))


def _shown(user: User, ticket: Ticket, what: str) -> str:
    if what == "tags":
        return " ".join(ticket.tags)
    shown = properties(user, ticket, {}, pickers.load())
    return next(entry.now for entry in shown if entry.name == what)


def _set_status(ticket: Ticket, value: str, by: Actor) -> None:
    statuses.change_status(ticket, to=_one_of(Status, value), by=by)


def _set_priority(ticket: Ticket, value: str, by: Actor) -> None:
    verbs.set_priority(ticket, priority=_one_of(Priority.from_slug, value), by=by)


def _set_assignee(ticket: Ticket, value: str, by: Actor) -> None:
    to = _one_of(lambda pk: User.objects.get(pk=int(pk)), value) if value else None
    assignment.assign(ticket, to=to, by=by)


def _set_team(ticket: Ticket, value: str, by: Actor) -> None:
    team = _one_of(lambda pk: Team.objects.get(pk=int(pk), is_active=True), value)
    assignment.move_to_team(ticket, team=team, by=by)


def _set_category(ticket: Ticket, value: str, by: Actor) -> None:
    lineage = Category.objects.select_related("parent__parent")
    verbs.set_category(ticket, category=_one_of(lambda pk: lineage.get(pk=int(pk)), value), by=by)


def _set_tags(ticket: Ticket, value: str, by: Actor) -> None:
    verbs.set_tags(ticket, tags=value.replace(",", " ").replace("，", " ").split(), by=by)


def _set_complaint(ticket: Ticket, value: str, by: Actor) -> None:
    verbs.mark_complaint(ticket, is_complaint=_one_of({"": False, YES: True}.__getitem__, value), by=by)


_SETTERS: Mapping[str, Callable[[Ticket, str, Actor], None]] = {
    "status": _set_status,
    "priority": _set_priority,
    "assignee": _set_assignee,
    "team": _set_team,
    "category": _set_category,
    "tags": _set_tags,
    "complaint": _set_complaint,
}


def _one_of(find: Callable[[str], T], value: str) -> T:
    """What an honest form cannot send is answered as the form would: choose one of the list."""
    try:
        return find(value)
    except (KeyError, ValueError, OverflowError, User.DoesNotExist, Team.DoesNotExist, Category.DoesNotExist):
        raise Invalid({"value": _("Choose one of the list.")}) from None


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def take(request: StaffRequest, number: str) -> HttpResponse:
    return do(request, number, lambda ticket, by: assignment.take(ticket, by=by))


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def watch(request: StaffRequest, number: str) -> HttpResponse:
    return do(request, number, lambda ticket, by: assignment.watch(ticket, user=request.user, by=by))


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def unwatch(request: StaffRequest, number: str) -> HttpResponse:
    return do(request, number, lambda ticket, by: assignment.unwatch(ticket, user=request.user, by=by))


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def revoke_links(request: StaffRequest, number: str) -> HttpResponse:
    return do(request, number, lambda ticket, by: links.revoke_links(ticket, by=by))


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def judge(request: StaffRequest, number: str, message: int) -> HttpResponse:
    """Say whether what the customer wrote waits for an answer."""
    value, was = request.POST.get("value", ""), request.POST.get("was", "")

    def act(ticket: Ticket, by: Actor) -> None:
        said = get_object_or_404(Message.objects.select_related("ticket"), ticket=ticket, pk=message)
        _refuse_if_stale(said.nature, was, value)
        messages.judge(said, nature=_one_of(Nature, value), by=by)

    return do(request, number, act)


@require_POST
@workspace_page(Capability.ASSIGN_OTHERS)
def tier(request: StaffRequest, number: str) -> HttpResponse:
    """How much the customer means to the company; the promises of all their open cases follow."""
    value, was = request.POST.get("value", ""), request.POST.get("was", "")

    def act(ticket: Ticket, by: Actor) -> None:
        _refuse_if_stale(ticket.customer.tier, was, value)
        change_tier(ticket.customer, tier=_one_of(Tier, value), by=by)

    return do(request, number, act, wanted={"tier": value})


def do(
    request: StaffRequest, number: str, act: Act, *, wanted: Mapping[str, str] | None = None
) -> HttpResponse:
    """Do it, then show the ticket as it is now; a refusal is shown beside what was wanted."""
    ticket = queries.ticket_or_404(request.user, number)
    since = queries.last_event(ticket)
    try:
        act(ticket, actors.staff(request.user))
    except DomainError as problem:
        attempt = Attempt(told(problem), wanted or {})
        # The list offers it to everybody: a choice that is explained, and no forbidden page.
        status = 422 if isinstance(problem, assignment.NotYoursToGive) else problem.status
        return again(request, queries.ticket_or_404(request.user, number), attempt, status)
    inbox.forget_counts(request.user)
    undo.offer(request, ticket, since)
    return undo.after(request, ticket)

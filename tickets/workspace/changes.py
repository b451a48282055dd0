"""Changing one thing about a ticket: status, priority, who has it, what it is about, who follows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Team, User
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Conflict, DomainError, Invalid
from tickets import actors
from tickets.actions import assignment, links
from tickets.actions import status as statuses
from tickets.actions import tickets as verbs
from tickets.actors import Actor
from tickets.choices import Priority, Status
from tickets.models import Category, Ticket
from tickets.queries import inbox, pickers
from tickets.queries import ticket_page as queries
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.ticket_page import everything, properties, show

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
        now = _shown(request.user, ticket, what)
        if now not in (was, value):
            raise Conflict(_("Somebody changed this meanwhile. Save again if you still want your choice."))
        act(ticket, value, by)

    return _do(request, number, checked, wanted={what: value})


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


_SETTERS: Mapping[str, Callable[[Ticket, str, Actor], None]] = {
    "status": _set_status,
    "priority": _set_priority,
    "assignee": _set_assignee,
    "team": _set_team,
    "category": _set_category,
    "tags": _set_tags,
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
    return _do(request, number, lambda ticket, by: assignment.take(ticket, by=by))


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def watch(request: StaffRequest, number: str) -> HttpResponse:
    return _do(request, number, lambda ticket, by: assignment.watch(ticket, user=request.user, by=by))


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def unwatch(request: StaffRequest, number: str) -> HttpResponse:
    return _do(request, number, lambda ticket, by: assignment.unwatch(ticket, user=request.user, by=by))


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def revoke_links(request: StaffRequest, number: str) -> HttpResponse:
    return _do(request, number, lambda ticket, by: links.revoke_links(ticket, by=by))


def _do(
    request: StaffRequest, number: str, act: Act, *, wanted: Mapping[str, str] | None = None
) -> HttpResponse:
    """Do it, then show the ticket as it is now; a refusal is shown beside what was wanted."""
    ticket = queries.ticket_or_404(request.user, number)
    try:
        act(ticket, actors.staff(request.user))
    except DomainError as problem:
        return _refused(request, number, problem, wanted or {})
    inbox.forget_counts(request.user)
    if not Ticket.objects.visible_to(request.user).filter(pk=ticket.pk).exists():
        # Moved to a team whose tickets this person does not see.
        return _to(request, "workspace:queue")
    if request.htmx:
        return _around(request, queries.ticket_or_404(request.user, number))
    return redirect("workspace:ticket", number=ticket.number)


def _to(request: StaffRequest, name: str) -> HttpResponse:
    target = redirect(name)
    return HttpResponse(status=204, headers={"HX-Redirect": target.url}) if request.htmx else target


def _refused(
    request: StaffRequest, number: str, problem: DomainError, wanted: Mapping[str, str]
) -> HttpResponse:
    ticket = queries.ticket_or_404(request.user, number)
    text = " ".join(str(said) for said in problem.fields.values()) if isinstance(problem, Invalid) else ""
    text = text or str(problem.message)
    if request.htmx:
        return _around(request, ticket, problem=text, wanted=wanted, status=problem.status)
    return show(request, ticket, problem=text, wanted=wanted, status=problem.status)


def _around(
    request: StaffRequest,
    ticket: Ticket,
    *,
    problem: str = "",
    wanted: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Everything but the composer: what is being typed there is nobody's business."""
    context = everything(request, ticket, problem=problem, wanted=wanted) | {"oob": True}
    return shell.part(request, "workspace/ticket_around.html", context, status=status)

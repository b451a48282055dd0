"""The card of linked cases: link, unlink, end as a duplicate, solve what hangs on a solved case, follow up."""

from __future__ import annotations

from django.contrib import messages as notes
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import DomainError, Invalid
from tickets import actors
from tickets.actions import linking
from tickets.actions.duplicates import end_as_duplicate
from tickets.actions.following_up import open_follow_up
from tickets.actions.status import change_status
from tickets.choices import LinkKind, Status
from tickets.models import Ticket
from tickets.queries import inbox
from tickets.queries import ticket_page as queries
from tickets.queries.linked import cases_found, linked_to
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.merges import case_named
from tickets.workspace.outcome import again, onward, told
from tickets.workspace.ticket_page import Attempt
from tickets.workspace.undo import after, offer


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def link(request: StaffRequest, number: str) -> HttpResponse:
    """``number`` comes from the list that was searched, ``typed`` from the field. With ``end`` the case ends as a
    duplicate."""
    ticket = queries.ticket_or_404(request.user, number)
    typed = request.POST.get("typed", "").strip()[:200]
    kind = request.POST.get("kind", "")
    since = queries.last_event(ticket)
    try:
        other = _other(request, request.POST.get("number", "") or typed)
        if "end" in request.POST:
            return _end(request, ticket, other)
        linking.link(ticket, other, kind=_kind(kind), by=actors.staff(request.user))
    except DomainError as problem:
        attempt = Attempt(wanted={"link": typed, "link_kind": kind}, errors={"link": told(problem)})
        return again(request, queries.ticket_or_404(request.user, number), attempt, problem.status)
    offer(request, ticket, since)
    return after(request, ticket)


def _other(request: StaffRequest, text: str) -> Ticket:
    try:
        return case_named(request.user, text)
    except Invalid:
        problem = _("You see no case with this number.") if text else _("Say which case.")
        raise Invalid({"link": problem}) from None


def _kind(text: str) -> LinkKind:
    if text not in LinkKind.values:
        raise Invalid({"link": _("Choose one of the list.")})
    return LinkKind(text)


def _end(request: StaffRequest, ticket: Ticket, other: Ticket) -> HttpResponse:
    merged = end_as_duplicate(ticket, of=other, by=actors.staff(request.user))
    inbox.forget_counts(request.user)
    if merged:
        gone = {"gone": ticket.display_number}
        notes.success(request, _("Case %(gone)s was merged into this one, which goes on.") % gone)
        return onward(request, "workspace:ticket", other.number)
    notes.success(request, _("Solved as a duplicate of %(number)s.") % {"number": other.display_number})
    return after(request, ticket)


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def unlink(request: StaffRequest, number: str) -> HttpResponse:
    ticket = queries.ticket_or_404(request.user, number)
    since = queries.last_event(ticket)
    try:
        other = _other(request, request.POST.get("number", ""))
        linking.unlink(ticket, other, by=actors.staff(request.user))
    except DomainError as problem:
        return again(
            request, queries.ticket_or_404(request.user, number), Attempt(told(problem)), problem.status
        )
    offer(request, ticket, since)
    return after(request, ticket)


@require_GET
@workspace_page(Capability.WORK_TICKETS)
def find(request: StaffRequest, number: str) -> HttpResponse:
    """Cases to link to, while somebody types."""
    ticket = queries.ticket_or_404(request.user, number)
    text = request.GET.get("typed", "").strip()[:200]
    context = {"found": cases_found(request.user, ticket, text) if text else [], "asked": text}
    return shell.part(request, "workspace/linked_found.html", context)


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def solve_linked(request: StaffRequest, number: str) -> HttpResponse:
    """Those of the chosen that hang on this case and are still open; each by itself, so that one that refuses keeps
    none of the others."""
    ticket = queries.ticket_or_404(request.user, number)
    chosen, by, solved = set(request.POST.getlist("number")), actors.staff(request.user), 0
    for linked in linked_to(request.user, ticket):
        if not linked.ends_with_this or linked.ticket.number not in chosen:
            continue
        try:
            change_status(linked.ticket, to=Status.SOLVED, by=by)
            solved += 1
        except DomainError as problem:
            notes.error(request, f"{linked.ticket.display_number}: {told(problem)}")
    inbox.forget_counts(request.user)
    words = ngettext("%(count)s linked case solved.", "%(count)s linked cases solved.", solved)
    notes.success(request, words % {"count": solved})
    return after(request, ticket)


@require_POST
@workspace_page(Capability.WORK_TICKETS, Capability.OPEN_FOR_CUSTOMER)
def follow_up(request: StaffRequest, number: str) -> HttpResponse:
    ticket = queries.ticket_or_404(request.user, number)
    try:
        opened = open_follow_up(ticket, by=actors.staff(request.user))
    except DomainError as problem:
        return again(
            request, queries.ticket_or_404(request.user, number), Attempt(told(problem)), problem.status
        )
    inbox.forget_counts(request.user)
    notes.success(request, _("This case follows %(number)s.") % {"number": ticket.display_number})
    return onward(request, "workspace:ticket", opened.number)

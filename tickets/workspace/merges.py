"""Merging a case into another of the customer's: looked at beforehand, done, undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages as notes
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import DomainError, Invalid
from tickets import actors
from tickets.actions import linking, merging
from tickets.choices import ActorKind, LinkKind
from tickets.models import Message, Ticket
from tickets.queries import inbox
from tickets.queries import ticket_page as queries
from tickets.rules import numbers
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.outcome import again, onward, told
from tickets.workspace.properties import YES
from tickets.workspace.ticket_page import Attempt
from tickets.workspace.undo import TAG, after


@dataclass(frozen=True)
class Outlook:
    """What a merging would do."""

    into: Ticket
    #: What the customer would no longer say on this case.
    messages: int
    #: When the case that goes on is due now, and then.
    due_now: datetime | None
    due_then: datetime | None
    becomes_complaint: bool

    @property
    def is_sooner(self) -> bool:
        return self.due_now != self.due_then


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def merge(request: StaffRequest, number: str) -> HttpResponse:
    """End this case in another of the customer's; then that one is the place to be. ``step=look`` only shows what would
    happen."""
    ticket = queries.ticket_or_404(request.user, number)
    wanted = {name: request.POST.get(name, "") for name in ("into", "chosen", "duplicate")}
    looks = request.POST.get("step") == "look"
    try:
        into = case_named(request.user, wanted["into"].strip() or wanted["chosen"])
        outlook = _outlook(request.user, ticket, into) if looks else None
        done = None if looks else _merge(request.user, ticket, into, is_duplicate=wanted["duplicate"] == YES)
    except Invalid as problem:
        errors = {name: str(text) for name, text in problem.fields.items()}
        return _again(request, number, Attempt(wanted=wanted, errors=errors), problem.status)
    if done is None:
        return _again(request, number, Attempt(wanted=wanted, outlook=outlook), 200)
    inbox.forget_counts(request.user)
    gone = {"gone": ticket.display_number}
    said = _("Case %(gone)s was merged into this one, which goes on.") % gone
    notes.success(request, said, extra_tags=f"{TAG}{done}")
    return onward(request, "workspace:ticket", into.number)


def _again(request: StaffRequest, number: str, attempt: Attempt, status: int) -> HttpResponse:
    return again(request, queries.ticket_or_404(request.user, number), attempt, status)


@transaction.atomic
def _merge(user: User, ticket: Ticket, into: Ticket, *, is_duplicate: bool) -> int:
    """The event on the case that goes on."""
    by, since = actors.staff(user), queries.last_event(into)
    if is_duplicate:
        linking.link(ticket, into, kind=LinkKind.DUPLICATE, by=by)
        since = queries.last_event(into)
    merging.merge(ticket, into=into, by=by)
    act = queries.last_act(into, user, since)
    assert act is not None
    return act.pk


def _outlook(user: User, ticket: Ticket, into: Ticket) -> Outlook:
    """Merged for trial and taken back: it says what would really happen. Raises what merging would."""
    written = Message.objects.filter(ticket=ticket, author_kind=ActorKind.CUSTOMER).count()
    with transaction.atomic():
        merging.merge(ticket, into=into, by=actors.staff(user))
        then = Ticket.objects.get(pk=into.pk)
        transaction.set_rollback(True)
    becomes = then.is_complaint and not into.is_complaint
    return Outlook(into, written, into.due_at, then.due_at, becomes)


def case_named(user: User, text: str) -> Ticket:
    stored = numbers.parse(text)
    rows = Ticket.objects.visible_to(user).select_related("assignee", "team")
    found = rows.filter(number=stored).first() if stored else None
    if found is None:
        problem = _("You see no case with this number.") if text else _("Say into which case.")
        raise Invalid({"into": problem})
    return found


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def unmerge(request: StaffRequest, number: str) -> HttpResponse:
    """At any time: the verb refuses where the other case went on elsewhere."""
    ticket = queries.ticket_or_404(request.user, number)
    try:
        merging.unmerge(ticket, by=actors.staff(request.user))
    except DomainError as problem:
        return _again(request, number, Attempt(told(problem)), problem.status)
    inbox.forget_counts(request.user)
    notes.success(request, _("The case goes on by itself again, as it was before."))
    return after(request, ticket)

"""Who works on a ticket."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import Team, User
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Conflict, Invalid, NotAllowed
from tickets.actions import giving, retargeting
from tickets.actions.rows import lock, write
from tickets.actions.status import lock_to_change
from tickets.actors import Actor
from tickets.choices import ActorKind, ClockReason, EventKind
from tickets.events import emit
from tickets.models import Event, Ticket
from tickets.rules import visibility


class TakenAlready(Conflict):
    """Somebody else has the ticket; the message names them."""

    code = "taken_already"


class NotYoursToGive(NotAllowed):
    """An agent takes what nobody has and lays down what is their own; the message says who may do more."""

    def __init__(self, holder: User | None, by: Actor) -> None:
        if holder is not None and holder != by.user:
            words = _("%(name)s has this case. A team lead can reassign it, or ask %(name)s to hand it back.")
            super().__init__(words % {"name": holder.display_name}, capability=Capability.ASSIGN_OTHERS.value)
        else:
            words = _("Only team leads give cases to others. You can move it to their team instead.")
            super().__init__(words, capability=Capability.ASSIGN_OTHERS.value)


@transaction.atomic
def assign(ticket: Ticket, *, to: User | None, by: Actor) -> Ticket:
    """Give the ticket to somebody, or to nobody. Taking it oneself is every agent's right, giving it away a lead's;
    giving back what is one's own is always allowed.
    """
    by.require(Capability.WORK_TICKETS)
    ticket = lock_to_change(ticket)
    if ticket.assignee_id == (to.pk if to else None):
        return ticket
    check_assignment(ticket, to=to, by=by)
    give(ticket, to, by=by)
    return ticket


def give(ticket: Ticket, to: User | None, *, by: Actor) -> None:
    """The handing over itself, on a ticket whose row the caller holds. The event keeps ids beside the names: by these
    it can be undone."""
    before = ticket.assignee
    write(ticket, assignee=to)
    emit(
        ticket,
        EventKind.ASSIGNED,
        by=by,
        change=(before.display_name if before else None, to.display_name if to else None),
        from_id=before.pk if before else None,
        to_id=to.pk if to else None,
    )
    if before is not None:
        giving.somebody_has_room(ticket.team)


def check_assignment(ticket: Ticket, *, to: User | None, by: Actor) -> None:
    """Raises NotYoursToGive, or Invalid where they could not work on it."""
    may_give = by.user is not None and access.can(by.user, Capability.ASSIGN_OTHERS)
    if by.kind == ActorKind.STAFF and not may_give and not _is_own_business(ticket, to, by):
        raise NotYoursToGive(ticket.assignee, by)
    if to is not None:
        check_can_work(ticket, to)


def _is_own_business(ticket: Ticket, to: User | None, by: Actor) -> bool:
    """Taking what nobody has, or laying down what is one's own."""
    me = by.user.pk if by.user else None
    taking = to is not None and to.pk == me and ticket.assignee_id is None
    return taking or (to is None and ticket.assignee_id == me)


def check_can_work(ticket: Ticket, user: User) -> None:
    if not access.can(user, Capability.WORK_TICKETS):
        raise Invalid({"assignee": _("%(name)s does not work on tickets.") % {"name": user.display_name}})
    if not user.is_active or not visibility.may_see(user, ticket):
        raise Invalid(
            {"assignee": _("%(name)s does not serve this brand and team.") % {"name": user.display_name}}
        )


@transaction.atomic
def take(ticket: Ticket, *, by: Actor) -> Ticket:
    """Take a ticket that nobody has. Raises TakenAlready when somebody was faster."""
    ticket = lock_to_change(ticket)
    if ticket.assignee is not None and ticket.assignee != by.user:
        raise TakenAlready(_("%(name)s has this ticket already.") % {"name": ticket.assignee.display_name})
    return assign(ticket, to=by.user, by=by)


@transaction.atomic
def move_to_team(ticket: Ticket, *, team: Team, by: Actor) -> Ticket:
    """Hand the ticket to another team; whoever had it keeps it only if they belong there too.

    Any agent may: passing a case on to those who can solve it is part of answering it.
    """
    by.require(Capability.WORK_TICKETS)
    ticket = lock_to_change(ticket)
    if ticket.team_id == team.pk:
        return ticket
    put_in_team(ticket, team, by=by)
    retargeting.retarget(ticket, by=by, why=ClockReason.TEAM_CHANGED)
    return ticket


def put_in_team(ticket: Ticket, team: Team | None, *, by: Actor) -> Event:
    """The move itself, on a ticket whose row the caller holds, and whose clocks the caller moves."""
    before, holder = ticket.team, ticket.assignee
    leaves = holder is not None and team is not None and team.pk not in holder.team_ids
    took: dict[str, Any] = {"took_id": holder.pk} if holder and leaves else {}
    write(ticket, team=team)
    told = emit(
        ticket,
        EventKind.TEAM_CHANGED,
        by=by,
        change=(before.slug if before else None, team.slug if team else None),
        **took,
    )
    if leaves:
        give(ticket, None, by=by)
    elif ticket.assignee is None and team is not None:
        giving.somebody_has_room(team)
    return told


@transaction.atomic
def watch(ticket: Ticket, *, user: User, by: Actor) -> None:
    """Put somebody on the list of watchers; they must be able to see the ticket."""
    by.require(Capability.WORK_TICKETS)
    ticket = lock(ticket)
    if not visibility.may_see(user, ticket):
        raise Invalid(
            {"watcher": _("%(name)s does not serve this brand and team.") % {"name": user.display_name}}
        )
    if not ticket.watchers.filter(pk=user.pk).exists():
        ticket.watchers.add(user)
        write(ticket)
        emit(ticket, EventKind.WATCHER_ADDED, by=by, who=user.display_name, who_id=user.pk)


@transaction.atomic
def unwatch(ticket: Ticket, *, user: User, by: Actor) -> None:
    by.require(Capability.WORK_TICKETS)
    ticket = lock(ticket)
    if ticket.watchers.filter(pk=user.pk).exists():
        ticket.watchers.remove(user)
        write(ticket)
        emit(ticket, EventKind.WATCHER_REMOVED, by=by, who=user.display_name, who_id=user.pk)

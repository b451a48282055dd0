"""Several changes to a ticket as one: all of them, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from django.db import transaction

from accounts.models import Team, User
from helpdesk.lib.errors import Conflict
from tickets.actions.assignment import assign, move_to_team
from tickets.actions.rows import lock
from tickets.actions.status import change_status
from tickets.actions.tickets import mark_complaint, set_category, set_priority, set_tags
from tickets.actors import Actor
from tickets.choices import Priority, Status
from tickets.models import Category, Ticket


class Keep(Enum):
    """Says "leave it as it is" where None means "nobody"."""

    AS_IS = "as_is"


@dataclass(frozen=True)
class Changes:
    """What is to become of a ticket; None leaves a thing as it is."""

    status: Status | None = None
    priority: Priority | None = None
    category: Category | None = None
    team: Team | None = None
    assignee: User | Keep | None = Keep.AS_IS
    tags: Sequence[str] | None = None
    complaint: bool | None = None


class VersionConflict(Conflict):
    code = "version_conflict"


@transaction.atomic
def change(ticket: Ticket, changes: Changes, *, by: Actor, version: int | None = None) -> Ticket:
    """Do all of it through the verbs; the first that refuses undoes the rest.

    ``version`` is the ticket's as the author saw it: VersionConflict when it has changed since. The team goes before
    the assignee, because leaving a team may take the assignee away; the category after both, because it moves only what
    nobody has and nobody moved.
    """
    ticket = lock(ticket)
    if version is not None and ticket.version != version:
        raise VersionConflict(version=ticket.version)
    if changes.team is not None:
        ticket = move_to_team(ticket, team=changes.team, by=by)
    if not isinstance(changes.assignee, Keep):
        ticket = assign(ticket, to=changes.assignee, by=by)
    if changes.category is not None:
        ticket = set_category(ticket, category=changes.category, by=by)
    if changes.priority is not None:
        ticket = set_priority(ticket, priority=changes.priority, by=by)
    if changes.tags is not None:
        ticket = set_tags(ticket, tags=changes.tags, by=by)
    if changes.complaint is not None:
        ticket = mark_complaint(ticket, is_complaint=changes.complaint, by=by)
    if changes.status is not None:
        ticket = change_status(ticket, to=changes.status, by=by)
    return ticket

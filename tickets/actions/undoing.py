"""Undoing an act: the thing is again what it was before, as far as nobody changed it since."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import transaction

from accounts.rules.capabilities import Capability
from tickets.actions import linking, merging, reverting
from tickets.actions.changed_since import NotUndoable as NotUndoable
from tickets.actions.rows import lock
from tickets.actions.status import refuse_if_merged
from tickets.actors import Actor
from tickets.choices import ActorKind, EventKind
from tickets.models import Event, Ticket
from tickets.rules.undoing import can_be_undone

Handler = Callable[[Ticket, Event, Actor], None]


@transaction.atomic
def undo(event: Event, *, by: Actor) -> list[Event]:
    """Undo the one act of a member of staff that ``event`` tells of; the events that tell of the undoing.

    Undone is what the act did, exactly, and only while nobody changed that thing since: else NotUndoable, and nothing
    is written. It asks for no time limit: doors have theirs. Whoever works on tickets may undo what they did
    themselves; what others did only with the power to do the opposite. An undoing is an act like others, and can be
    undone in its turn.
    """
    by.require(Capability.WORK_TICKETS)
    kind = EventKind(event.kind)
    by_hand = event.actor_kind == ActorKind.STAFF and event.message_id is None
    if not by_hand or not can_be_undone(kind, event.data):
        raise NotUndoable
    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if kind in _OF_ONE:
        ticket = lock(event.ticket)
        refuse_if_merged(ticket)
        _OF_ONE[kind](ticket, event, by)
    else:
        _OF_TWO[kind](event.ticket, event, by)
    # By the ticket's timeline; of two tickets the other's too.
    told = Event.objects.filter(pk__gt=last, ticket_id__in=_concerned(event)).order_by("pk")
    return list(told.filter(actor_kind=by.kind, actor=by.user))


def _concerned(event: Event) -> list[int]:
    number = event.data.get("number")
    others = Ticket.objects.filter(number=number).values_list("pk", flat=True) if number else ()
    return [event.ticket_id, *others]


_OF_ONE: Mapping[EventKind, Handler] = {
    EventKind.ASSIGNED: reverting.assigned,
    EventKind.STATUS_CHANGED: reverting.status_changed,
    EventKind.PRIORITY_CHANGED: reverting.priority_changed,
    EventKind.CATEGORY_CHANGED: reverting.category_changed,
    EventKind.TEAM_CHANGED: reverting.team_changed,
    EventKind.TAGS_CHANGED: reverting.tags_changed,
    EventKind.COMPLAINT_MARKED: reverting.complaint_marked,
    EventKind.WATCHER_ADDED: reverting.watcher_changed,
    EventKind.WATCHER_REMOVED: reverting.watcher_changed,
    EventKind.PARTICIPANT_ADDED: reverting.participant_changed,
    EventKind.PARTICIPANT_REMOVED: reverting.participant_changed,
}
#: These hold both tickets.
_OF_TWO: Mapping[EventKind, Handler] = {
    EventKind.MERGED: merging.undo_merge,
    EventKind.MERGED_HERE: merging.undo_merge,
    EventKind.LINKED: linking.undo_link,
    EventKind.UNLINKED: linking.undo_link,
}

"""Undoing an act: the thing is again what it was before, as far as nobody changed it since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Conflict
from tickets.actions import assignment, correspondence, status, tickets
from tickets.actions.rows import lock
from tickets.actions.status import refuse_if_merged
from tickets.actors import Actor
from tickets.choices import ActorKind, EventKind, Priority, Status
from tickets.models import Category, Event, Ticket

#: What an event of each kind is about; a later one about the same thing means that somebody changed it since.
_THINGS: Mapping[str, Any] = {
    EventKind.STATUS_CHANGED: _("the status"),
    EventKind.PRIORITY_CHANGED: _("the priority"),
    EventKind.ASSIGNED: _("the assignee"),
    EventKind.TEAM_CHANGED: _("the team"),
    EventKind.CATEGORY_CHANGED: _("the category"),
    EventKind.TAGS_CHANGED: _("the tags"),
    EventKind.COMPLAINT_MARKED: _("the complaint mark"),
    EventKind.WATCHER_ADDED: _("the watchers"),
    EventKind.WATCHER_REMOVED: _("the watchers"),
    EventKind.PARTICIPANT_ADDED: _("the people in copy"),
    EventKind.PARTICIPANT_REMOVED: _("the people in copy"),
}


class NotUndoable(Conflict):
    """The act cannot be undone; the message says why in words ("Ann changed the status since")."""

    code = "not_undoable"
    message = _("This cannot be undone.")


@transaction.atomic
def undo(event: Event, *, by: Actor) -> list[Event]:
    """Undo the one act of a member of staff that ``event`` tells of; the events that tell of the undoing.

    Undone is what the act did, exactly, and only while nobody changed that thing since: else NotUndoable, and nothing
    is written. It asks for no time limit: doors have theirs. Whoever works on tickets may undo what they did
    themselves; what others did only with the power to do the opposite. An undoing is an act like others, and can be
    undone in its turn.
    """
    by.require(Capability.WORK_TICKETS)
    handler = _HANDLERS.get(EventKind(event.kind))
    if handler is None or event.actor_kind != ActorKind.STAFF or event.message_id is not None:
        raise NotUndoable
    ticket = lock(event.ticket)
    refuse_if_merged(ticket)
    last = _last_event(ticket)
    handler(ticket, event, by)
    return list(Event.objects.filter(ticket=ticket, pk__gt=last).order_by("pk"))


def _last_event(ticket: Ticket) -> int:
    return Event.objects.filter(ticket=ticket).order_by("-pk").values_list("pk", flat=True).first() or 0


def _refuse_if_changed(event: Event, *kinds: EventKind, still: bool, **about: Any) -> None:
    """``still``: the thing is what the act made it. ``about`` narrows down what later events are looked at."""
    later = Event.objects.filter(ticket_id=event.ticket_id, kind__in=kinds, pk__gt=event.pk, **about)
    change = later.order_by("pk").first()
    if change is not None or not still:
        raise NotUndoable(_since(event, change))


def _since(event: Event, change: Event | None) -> Any:
    thing = _THINGS[event.kind]
    if change is None or change.actor_kind == ActorKind.SYSTEM:
        return format_lazy(_("Not undone: {thing} changed since."), thing=thing)
    words = _("Not undone: {who} changed {thing} since.")
    return format_lazy(words, who=change.actor_name or change.get_actor_kind_display(), thing=thing)


def _assigned(ticket: Ticket, event: Event, by: Actor) -> None:
    if "to_id" not in event.data:
        raise NotUndoable(_("Too old to be undone: it was not kept who had the case before."))
    _refuse_if_changed(event, EventKind.ASSIGNED, still=ticket.assignee_id == event.data["to_id"])
    before = User.objects.filter(pk=event.data["from_id"]).first() if event.data["from_id"] else None
    if event.data["from_id"] and before is None:
        raise NotUndoable(_("Not undone: whoever had the case before is no longer here."))
    assignment.assign(ticket, to=before, by=by)


def _status_changed(ticket: Ticket, event: Event, by: Actor) -> None:
    _refuse_if_changed(event, EventKind.STATUS_CHANGED, still=ticket.status == event.data["to"])
    status.change_status(ticket, to=Status(event.data["from"]), by=by)


def _priority_changed(ticket: Ticket, event: Event, by: Actor) -> None:
    now = Priority(ticket.priority).slug
    _refuse_if_changed(event, EventKind.PRIORITY_CHANGED, still=now == event.data["to"])
    tickets.set_priority(ticket, priority=Priority.from_slug(event.data["from"]), by=by)


def _category_changed(ticket: Ticket, event: Event, by: Actor) -> None:
    now = ticket.category.slug if ticket.category else None
    _refuse_if_changed(event, EventKind.CATEGORY_CHANGED, still=now == event.data["to"])
    before = Category.objects.filter(slug=event.data["from"]).first()
    if before is None:
        raise NotUndoable
    tickets.set_category(ticket, category=before, by=by)


def _team_changed(ticket: Ticket, event: Event, by: Actor) -> None:
    now = ticket.team.slug if ticket.team else None
    _refuse_if_changed(event, EventKind.TEAM_CHANGED, still=now == event.data["to"])
    before = Team.objects.filter(slug=event.data["from"]).first()
    if before is None:
        raise NotUndoable
    assignment.move_to_team(ticket, team=before, by=by)


def _tags_changed(ticket: Ticket, event: Event, by: Actor) -> None:
    """Only the tags that came or went with it: others may have come or gone since."""
    added, removed = event.data.get("added", []), event.data.get("removed", [])
    later = Event.objects.filter(ticket=ticket, kind=EventKind.TAGS_CHANGED, pk__gt=event.pk).order_by("pk")
    touched = {*added, *removed}
    for change in later:
        if touched & {*change.data.get("added", []), *change.data.get("removed", [])}:
            raise NotUndoable(_since(event, change))
    if not set(added) <= set(ticket.tags) or set(removed) & set(ticket.tags):
        raise NotUndoable(_since(event, None))
    wanted = [*(tag for tag in ticket.tags if tag not in added), *removed]
    tickets.set_tags(ticket, tags=wanted, by=by)


def _complaint_marked(ticket: Ticket, event: Event, by: Actor) -> None:
    marked = bool(event.data["complaint"])
    _refuse_if_changed(event, EventKind.COMPLAINT_MARKED, still=ticket.is_complaint == marked)
    tickets.mark_complaint(ticket, is_complaint=not marked, by=by)


_WATCHING = (EventKind.WATCHER_ADDED, EventKind.WATCHER_REMOVED)


def _watcher_changed(ticket: Ticket, event: Event, by: Actor) -> None:
    pk = event.data.get("who_id")
    person = User.objects.filter(pk=pk).first() if pk else None
    if person is None:
        raise NotUndoable(_("Too old to be undone: it was not kept who it was."))
    watches = ticket.watchers.filter(pk=person.pk).exists()
    added = event.kind == EventKind.WATCHER_ADDED
    _refuse_if_changed(event, *_WATCHING, still=watches == added, data__who_id=person.pk)
    (assignment.unwatch if added else assignment.watch)(ticket, user=person, by=by)


_COPYING = (EventKind.PARTICIPANT_ADDED, EventKind.PARTICIPANT_REMOVED)


def _participant_changed(ticket: Ticket, event: Event, by: Actor) -> None:
    email = event.data["who"]
    added = event.kind == EventKind.PARTICIPANT_ADDED
    in_copy = ticket.participants.filter(email=email, removed_at=None).exists()
    _refuse_if_changed(event, *_COPYING, still=in_copy == added, data__who=email)
    if added:
        correspondence.remove_participant(ticket, email=email, by=by)
    else:
        correspondence.put_in_copy(ticket, email=email, by=by)


_HANDLERS: Mapping[EventKind, Callable[[Ticket, Event, Actor], None]] = {
    EventKind.ASSIGNED: _assigned,
    EventKind.STATUS_CHANGED: _status_changed,
    EventKind.PRIORITY_CHANGED: _priority_changed,
    EventKind.CATEGORY_CHANGED: _category_changed,
    EventKind.TEAM_CHANGED: _team_changed,
    EventKind.TAGS_CHANGED: _tags_changed,
    EventKind.COMPLAINT_MARKED: _complaint_marked,
    EventKind.WATCHER_ADDED: _watcher_changed,
    EventKind.WATCHER_REMOVED: _watcher_changed,
    EventKind.PARTICIPANT_ADDED: _participant_changed,
    EventKind.PARTICIPANT_REMOVED: _participant_changed,
}
#: The kinds of which ``undo`` knows how.
UNDOABLE = frozenset(_HANDLERS)

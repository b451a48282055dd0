"""An act can be undone while nobody changed since what it changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from helpdesk.lib.errors import Conflict
from tickets.actors import Actor
from tickets.choices import ActorKind, EventKind
from tickets.models import Event, Ticket
from tickets.rules import visibility

#: What an act of each kind is about.
_THINGS: Mapping[str, Promise] = {
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
    EventKind.LINKED: _("the links"),
    EventKind.UNLINKED: _("the links"),
}


class NotUndoable(Conflict):
    """The act cannot be undone; the message says why in words ("Ann changed the status since")."""

    code = "not_undoable"
    message = _("This cannot be undone.")


class TooOld(NotUndoable):
    """Told before the log kept what is needed to undo it."""

    message = _("This cannot be undone: when it was done, it was not kept how things stood before.")


def refuse_if_changed(event: Event, *kinds: EventKind, still: bool, **about: Any) -> None:
    """``still``: the thing is what the act made it. ``about`` narrows down which later events are about it."""
    kinds = kinds or (EventKind(event.kind),)
    later = Event.objects.filter(ticket_id=event.ticket_id, kind__in=kinds, pk__gt=event.pk, **about)
    change = later.order_by("pk").first()
    if change is not None or not still:
        raise changed_since(event, change)


def refuse_unseen(other: Ticket, by: Actor) -> None:
    """Of an act on two cases: nobody changes one that they do not see, by way of the one that they do."""
    if by.kind == ActorKind.STAFF and by.user is not None and not visibility.may_see(by.user, other):
        raise NotUndoable(_("Not undone: the other case is with a team whose cases you do not see."))


def changed_since(event: Event, change: Event | None) -> NotUndoable:
    """By whom, as far as the log tells: a reply that took the case says nothing of an assignee."""
    thing = _THINGS[event.kind]
    if change is None or change.actor_kind == ActorKind.SYSTEM:
        return NotUndoable(format_lazy(_("Not undone: meanwhile somebody changed {thing}."), thing=thing))
    who = change.actor_name or change.get_actor_kind_display()
    return NotUndoable(format_lazy(_("Not undone: {who} changed {thing} since."), who=who, thing=thing))

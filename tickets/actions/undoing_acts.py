"""Undoing an act that did several things to a ticket, such as a macro: all of them, or none."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tickets.actions import assignment
from tickets.actions.reverting import hand_back
from tickets.actions.rows import lock
from tickets.actions.taking_back import take_back
from tickets.actions.undoing import NotUndoable, undo
from tickets.actors import Actor
from tickets.choices import ActorKind, EventKind
from tickets.models import Event, Ticket
from tickets.queries.own_events import events_since
from tickets.rules.undoing import can_be_undone


@transaction.atomic
def undo_all(events: Sequence[Event], *, by: Actor) -> None:
    """Undo what one act wrote on one ticket, in whatever order it takes.

    A reply is taken back while it is held; a note stays, for it has been read. Raises TooLate, NotUndoable, and what
    the verbs refuse; then nothing is undone.
    """
    replies = [event for event in events if event.kind == EventKind.REPLIED and event.message is not None]
    changes = [
        event for event in events if event.message_id is None and can_be_undone(event.kind, event.data)
    ]
    if not replies and not changes:
        raise NotUndoable(_NOTE_STAYS if _is_note(events) else None)
    ticket = lock(events[0].ticket)
    for reply in replies:
        assert reply.message is not None
        take_back(reply.message, by=by)
    _undo_changes(changes, by)
    for reply in replies:
        _leave(ticket, reply, changes, by)


def undo_macro(applied: Event, *, by: Actor) -> None:
    """Undo what a macro did; ``applied`` is the event that names it. Raises as ``undo_all``."""
    author = Actor(ActorKind(applied.actor_kind), applied.actor_name, applied.actor)
    undo_all(events_since(applied.ticket, applied.data["after"], by=author, until=applied.pk), by=by)


_NOTE_STAYS = _("A note stays: colleagues may have read it.")


def _is_note(events: Sequence[Event]) -> bool:
    return any(event.kind == EventKind.NOTED for event in events)


def _undo_changes(changes: Sequence[Event], by: Actor) -> None:
    """The last first. Whom a case lost by moving to another team gets it back once it is in theirs again: with the
    move itself, unless the case was given to somebody after it.
    """
    lost = [event for before, event in pairwise(changes) if _is_lost(before, event)]
    others = [event for event in changes if event not in lost]
    for event in reversed(others):
        undo(event, by=by)
    given_again = any(event.kind == EventKind.ASSIGNED for event in others)
    for event in lost:
        ticket = lock(event.ticket)
        if ticket.assignee_id == event.data.get("from_id"):
            continue
        if given_again:  # and undone just now, so nobody but us has changed it since
            hand_back(ticket, event, event.data.get("from_id"), by)
        else:
            undo(event, by=by)


def _is_lost(before: Event, event: Event) -> bool:
    moved = before.kind == EventKind.TEAM_CHANGED and event.kind == EventKind.ASSIGNED
    return moved and event.data.get("to") is None


def _leave(ticket: Ticket, reply: Event, changes: Sequence[Event], by: Actor) -> None:
    """Who had the case by answering it lost it again in the same act: now that this is undone they have it, and had
    it not before.
    """
    changed_hands = any(event.kind == EventKind.ASSIGNED for event in changes)
    if reply.data.get("took") and changed_hands and lock(ticket).assignee_id == reply.actor_id:
        assignment.assign(ticket, to=None, by=by)

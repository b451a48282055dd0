"""The life of a ticket: open, waiting, solved, closed, reopened."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import DomainError
from tickets import actors
from tickets.actions import giving, sla
from tickets.actions.rows import lock, write
from tickets.actors import Actor
from tickets.choices import ActorKind, ClockReason, EventKind, Status
from tickets.events import emit
from tickets.models import Message, Ticket
from tickets.rules import lifecycle

logger = logging.getLogger(__name__)
#: The desk itself, because the customer wrote.
REPLY = actors.system("reply")


class MergedAway(DomainError):
    """The case was merged into another, which the message names: what is to be done is done there."""

    code = "merged_away"
    status = 409

    def __init__(self, ticket: Ticket) -> None:
        assert ticket.merged_into is not None
        number = ticket.merged_into.display_number
        words = _("This case was merged into {number}. Please go on there.")
        super().__init__(format_lazy(words, number=number), number=number)


class ReopenWindowOver(DomainError):
    """Too long ago to go on with: a follow-up ticket is the way."""

    code = "reopen_window_over"
    status = 409
    message = _("This case was closed too long ago to reopen. Please open a new one that follows it.")


@transaction.atomic
def change_status(ticket: Ticket, *, to: Status, by: Actor) -> Ticket:
    """Move the ticket along the table of legal transitions; its clocks follow.

    Raises IllegalTransition, ReopenWindowOver, or NotAllowed for staff without the capability.
    """
    if by.kind == ActorKind.STAFF:
        by.require(Capability.WORK_TICKETS)
    ticket = lock(ticket)
    if ticket.status != to:
        move(ticket, to=to, by=by)
    return ticket


def move(ticket: Ticket, *, to: Status, by: Actor, message: Message | None = None) -> None:
    """The move itself, on a ticket whose row the caller holds. ``message`` is the reply that came with it."""
    check_move(ticket, to=to, by=by)
    before = Status(ticket.status)
    reopens = _reopens(before, to)
    ended = moments_of(ticket) if reopens else {}
    write(ticket, status=to, **_stamps(ticket, to, reopens))
    emit(ticket, EventKind.STATUS_CHANGED, by=by, message=message, change=(before.value, to.value), **ended)
    _move_clocks(ticket, before, reopens, by)
    if before in giving.WAITS and to not in giving.WAITS:
        giving.somebody_has_room(ticket.team)


def check_move(ticket: Ticket, *, to: Status, by: Actor) -> None:
    """Raises MergedAway, IllegalTransition or ReopenWindowOver."""
    refuse_if_merged(ticket)
    before = Status(ticket.status)
    lifecycle.check(before, to, by.kind)
    if _reopens(before, to) and not may_reopen(ticket):
        raise ReopenWindowOver


def _reopens(before: Status, to: Status) -> bool:
    return not _is_active(before) and _is_active(to)


def lock_to_change(ticket: Ticket) -> Ticket:
    """As ``lock``, for a change of what the case is or who has it. Raises MergedAway where it goes on elsewhere."""
    ticket = lock(ticket)
    refuse_if_merged(ticket)
    return ticket


def refuse_if_merged(ticket: Ticket) -> None:
    if ticket.merged_into_id is not None:
        raise MergedAway(ticket)


def may_reopen(ticket: Ticket) -> bool:
    """Whether the case may go on; a closed one counts from its solving, so that waiting does not stretch the time."""
    if ticket.merged_into_id is not None:
        return False
    ended = ticket.solved_at or ticket.closed_at
    return ended is None or lifecycle.may_reopen(ended, clock.now(), timedelta(days=settings.REOPEN_DAYS))


def _is_active(status: Status) -> bool:
    return status not in (Status.SOLVED, Status.CLOSED)


def moments_of(ticket: Ticket) -> dict[str, Any]:
    """When the case ended, for an event that makes it forget: what is undone later is as it was."""
    moments = {"solved_at": ticket.solved_at, "closed_at": ticket.closed_at}
    return {name: at.isoformat() for name, at in moments.items() if at is not None}


def _stamps(ticket: Ticket, to: Status, reopens: bool) -> dict[str, Any]:
    now = clock.now()
    if reopens:
        return {"solved_at": None, "closed_at": None, "reopen_count": ticket.reopen_count + 1}
    if to == Status.SOLVED:
        return {"solved_at": now}
    if to == Status.CLOSED:
        return {"closed_at": now, "solved_at": ticket.solved_at or now}
    return {}


def _move_clocks(ticket: Ticket, before: Status, reopens: bool, by: Actor) -> None:
    if reopens:
        sla.reopened(ticket, by=by)
    if ticket.is_active:
        sla.follow_status(
            ticket, by=by, why=ClockReason.CUSTOMER_WROTE if by == REPLY else ClockReason.WENT_ON
        )
    elif _is_active(before):
        sla.solved(ticket, by=by)


def close_solved(limit: int = 500) -> int:
    """Close what was solved AUTO_CLOSE_DAYS ago and not spoken of since; how many."""
    before = clock.now() - timedelta(days=settings.AUTO_CLOSE_DAYS)
    rows = Ticket.objects.filter(status=Status.SOLVED, solved_at__lt=before).order_by("solved_at")[:limit]
    return sum(_close_or_log(ticket) for ticket in rows)


def _close_or_log(ticket: Ticket) -> bool:
    """One ticket that cannot be closed must not keep the others open."""
    try:
        return _close_one(ticket)
    except Exception:
        logger.exception("Ticket %s could not be closed", ticket.number)
        return False


@transaction.atomic
def _close_one(ticket: Ticket) -> bool:
    ticket = lock(ticket)
    if ticket.status != Status.SOLVED:
        return False
    move(ticket, to=Status.CLOSED, by=actors.system("close_solved"))
    return True

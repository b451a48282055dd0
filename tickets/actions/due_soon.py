"""Reminding whoever has a case that its nearest promised time is near."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from helpdesk.lib import clock
from tickets.actions.timers import SLA
from tickets.choices import EventKind, NoticeKind, TimerState
from tickets.events import append, event_of, tell_who_hears
from tickets.models import Event, Ticket, Timer
from tickets.queries.queue.orders import RowComparison
from tickets.rules.staff_notices import SOON, ways_of

BATCH = 200
#: A case by when it is due.
Place = tuple[datetime, int]


def remind(batch: int = BATCH) -> int:
    """Tell each assignee who wants it, once for each promised time; how many were told.

    All that is due soon is walked through along the index ``ticket_active_due``, in parts: each is a transaction of its
    own, and holds the rows of those cases only that it tells of. Rows that a verb has in hand come with the next sweep.
    """
    now, told, last = clock.now(), 0, None
    while True:
        part = _part(now, last, batch)
        told += _remind(part)
        if len(part) < batch:
            return told
        last = part[-1]


def _part(now: datetime, last: Place | None, batch: int) -> list[Place]:
    near = Ticket.objects.active().filter(due_at__gt=now, due_at__lte=now + SOON, assignee__is_active=True)
    if last is not None:
        near = near.filter(RowComparison(">", {"due_at": last[0], "id": last[1]}))
    rows = near.order_by("due_at", "id").values_list("due_at", "id")[:batch]
    return [(due_at, pk) for due_at, pk in rows if due_at is not None]


@transaction.atomic
def _remind(part: Sequence[Place]) -> int:
    timers = _nearest({pk: due_at for due_at, pk in part})
    fresh = _untold(timers)
    if not fresh:
        return 0
    rows = Ticket.objects.filter(pk__in=[timer.ticket_id for timer in fresh]).select_related(
        "assignee", "brand"
    )
    held = {row.pk: row for row in rows.select_for_update(skip_locked=True, no_key=True, of=("self",))}
    due = []
    # Asked again: another sweep may have held them first.
    for timer in _untold([timer for timer in fresh if timer.ticket_id in held]):
        timer.ticket = held[timer.ticket_id]
        if timer.ticket.due_at == timer.due_at and _wants(timer.ticket):
            due.append(timer)
    tell_who_hears(append(_event(timer) for timer in due))
    return len(due)


def _wants(ticket: Ticket) -> bool:
    assignee = ticket.assignee
    return assignee is not None and bool(ways_of(NoticeKind.DUE_SOON, assignee.notice_choices))


def _untold(timers: Sequence[Timer]) -> list[Timer]:
    """Those of whose present time nobody was told. By the index ``event_by_ticket``."""
    tickets = [timer.ticket_id for timer in timers]
    events = Event.objects.filter(ticket_id__in=tickets, kind=EventKind.DUE_SOON)
    told = {(data["timer_id"], data["due_at"]) for data in events.values_list("data", flat=True)}
    return [timer for timer in timers if (timer.pk, _moment(timer)) not in told]


def _nearest(due: Mapping[int, datetime]) -> list[Timer]:
    """The clock of each case that is due at that time."""
    rows = Timer.objects.filter(ticket_id__in=due, state=TimerState.RUNNING, due_at__isnull=False)
    found = {timer.ticket_id: timer for timer in rows.order_by("-pk") if timer.due_at == due[timer.ticket_id]}
    return list(found.values())


def _moment(timer: Timer) -> str:
    assert timer.due_at is not None
    return timer.due_at.isoformat()


def _event(timer: Timer) -> Event:
    return event_of(
        timer.ticket, EventKind.DUE_SOON, by=SLA, timer=timer.kind, timer_id=timer.pk, due_at=_moment(timer)
    )

"""Reminding whoever has a case that its nearest promised time is near."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from helpdesk.lib import clock
from tickets.actions.timers import SLA
from tickets.choices import EventKind, NoticeKind, TimerState
from tickets.events import append, event_of, tell_who_hears
from tickets.models import Event, Ticket, Timer
from tickets.rules.staff_notices import SOON, ways_of

BATCH = 200


@transaction.atomic
def remind(limit: int = BATCH) -> int:
    """Tell each assignee who wants it, once for each promised time; how many were told.

    Found by the index ``ticket_active_due``. Rows that a verb has in hand come with the next sweep.
    """
    now = clock.now()
    near = Ticket.objects.active().filter(due_at__gt=now, due_at__lte=now + SOON, assignee__is_active=True)
    held = near.select_for_update(skip_locked=True, no_key=True, of=("self",)).select_related(
        "assignee", "brand"
    )
    tickets = [ticket for ticket in held.order_by("due_at", "pk") if _wants(ticket)]
    told = _told([ticket.pk for ticket in tickets])
    timers = _nearest(tickets)
    fresh = [
        timer
        for ticket in tickets
        if (timer := timers.get(ticket.pk)) is not None and (timer.pk, _moment(timer)) not in told
    ][:limit]
    for timer in fresh:
        timer.ticket = next(ticket for ticket in tickets if ticket.pk == timer.ticket_id)
    tell_who_hears(append(_event(timer) for timer in fresh))
    return len(fresh)


def _wants(ticket: Ticket) -> bool:
    assert ticket.assignee is not None
    return bool(ways_of(NoticeKind.DUE_SOON, ticket.assignee.notice_choices))


def _told(tickets: Sequence[int]) -> set[tuple[int, str]]:
    events = Event.objects.filter(ticket_id__in=tickets, kind=EventKind.DUE_SOON)
    return {(data["timer_id"], data["due_at"]) for data in events.values_list("data", flat=True)}


def _nearest(tickets: Sequence[Ticket]) -> dict[int, Timer]:
    due = {ticket.pk: ticket.due_at for ticket in tickets}
    rows = Timer.objects.filter(ticket_id__in=due, state=TimerState.RUNNING, due_at__isnull=False)
    return {timer.ticket_id: timer for timer in rows.order_by("-pk") if timer.due_at == due[timer.ticket_id]}


def _moment(timer: Timer) -> str:
    assert timer.due_at is not None
    return timer.due_at.isoformat()


def _event(timer: Timer) -> Event:
    return event_of(
        timer.ticket, EventKind.DUE_SOON, by=SLA, timer=timer.kind, timer_id=timer.pk, due_at=_moment(timer)
    )

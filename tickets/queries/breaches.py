"""Why promises were broken, out of the log of their tickets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk.lib import clock
from tickets.choices import BreachCause, EventKind, Status
from tickets.models import Event, Timer
from tickets.queries.calendars import hours_of
from tickets.rules.breaches import BreachFacts, cause_of
from tickets.rules.business_time import working_seconds_between

_TELLING = (
    EventKind.ASSIGNED,
    EventKind.TEAM_CHANGED,
    EventKind.STATUS_CHANGED,
    EventKind.TIMER_STARTED,
    EventKind.TIMER_RESUMED,
    EventKind.TIMER_CHANGED,
)


@dataclass(frozen=True)
class Entry:
    kind: str
    at: datetime
    data: dict[str, Any]


def causes_of(timers: Sequence[Timer]) -> dict[int, BreachCause]:
    """By clock, whose due time has passed: one query for all. ``ticket`` and ``calendar`` are on them already."""
    rows = (
        Event.objects.filter(ticket_id__in={timer.ticket_id for timer in timers}, kind__in=_TELLING)
        .order_by("pk")
        .values_list("ticket_id", "kind", "at", "data")
    )
    logs: dict[int, list[Entry]] = defaultdict(list)
    for ticket, kind, at, data in rows:
        logs[ticket].append(Entry(kind, at, data))
    return {timer.pk: cause_told(timer, logs[timer.ticket_id]) for timer in timers}


def cause_told(timer: Timer, log: Iterable[Entry | Event]) -> BreachCause:
    """By what was told of the clock's ticket, in order."""
    return cause_of(_facts(timer, [entry for entry in log if entry.kind in _TELLING]))


def _facts(timer: Timer, log: Sequence[Entry | Event]) -> BreachFacts:
    due = timer.due_at or timer.breached_at or clock.now()
    assigned_at, somebody = _assignment(timer, log, due)
    return BreachFacts(
        started_at=timer.started_at,
        due_at=due,
        done_or_now=clock.now(),
        has_assignee=somebody,
        assigned_at=assigned_at,
        moves=tuple(
            entry.at
            for entry in log
            if entry.kind == EventKind.TEAM_CHANGED and timer.started_at <= entry.at <= due
        ),
        held_share=_held_share(timer, log, due),
        due_before_shortening=_due_before(timer, log),
        is_reopened=timer.ticket.reopen_count > 0,
    )


def _assignment(timer: Timer, log: Sequence[Entry | Event], due: datetime) -> tuple[datetime | None, bool]:
    """Since when somebody had it when it fell due. Whoever answers first has it from then on, unassigned."""
    found = [
        (entry.at, entry.data.get("to") is not None)
        for entry in log
        if entry.kind == EventKind.ASSIGNED and entry.at <= due
    ]
    answered = timer.ticket.first_response_at
    if answered is not None and answered <= due:
        found.append((answered, True))
    at, somebody = max(found, key=lambda pair: pair[0], default=(None, False))
    return (at, True) if somebody else (None, False)


def _held_share(timer: Timer, log: Sequence[Entry | Event], due: datetime) -> float:
    """How much of the promised time lay in waits for a third party."""
    held, since = 0.0, None
    for entry in log:
        if entry.kind != EventKind.STATUS_CHANGED:
            continue
        if since is not None and entry.data.get("from") == Status.ON_HOLD:
            held += _worked(timer, since, entry.at, due)
        since = entry.at if entry.data.get("to") == Status.ON_HOLD else None
    if since is not None:
        held += _worked(timer, since, due, due)
    return min(held / timer.target_seconds, 1.0)


def _worked(timer: Timer, start: datetime, end: datetime, due: datetime) -> float:
    return working_seconds_between(hours_of(timer), max(start, timer.started_at), min(end, due))


def _due_before(timer: Timer, log: Sequence[Entry | Event]) -> datetime | None:
    """The latest due time that a change of the promise took away."""
    known, taken = None, None
    for entry in log:
        if entry.data.get("timer_id") != timer.pk:
            continue
        now = entry.data.get("due_at")
        now = datetime.fromisoformat(now) if now else None
        if entry.kind == EventKind.TIMER_CHANGED and known and now and now < known:
            taken = max(taken, known) if taken else known
        known = now
    return taken

"""What the sweep does with clocks whose time to look has come: mark what is broken, then take each step once.

A batch is one transaction and a handful of statements, however many clocks it holds: a kill loses none and repeats
none. Rows that others hold are skipped; the next sweep finds them.
"""

from __future__ import annotations

import logging
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import Error, connection, transaction
from django.db.models import F, prefetch_related_objects

from accounts.models import User
from helpdesk.lib import clock
from helpdesk.lib.errors import DomainError
from tickets.actions import assignment, messages, tickets
from tickets.actions.timers import SLA, find_causes, next_check, run_of, steps_left, tell_broken
from tickets.choices import EscalationAct, EventKind, Priority, TimerState
from tickets.events import append, call_all, event_of, tell
from tickets.models import EscalationStep, Event, OutboxCall, Ticket, Timer
from tickets.queries.calendars import hours_of
from tickets.queries.promises import read_once
from tickets.queries.staff import Staff
from tickets.rules import sla
from tickets.rules.escalation import is_emergency
from tickets.rules.sla import Step
from tickets.rules.webhooks import payload_of

logger = logging.getLogger(__name__)
BATCH = 250
AFTER_TROUBLE = timedelta(minutes=5)


def sweep(limit: int = BATCH) -> int:
    """Work off clocks whose time to look has come; how many were. One that another has in hand is not counted:
    whoever calls again while this is not 0 does not spin.
    """
    due = list(
        Timer.objects.filter(check_at__lte=clock.now())
        .order_by("check_at")
        .values_list("pk", flat=True)[:limit]
    )
    if not due:
        return 0
    try:
        return _sweep(due)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        # One ticket that cannot be worked on (a calendar gone wrong, say) must not keep the others waiting.
        logger.exception("A batch of %s clocks could not be swept; each is now looked at alone", len(due))
        return sum(_sweep_alone(pk) for pk in due)


def _sweep_alone(timer: int) -> int:
    try:
        return _sweep([timer])
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        logger.exception("Clock %s could not be swept", timer)
        late = Timer.objects.filter(pk=timer, check_at__lte=clock.now())
        late.update(check_at=clock.now() + AFTER_TROUBLE)
        return 0


@transaction.atomic
def _sweep(pks: Sequence[int]) -> int:
    now = clock.now()
    timers = _in_hand(pks, now)
    if not timers:
        return 0
    with read_once():
        left = steps_left(timers)
        due = {timer.pk: [step for step in left[timer.pk] if _is_due(timer, step, now)] for timer in timers}
        broken = _find_broken(timers, now)
        # Before the steps: what they move or stop has its own next moment, and that one stays.
        _write_next(timers, {pk: [step for step in left[pk] if step not in due[pk]] for pk in left})
        _mark_broken(broken, now)
        _take(timers, _fresh(due))
    return len(timers)


def _in_hand(pks: Sequence[int], now: datetime) -> list[Timer]:
    """Those of the clocks that are due still, their tickets' rows held until the end.

    The ticket first, as every verb does: two verbs never wait for each other in a circle. The clocks are read when
    their tickets are held, for what was read before may have changed.
    """
    tickets = Ticket.objects.filter(timers__in=pks).order_by("pk").values_list("pk", flat=True)
    held = list(tickets.select_for_update(skip_locked=True, no_key=True, of=("self",)))
    rows = Timer.objects.filter(pk__in=pks, ticket_id__in=held, state=TimerState.RUNNING, check_at__lte=now)
    # What many share is read once, not joined to each.
    shared = ["calendar", "policy", "ticket__brand", "ticket__category__parent__parent", "ticket__assignee"]
    found = list(rows.select_related("ticket").order_by("check_at", "pk"))
    prefetch_related_objects(found, *shared, "ticket__team")
    return found


def _find_broken(timers: Sequence[Timer], now: datetime) -> list[Timer]:
    """Those whose time has passed, marked but not written yet."""
    broken = [timer for timer in timers if timer.breached_at is None and timer.due_at and timer.due_at <= now]
    find_causes(broken)
    for timer in broken:
        # When it was due, not when it was seen.
        timer.breached_at = timer.due_at
        timer.ticket.is_breached = True
    return broken


def _write_next(timers: Sequence[Timer], left: dict[int, list[Step]]) -> None:
    """Write when each clock is to be looked at next, and that it is broken, in one statement."""
    moments = [next_check(timer, left[timer.pk]) for timer in timers]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_timer SET check_at = found.at, breached_at = found.broken, breach_cause = found.cause"
            " FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::text[])"
            " AS found (id, at, broken, cause) WHERE tickets_timer.id = found.id",
            [
                [timer.pk for timer in timers],
                moments,
                [timer.breached_at for timer in timers],
                [timer.breach_cause for timer in timers],
            ],
        )


def _mark_broken(broken: Sequence[Timer], now: datetime) -> None:
    """On the tickets and in the log."""
    if not broken:
        return
    _count_up({timer.ticket_id for timer in broken}, now)
    tell_broken(broken)


def _count_up(tickets: set[int], now: datetime) -> None:
    Ticket.objects.filter(pk__in=tickets).update(is_breached=True, version=F("version") + 1, updated_at=now)


def _is_due(timer: Timer, step: Step, now: datetime) -> bool:
    assert timer.due_at is not None
    at = sla.step_at(hours_of(timer), run_of(timer), timer.due_at, step)
    return at is not None and at <= now


def _fresh(due: dict[int, list[Step]]) -> set[tuple[int, int]]:
    """Note each step as taken; the pairs of clock and step that nobody had noted before."""
    pairs = [(timer, step.pk) for timer, steps in due.items() for step in steps]
    if not pairs:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_steptaken (timer_id, step_id, at)"
            " SELECT timer, step, %s FROM unnest(%s::bigint[], %s::bigint[]) AS pair (timer, step)"
            " ON CONFLICT (timer_id, step_id) DO NOTHING RETURNING timer_id, step_id",
            [clock.now(), [timer for timer, _step in pairs], [step for _timer, step in pairs]],
        )
        return {(timer, step) for timer, step in cursor.fetchall()}


def _take(timers: Sequence[Timer], fresh: set[tuple[int, int]]) -> None:
    """The steps of each case in their order. What only tells is gathered over all cases and written at once, as far as
    each has come; then each takes the one step that is a verb, and so on.
    """
    if not fresh:
        return
    steps = EscalationStep.objects.select_related("person", "team", "webhook").in_bulk(
        {step for _timer, step in fresh}
    )
    by_timer: dict[int, list[EscalationStep]] = defaultdict(list)
    for timer_id, step_id in fresh:
        by_timer[timer_id].append(steps[step_id])
    waiting: dict[int, deque[tuple[Timer, EscalationStep]]] = defaultdict(deque)
    for timer in timers:
        waiting[timer.ticket_id].extend((timer, step) for step in sorted(by_timer[timer.pk], key=_order))
    told = _Told()
    while any(waiting.values()):
        for queue in waiting.values():
            while queue and queue[0][1].act in _WHOM:
                told.add(*queue.popleft())
        # Whom the steps before it tell, they tell first: a verb may change who that is.
        told.write()
        for queue in waiting.values():
            if queue:
                ticket = _do(*queue.popleft())
                for timer, _step in queue:
                    timer.ticket = ticket


def _order(step: EscalationStep) -> tuple[int, int, int]:
    return (step.at_percent or 100, step.after_minutes, step.pk)


class _Told:
    """Who is told of what, over a whole batch."""

    def __init__(self) -> None:
        self.staff = Staff()
        self.rows: list[tuple[Timer, EscalationStep, list[User]]] = []

    def add(self, timer: Timer, step: EscalationStep) -> None:
        people = _WHOM[EscalationAct(step.act)](self.staff, timer.ticket, step)
        self.rows.append((timer, step, people))

    def write(self) -> None:
        events = append(
            _escalated(timer, step, told=[person.display_name for person in people])
            for timer, step, people in self.rows
        )
        for urgent in (True, False):
            pairs = [
                (event, person)
                for event, (timer, _step, people) in zip(events, self.rows, strict=True)
                for person in people
                if is_emergency(timer.ticket) == urgent
            ]
            if pairs:
                tell(pairs, urgent=urgent)
        self.rows.clear()


def _escalated(timer: Timer, step: EscalationStep, **data: Any) -> Event:
    return event_of(
        timer.ticket,
        EventKind.ESCALATED,
        by=SLA,
        act=step.act,
        timer=timer.kind,
        timer_id=timer.pk,
        at_percent=step.at_percent,
        after_minutes=step.after_minutes,
        due_at=timer.due_at.isoformat() if timer.due_at else None,
        **data,
    )


def _assignee(staff: Staff, ticket: Ticket, step: EscalationStep) -> list[User]:
    return [ticket.assignee] if ticket.assignee and ticket.assignee.is_active else []


def _lead(staff: Staff, ticket: Ticket, step: EscalationStep) -> list[User]:
    return staff.leads(ticket.brand_id, ticket.team_id)


def _manager(staff: Staff, ticket: Ticket, step: EscalationStep) -> list[User]:
    return staff.managers(ticket.brand_id)


def _person(staff: Staff, ticket: Ticket, step: EscalationStep) -> list[User]:
    return [step.person] if step.person and step.person.is_active else []


_WHOM: dict[EscalationAct, Callable[[Staff, Ticket, EscalationStep], list[User]]] = {
    EscalationAct.TELL_ASSIGNEE: _assignee,
    EscalationAct.TELL_LEAD: _lead,
    EscalationAct.TELL_MANAGER: _manager,
    EscalationAct.TELL_PERSON: _person,
}


def _do(timer: Timer, step: EscalationStep) -> Ticket:
    """One step through the verb that everybody uses; the ticket afterwards. What the verb refuses is told, and stops
    nothing else.
    """
    act = _ACTS[EscalationAct(step.act)]
    if step.act == EscalationAct.RAISE_PRIORITY and not _higher(timer.ticket):
        return timer.ticket
    try:
        with transaction.atomic():
            event = _escalated(timer, step)
            append([event])
            return act(timer.ticket, step, event)
    except (Error, SoftTimeLimitExceeded):
        raise
    except DomainError as refused:
        logger.warning("Step %s of clock %s could not be taken: %s", step.pk, timer.pk, refused)
    except Exception:
        # A step gone wrong must not keep the breach from being marked, nor the steps after it.
        logger.exception("Step %s of clock %s could not be taken", step.pk, timer.pk)
    append([_escalated(timer, step, refused=True)])
    return timer.ticket


def _higher(ticket: Ticket) -> list[Priority]:
    return [level for level in Priority if level > ticket.priority]


def _raise_priority(ticket: Ticket, step: EscalationStep, event: Event) -> Ticket:
    return tickets.set_priority(ticket, priority=min(_higher(ticket)), by=SLA)


def _move_to_team(ticket: Ticket, step: EscalationStep, event: Event) -> Ticket:
    assert step.team is not None
    return assignment.move_to_team(ticket, team=step.team, by=SLA)


def _assign(ticket: Ticket, step: EscalationStep, event: Event) -> Ticket:
    assert step.person is not None
    return assignment.assign(ticket, to=step.person, by=SLA)


def _note(ticket: Ticket, step: EscalationStep, event: Event) -> Ticket:
    return messages.note(ticket, body=step.text, by=SLA).ticket


def _call(ticket: Ticket, step: EscalationStep, event: Event) -> Ticket:
    assert step.webhook is not None
    cause = f"step:{event.data['timer_id']}:{step.pk}"
    call_all([OutboxCall(webhook=step.webhook, ticket=ticket, cause=cause, payload=payload_of(event))])
    return ticket


#: Each gives back the ticket as it is afterwards: what the next step finds.
_ACTS: dict[EscalationAct, Callable[[Ticket, EscalationStep, Event], Ticket]] = {
    EscalationAct.RAISE_PRIORITY: _raise_priority,
    EscalationAct.MOVE_TO_TEAM: _move_to_team,
    EscalationAct.ASSIGN: _assign,
    EscalationAct.ADD_NOTE: _note,
    EscalationAct.CALL_WEBHOOK: _call,
}


def look_again(pks: Sequence[int]) -> None:
    """Reckon anew when running clocks are to be looked at next: their policies' steps may have changed.

    The tickets' rows are held by whoever calls.
    """
    timers = list(Timer.objects.filter(pk__in=pks, state=TimerState.RUNNING).select_related("calendar"))
    _write_next(timers, steps_left(timers))

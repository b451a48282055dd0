"""What decides about a promise changed: the clocks follow. First said as a plan, then done.

Called by the verbs that hold the ticket's row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk.lib import clock
from tickets.actions.timers import (
    GOING,
    book,
    cancel,
    due_of,
    follow,
    hours_promised,
    key_of,
    new_clock,
    note_broken,
    put,
    start,
    start_running,
    tell,
    terms_of,
    timers_of,
)
from tickets.actors import Actor
from tickets.choices import (
    LASTING_KINDS,
    ActorKind,
    ClockReason,
    EventKind,
    Nature,
    Status,
    TimerKind,
    TimerState,
    Visibility,
)
from tickets.models import EscalationStep, Event, Message, StepTaken, Ticket, Timer
from tickets.queries.promises import Promise, case_of, promises
from tickets.rules import sla
from tickets.rules.sla import Run


@dataclass(frozen=True)
class Plan:
    """What applying the promises that hold now does to the clocks of one ticket."""

    dropped: list[Timer]
    moved: list[tuple[Timer, Promise]]
    #: Promises that it did not have so far: the cancelled clock that goes on, if any, and how it runs from now on.
    anew: list[tuple[Promise, Timer | None, Run]]

    @property
    def is_empty(self) -> bool:
        return not (self.dropped or self.moved or self.anew)


def plan_for(ticket: Ticket, timers: Sequence[Timer], promised: Sequence[Promise]) -> Plan:
    """What ``retarget`` does, said beforehand: nothing is written."""
    wanted = {promise.key: promise for promise in promised}
    going = [timer for timer in timers if timer.state in GOING]
    known = {key_of(timer): timer for timer in timers if timer.kind in LASTING_KINDS}
    known |= {key_of(timer): timer for timer in going}
    moved = [
        (timer, wanted[key_of(timer)])
        for timer in going
        if key_of(timer) in wanted and differs(timer, wanted[key_of(timer)])
    ]
    anew = []
    for key, promise in wanted.items():
        timer = known.get(key)
        if timer is None or timer.state == TimerState.CANCELLED:
            since = _owed_since(ticket, promise.kind) if ticket.is_active else None
            if since is not None:
                anew.append((promise, timer, _run_anew(ticket, promise, timer, since)))
    return Plan([timer for timer in going if key_of(timer) not in wanted], moved, anew)


def retarget(ticket: Ticket, *, by: Actor, why: ClockReason) -> None:
    """What decides about the promise changed: the one that now holds, counted from the start; what ran already counts.

    A clock that is done stays as it was: the past keeps the promise it was given.
    """
    timers = timers_of(ticket)
    plan = plan_for(ticket, timers, promises(case_of(ticket), team_id=ticket.team_id))
    cancel(ticket, plan.dropped, by, ClockReason.NO_LONGER_PROMISED)
    moved = [timer for timer, _promise in plan.moved]
    was = {timer.pk: terms_of(timer) for timer in moved}
    note_broken([timer for timer, promise in plan.moved if move(timer, promise)])
    carry_steps([timer for timer in moved if timer.policy_id != was[timer.pk]["policy"]])
    start_running(moved, save_paused=True)
    tell(ticket, EventKind.TIMER_CHANGED, moved, by=by, why=why, was=was)
    fresh = [_promise_anew(ticket, *owed, by, why) for owed in plan.anew]
    follow(ticket, [timer for timer in [*timers, *fresh] if timer.state in GOING], by, why)


def differs(timer: Timer, promise: Promise) -> bool:
    calendar = promise.hours.calendar if promise.hours else None
    now = (timer.policy_id, timer.target_seconds, timer.calendar_id, tuple(timer.pauses_on))
    if now != (promise.policy_id, promise.target_seconds, calendar, promise.pauses_on):
        return True
    # The same promise, but its hours may have been edited since.
    return timer.state == TimerState.RUNNING and timer.due_at != due_of(timer, hours_promised(promise))


def move(timer: Timer, promise: Promise) -> bool:
    """What ran so far was measured in the old hours and is kept; from now on the new ones count.

    Whether it was found broken by now, and is by the new promise too.
    """
    found_broken = book(timer)
    put(timer, promise)
    if timer.used_seconds < timer.target_seconds:
        timer.breached_at, timer.breach_cause = None, ""
        return False
    return found_broken


def carry_steps(timers: Sequence[Timer]) -> None:
    """What was done for a clock under another policy is not done again by an equal step of its present one: that of a
    policy's next version, say.
    """
    done = StepTaken.objects.filter(timer__in=timers).select_related("step") if timers else ()
    taken = {(row.timer_id, row.step.what): row.at for row in done}
    if not taken:
        return
    steps = EscalationStep.objects.filter(policy_id__in={timer.policy_id for timer in timers})
    rows = [
        StepTaken(timer=timer, step=step, at=taken[timer.pk, step.what])
        for timer in timers
        for step in steps
        if step.policy_id == timer.policy_id and (timer.pk, step.what) in taken
    ]
    StepTaken.objects.bulk_create(rows, ignore_conflicts=True)


def _run_anew(ticket: Ticket, promise: Promise, timer: Timer | None, since: datetime) -> Run:
    """A promise that this ticket did not have so far: from when it was owed, but for the waits. One that was dropped
    goes on where it stood; where the law sets it, as though it never had.
    """
    now = clock.now()
    if timer is not None:
        since = timer.done_at if timer.is_statutory and timer.done_at else now
        return Run(promise.target_seconds, timer.used_seconds, since)
    counted = [] if promise.is_statutory else spells(ticket, promise.pauses_on, since, now)
    if promise.is_statutory or counted == [(since, now)]:
        return Run(promise.target_seconds, 0, since)
    hours = hours_promised(promise)
    used = sum(sla.used_at(hours, Run(promise.target_seconds, 0, start), end) for start, end in counted)
    return Run(promise.target_seconds, used, now)


def spells(
    ticket: Ticket, pauses_on: Sequence[str], since: datetime, now: datetime
) -> list[tuple[datetime, datetime]]:
    """From ``since`` to now without the waits for which a promise stands still, and the time after a solution."""
    rows = Event.objects.filter(ticket=ticket, kind=EventKind.STATUS_CHANGED, at__gt=since).order_by("pk")
    changes = [(at, data["from"], data["to"]) for at, data in rows.values_list("at", "data")]
    status, start = (changes[0][1] if changes else ticket.status), since
    found: list[tuple[datetime, datetime]] = []
    for end, to in [*((at, to) for at, _from, to in changes), (now, "")]:
        if status not in (*pauses_on, Status.SOLVED, Status.CLOSED) and start < end:
            joins = found and found[-1][1] == start
            found[-1:] = [(found[-1][0], end)] if joins else [*found[-1:], (start, end)]
        status, start = to, end
    return found


def _promise_anew(
    ticket: Ticket, promise: Promise, timer: Timer | None, run: Run, by: Actor, why: ClockReason
) -> Timer:
    assert run.running_since is not None
    fresh = new_clock(promise, run.running_since, used_seconds=run.used_seconds)
    if timer is not None:
        fresh.pk, fresh.ticket, fresh.started_at = timer.pk, ticket, timer.started_at
        fresh.state = TimerState.PAUSED
        carry_steps([fresh])
        if fresh.used_seconds >= fresh.target_seconds:
            fresh.breached_at, fresh.breach_cause = timer.breached_at, timer.breach_cause
        start_running([fresh])
        tell(ticket, EventKind.TIMER_RESUMED, [fresh], by=by, why=why, was={timer.pk: terms_of(timer)})
    else:
        start(ticket, [fresh], by=by, why=why)
    return fresh


def _owed_since(ticket: Ticket, kind: str) -> datetime | None:
    """Since when the customer waits for this; None when they do not."""
    match TimerKind(kind):
        case TimerKind.FIRST_RESPONSE:
            return None if ticket.first_response_at else ticket.created_at
        case TimerKind.RESOLUTION:
            return ticket.created_at
        case TimerKind.PERIODIC_UPDATE:
            return ticket.last_staff_message_at if ticket.first_response_at else None
        case TimerKind.NEXT_RESPONSE:
            return _unanswered_since(ticket) if ticket.first_response_at else None


def _unanswered_since(ticket: Ticket) -> datetime | None:
    asked_at, spoke_at = ticket.last_customer_message_at, ticket.last_staff_message_at
    if asked_at is None or (spoke_at is not None and asked_at <= spoke_at):
        return None  # nothing was said since; no need to look
    first = first_unanswered(ticket)
    return first.created_at if first is not None else None


def first_unanswered(ticket: Ticket) -> Message | None:
    """The first thing that the customer asked since we spoke."""
    spoken = Message.objects.filter(ticket=ticket, visibility=Visibility.PUBLIC)
    asked = spoken.filter(author_kind=ActorKind.CUSTOMER, nature=Nature.SUBSTANCE)
    if ticket.last_staff_message_at is not None:
        asked = asked.filter(created_at__gt=ticket.last_staff_message_at)
    return asked.order_by("created_at", "pk").first()

"""The clocks of a ticket: what starts them, lets them stand still, moves and ends them.

Called by the verbs that hold the ticket's row. Every start, pause, resume, change and stop is an event that says who
and why: out of these ``rules.explanation`` tells how a due time came about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Min, Q

from helpdesk.lib import clock
from helpdesk.lib.inserting import insert_all
from tickets import actors
from tickets.actions.rows import write
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
from tickets.events import append, event_of
from tickets.models import EscalationStep, Event, Message, StepTaken, Ticket, Timer
from tickets.queries.breaches import causes_of
from tickets.queries.calendars import calendar_at, hours_of
from tickets.queries.promises import Promise, case_of, promises, steps_of
from tickets.rules import sla
from tickets.rules.business_time import ALWAYS, WorkingCalendar
from tickets.rules.policies import Case
from tickets.rules.sla import Run, Step

GOING = (TimerState.RUNNING, TimerState.PAUSED)
SLA = actors.system("sla")
#: The clocks that a customer's question has running.
_ANSWERS = (TimerKind.FIRST_RESPONSE, TimerKind.NEXT_RESPONSE)
#: What decides about promises, and the reason that clocks give for it.
_DECIDING: dict[str, ClockReason] = {
    EventKind.PRIORITY_CHANGED: ClockReason.PRIORITY_CHANGED,
    EventKind.CATEGORY_CHANGED: ClockReason.CATEGORY_CHANGED,
    EventKind.TEAM_CHANGED: ClockReason.TEAM_CHANGED,
    EventKind.COMPLAINT_MARKED: ClockReason.COMPLAINT_CHANGED,
}
#: What a change of status says of why clocks stand still.
WAITING = {
    Status.PENDING: ClockReason.WAITING_FOR_CUSTOMER,
    Status.ON_HOLD: ClockReason.WAITING_FOR_THIRD_PARTY,
}


def planned(case: Case, *, team_id: int | None) -> list[Timer]:
    """The clocks that a new ticket will have, not stored yet: its row is then written once, due time and all."""
    at = case.opened_at
    return [
        new_clock(promise, at) for promise in promises(case, team_id=team_id) if promise.kind in LASTING_KINDS
    ]


def new_clock(promise: Promise, at: datetime, *, used_seconds: int = 0) -> Timer:
    """A clock that runs from ``at`` on, not stored yet."""
    timer = Timer(kind=promise.kind, started_at=at, running_since=at, used_seconds=used_seconds)
    _put(timer, promise)
    hours = hours_promised(promise)
    timer.due_at = sla.due_at(hours, run_of(timer))
    timer.check_at = sla.next_check(hours, run_of(timer), timer.due_at, False, promise.steps)
    return timer


def _put(timer: Timer, promise: Promise) -> None:
    """What the policy says now is what this clock keeps to from now on."""
    timer.policy_id, timer.is_statutory = promise.policy_id, promise.is_statutory
    timer.target_seconds, timer.pauses_on = promise.target_seconds, list(promise.pauses_on)
    timer.calendar_id = promise.hours.calendar if promise.hours else None


def hours_promised(promise: Promise) -> WorkingCalendar:
    return calendar_at(promise.hours.calendar, promise.hours.changed_at) if promise.hours else ALWAYS


def nearest_due(timers: Sequence[Timer]) -> datetime | None:
    return min((timer.due_at for timer in timers if timer.due_at), default=None)


def start(
    ticket: Ticket, timers: Sequence[Timer], *, by: Actor, why: ClockReason = ClockReason.OPENED
) -> None:
    """Start the planned clocks, in the transaction that opens the ticket."""
    for timer in timers:
        timer.ticket = ticket
    insert_all(timers)
    _tell(ticket, EventKind.TIMER_STARTED, timers, by=by, why=why)


def run_of(timer: Timer) -> Run:
    return Run(timer.target_seconds, timer.used_seconds, timer.running_since)


def timers_of(ticket: Ticket) -> list[Timer]:
    """The ticket's clocks with what computing them needs; the ticket's row lock guards them too."""
    timers = list(Timer.objects.filter(ticket=ticket).select_related("calendar", "policy").order_by("pk"))
    for timer in timers:
        timer.ticket = ticket
    return timers


def _going(ticket: Ticket) -> list[Timer]:
    return [timer for timer in timers_of(ticket) if timer.state in GOING]


def follow_status(ticket: Ticket, *, by: Actor, why: ClockReason = ClockReason.WENT_ON) -> None:
    """Stand still where the status says so, and go on with exactly what was left where it no longer does.

    A promise already broken stays broken and is not escalated anew. ``why`` is for those that go on.
    """
    _follow(ticket, _going(ticket), by, why)


def _follow(ticket: Ticket, going: Sequence[Timer], by: Actor, why: ClockReason) -> None:
    stopping = [
        timer for timer in going if timer.state == TimerState.RUNNING and ticket.status in timer.pauses_on
    ]
    resuming = [
        timer for timer in going if timer.state == TimerState.PAUSED and ticket.status not in timer.pauses_on
    ]
    for timer in stopping:
        _stop_running(timer, TimerState.PAUSED)
    _start_running(resuming)
    if stopping:
        _tell(ticket, EventKind.TIMER_PAUSED, stopping, by=by, why=WAITING[Status(ticket.status)])
    _tell(ticket, EventKind.TIMER_RESUMED, resuming, by=by, why=why)
    _copy_due(ticket)


def answered(ticket: Ticket, *, by: Actor) -> None:
    """We spoke to the customer: what waited for a word of ours is done, in time or late."""
    waiting = (TimerKind.FIRST_RESPONSE, TimerKind.NEXT_RESPONSE, TimerKind.PERIODIC_UPDATE)
    _complete(ticket, [timer for timer in _going(ticket) if timer.kind in waiting], by, ClockReason.ANSWERED)


def solved(ticket: Ticket, *, by: Actor, why: ClockReason = ClockReason.SOLVED) -> None:
    """The case is over: the solution is done; nobody waits for a word of ours any more."""
    going = _going(ticket)
    _complete(ticket, [timer for timer in going if timer.kind == TimerKind.RESOLUTION], by, why)
    _cancel(
        ticket, [timer for timer in going if timer.kind != TimerKind.RESOLUTION], by, ClockReason.WITHDRAWN
    )


def reopened(ticket: Ticket, *, by: Actor) -> None:
    """The clocks go on where they stood; the time while it was solved does not count.

    It does where the law sets the clock, which stands still for nothing. What was changed while the case was solved
    decides from now on.
    """
    ended = [timer for timer in timers_of(ticket) if timer.state not in GOING]
    again = [timer for timer in ended if owed_again(ticket, timer) and not _was_dropped(timer)]
    for timer in again:
        since = timer.done_at if timer.is_statutory else None
        timer.state, timer.done_at = TimerState.PAUSED, None
        timer.running_since = since
    _start_running(again)
    _tell(ticket, EventKind.TIMER_RESUMED, again, by=by, why=ClockReason.REOPENED)
    changed = _changed_while_over(ticket)
    if changed is not None:
        retarget(ticket, by=by, why=changed)
    expect_update(ticket, by=by)
    _copy_due(ticket)


def owed_again(ticket: Ticket, timer: Timer) -> bool:
    if timer.kind == TimerKind.RESOLUTION:
        return True
    return timer.kind == TimerKind.FIRST_RESPONSE and ticket.first_response_at is None


def _was_dropped(timer: Timer) -> bool:
    """Whether it did not end with the case, but before, because it was promised no longer."""
    if timer.state != TimerState.CANCELLED:
        return False
    rows = Event.objects.filter(ticket=timer.ticket, kind=EventKind.TIMER_CANCELLED, data__timer_id=timer.pk)
    last = rows.order_by("pk").last()
    return last is not None and last.data.get("why") == ClockReason.NO_LONGER_PROMISED


def _changed_while_over(ticket: Ticket) -> ClockReason | None:
    """The last thing that decides about promises and was changed since the case was solved."""
    rows = Event.objects.filter(ticket=ticket, kind__in=[EventKind.STATUS_CHANGED, *_DECIDING])
    for kind, data in rows.order_by("-pk").values_list("kind", "data").iterator(chunk_size=20):
        if kind in _DECIDING:
            return _DECIDING[kind]
        if data.get("to") == Status.SOLVED:
            return None
    return None


def asked(ticket: Ticket, message: Message, *, by: Actor) -> None:
    """The customer said what waits for an answer: a next reply is owed from then on, unless one is already."""
    _ask(ticket, message.created_at, by, ClockReason.CUSTOMER_WROTE)


def _ask(ticket: Ticket, at: datetime, by: Actor, why: ClockReason) -> None:
    if ticket.first_response_at is not None and ticket.is_active:
        _begin(ticket, TimerKind.NEXT_RESPONSE, at, by, why)


def asked_after_all(ticket: Ticket, message: Message, *, by: Actor) -> None:
    """Somebody said that the message was a question: its answer is owed since it was written, though a later one
    started the clock.
    """
    later = [timer for timer in _going(ticket) if timer.kind == TimerKind.NEXT_RESPONSE]
    _cancel(
        ticket, [timer for timer in later if timer.started_at > message.created_at], by, ClockReason.JUDGED
    )
    asked(ticket, message, by=by)


def no_longer_asked(ticket: Ticket, message: Message, *, by: Actor) -> None:
    """Somebody said that the message was mere thanks: nothing is owed for it. What was asked besides, is owed since
    then.
    """
    first = _first_unanswered(ticket)
    going = [timer for timer in _going(ticket) if timer.kind == TimerKind.NEXT_RESPONSE]
    if first is not None:
        going = [timer for timer in going if timer.started_at == message.created_at]
    _cancel(ticket, going, by, ClockReason.JUDGED)
    if going and first is not None:
        asked(ticket, first, by=by)


def expect_update(ticket: Ticket, *, by: Actor) -> None:
    """We spoke, and the case goes on: the next word of ours is owed from now on, whether the customer asks or not."""
    if ticket.first_response_at is not None and ticket.is_active:
        _begin(ticket, TimerKind.PERIODIC_UPDATE, clock.now(), by, ClockReason.OUR_REPLY)


def _begin(ticket: Ticket, kind: TimerKind, at: datetime, by: Actor, why: ClockReason) -> None:
    """Start the clocks of this kind that are promised and do not go already."""
    going = {key_of(timer) for timer in _going(ticket)}
    wanted = [
        promise
        for promise in promises(case_of(ticket), team_id=ticket.team_id)
        # A statute names each of its clocks once a case.
        if promise.kind == kind and promise.key not in going and not promise.is_statutory
    ]
    if wanted:
        start(ticket, [new_clock(promise, at) for promise in wanted], by=by, why=why)
        follow_status(ticket, by=by)


def key_of(timer: Timer) -> tuple[str, int | None]:
    """As ``Promise.key``."""
    return (timer.kind, timer.policy_id if timer.is_statutory else None)


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
    _cancel(ticket, plan.dropped, by, ClockReason.NO_LONGER_PROMISED)
    moved = [timer for timer, _promise in plan.moved]
    policies = {timer.pk: timer.policy_id for timer in moved}
    _note_broken([timer for timer, promise in plan.moved if move(timer, promise)])
    _carry_steps([timer for timer in moved if timer.policy_id != policies[timer.pk]])
    _start_running(moved, save_paused=True)
    _tell(ticket, EventKind.TIMER_CHANGED, moved, by=by, why=why)
    fresh = [_promise_anew(ticket, *owed, by, why) for owed in plan.anew]
    _follow(ticket, [timer for timer in [*timers, *fresh] if timer.state in GOING], by, why)


def differs(timer: Timer, promise: Promise) -> bool:
    calendar = promise.hours.calendar if promise.hours else None
    now = (timer.policy_id, timer.target_seconds, timer.calendar_id, tuple(timer.pauses_on))
    if now != (promise.policy_id, promise.target_seconds, calendar, promise.pauses_on):
        return True
    # The same promise, but its hours may have been edited since.
    return timer.state == TimerState.RUNNING and timer.due_at != _due(timer, hours_promised(promise))


def _due(timer: Timer, hours: WorkingCalendar) -> datetime | None:
    """A promise that is broken stays due when it was: going on or new terms make it no younger."""
    return timer.breached_at or sla.due_at(hours, run_of(timer))


def move(timer: Timer, promise: Promise) -> bool:
    """What ran so far was measured in the old hours and is kept; from now on the new ones count.

    Whether it was found broken by now, and is by the new promise too.
    """
    found_broken = _book(timer)
    _put(timer, promise)
    if timer.used_seconds < timer.target_seconds:
        timer.breached_at, timer.breach_cause = None, ""
        return False
    return found_broken


def _run_anew(ticket: Ticket, promise: Promise, timer: Timer | None, since: datetime) -> Run:
    """A promise that this ticket did not have so far: from when it was owed, but for the waits. One that was dropped
    goes on where it stood; where the law sets it, as though it never had.
    """
    now = clock.now()
    if timer is not None:
        since = timer.done_at if timer.is_statutory and timer.done_at else now
        return Run(promise.target_seconds, timer.used_seconds, since)
    counted = [] if promise.is_statutory else _spells(ticket, promise, since, now)
    if promise.is_statutory or counted == [(since, now)]:
        return Run(promise.target_seconds, 0, since)
    hours = hours_promised(promise)
    used = sum(sla.used_at(hours, Run(promise.target_seconds, 0, start), end) for start, end in counted)
    return Run(promise.target_seconds, used, now)


def _spells(
    ticket: Ticket, promise: Promise, since: datetime, now: datetime
) -> list[tuple[datetime, datetime]]:
    """From ``since`` to now without the waits for which the promise stands still, and the time after a solution."""
    rows = Event.objects.filter(ticket=ticket, kind=EventKind.STATUS_CHANGED, at__gt=since).order_by("pk")
    changes = [(at, data["from"], data["to"]) for at, data in rows.values_list("at", "data")]
    status, start = (changes[0][1] if changes else ticket.status), since
    found: list[tuple[datetime, datetime]] = []
    for end, to in [*((at, to) for at, _from, to in changes), (now, "")]:
        if status not in (*promise.pauses_on, Status.SOLVED, Status.CLOSED) and start < end:
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
        _carry_steps([fresh])
        if fresh.used_seconds >= fresh.target_seconds:
            fresh.breached_at, fresh.breach_cause = timer.breached_at, timer.breach_cause
        _start_running([fresh])
        _tell(ticket, EventKind.TIMER_RESUMED, [fresh], by=by, why=why)
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
    first = _first_unanswered(ticket)
    return first.created_at if first is not None else None


def _first_unanswered(ticket: Ticket) -> Message | None:
    """The first thing that the customer asked since we spoke."""
    spoken = Message.objects.filter(ticket=ticket, visibility=Visibility.PUBLIC)
    asked = spoken.filter(author_kind=ActorKind.CUSTOMER, nature=Nature.SUBSTANCE)
    if ticket.last_staff_message_at is not None:
        asked = asked.filter(created_at__gt=ticket.last_staff_message_at)
    return asked.order_by("created_at", "pk").first()


def merged(source: Ticket, into: Ticket, *, by: Actor) -> None:
    """The clocks of the case that goes end. Merging gains nobody time: where its promise would have been due sooner,
    the other case takes that clock over as it stands.
    """
    ending = _going(source)
    if any(timer.kind in _ANSWERS and not timer.is_statutory for timer in ending):
        # What was asked there is asked here now.
        _ask(into, clock.now(), by, ClockReason.MERGED)
    theirs = {key_of(timer): timer for timer in _going(into)}
    for timer in ending:
        other = theirs.get(key_of(timer))
        if other is None and timer.kind in _ANSWERS and not timer.is_statutory:
            # The first reply was given here: what is owed is the next.
            other = theirs.get((TimerKind.NEXT_RESPONSE, None))
        if other is not None and into.is_active and _left(timer) < _left(other):
            if _take_over(other, timer):
                _note_broken([other])
            _start_running([other], save_paused=True)
            _tell(into, EventKind.TIMER_CHANGED, [other], by=by, why=ClockReason.MERGED)
    _cancel(source, ending, by, ClockReason.MERGED)
    follow_status(into, by=by, why=ClockReason.MERGED)


def _left(timer: Timer) -> int:
    return timer.target_seconds - sla.used_at(hours_of(timer), run_of(timer), clock.now())


def _take_over(timer: Timer, from_: Timer) -> bool:
    """Whether it was found broken by now."""
    found_broken = _book(from_)
    timer.used_seconds = from_.used_seconds
    timer.policy, timer.calendar, timer.target_seconds = from_.policy, from_.calendar, from_.target_seconds
    timer.pauses_on = from_.pauses_on
    timer.breached_at, timer.breach_cause = from_.breached_at, from_.breach_cause
    return found_broken


def _complete(ticket: Ticket, timers: Sequence[Timer], by: Actor, why: ClockReason) -> None:
    if not timers:
        return
    for timer in timers:
        _stop_running(timer, TimerState.DONE, done_at=clock.now())
    kept = [timer for timer in timers if timer.breached_at is None]
    late = [timer for timer in timers if timer.breached_at is not None]
    _tell(ticket, EventKind.TIMER_MET, kept, by=by, why=why)
    _tell(ticket, EventKind.TIMER_MISSED, late, by=by, why=why)
    _copy_due(ticket)


def _cancel(ticket: Ticket, timers: Sequence[Timer], by: Actor, why: ClockReason) -> None:
    if not timers:
        return
    for timer in timers:
        _stop_running(timer, TimerState.CANCELLED, done_at=clock.now())
    _tell(ticket, EventKind.TIMER_CANCELLED, timers, by=by, why=why)
    _copy_due(ticket)


def _stop_running(timer: Timer, state: TimerState, done_at: datetime | None = None) -> None:
    if stop(timer, state, done_at):
        _note_broken([timer])
    timer.save()


def stop(timer: Timer, state: TimerState, done_at: datetime | None = None) -> bool:
    """Let it run no longer, not stored yet; whether it was found broken by now."""
    found_broken = _book(timer)
    timer.state, timer.running_since, timer.done_at = state, None, done_at
    timer.due_at = timer.check_at = None
    return found_broken


def _book(timer: Timer) -> bool:
    """Put down what has run so far; from now on it runs anew, or stands. Whether it was found broken by now."""
    now = clock.now()
    timer.used_seconds = sla.used_at(hours_of(timer), run_of(timer), now)
    if timer.running_since is not None:
        timer.running_since = max(timer.running_since, now)
    if timer.breached_at is not None or timer.due_at is None or timer.due_at >= now:
        return False
    # The sweep has not come by yet; the promise was broken all the same, and at its due time. The time that was given
    # decides, not what was counted: nothing counts while it is closed, and hours may have been edited.
    timer.breached_at = timer.due_at
    return True


def find_causes(timers: Sequence[Timer]) -> None:
    """Why those were broken that were found so just now; not stored yet."""
    causes = causes_of(timers) if timers else {}
    for timer in timers:
        timer.breach_cause = causes[timer.pk]


def tell_broken(timers: Sequence[Timer]) -> None:
    append(
        event_of(
            timer.ticket,
            EventKind.BREACHED,
            by=SLA,
            timer=timer.kind,
            timer_id=timer.pk,
            policy=timer.policy.name,
            cause=timer.breach_cause,
        )
        for timer in timers
    )


def _note_broken(timers: Sequence[Timer]) -> None:
    """Found broken by a verb, before the sweep came by."""
    find_causes(timers)
    tell_broken(timers)


def _start_running(timers: Sequence[Timer], *, save_paused: bool = False) -> None:
    """Run from now on (or since when the clock says) with what is left."""
    running = [timer for timer in timers if not (save_paused and timer.state == TimerState.PAUSED)]
    left = steps_left(running)
    for timer in timers:
        if timer in running:
            go_on(timer, left[timer.pk])
        timer.save()


def go_on(timer: Timer, left: Sequence[Step]) -> None:
    """Let it run, not stored yet; ``left`` are the steps that were not taken for it."""
    resumes_later = timer.state == TimerState.PAUSED and timer.running_since is not None
    timer.running_since = timer.running_since if resumes_later else clock.now()
    timer.state = TimerState.RUNNING
    timer.due_at = _due(timer, hours_of(timer))
    timer.check_at = next_check(timer, left)


def next_check(timer: Timer, left: Sequence[Step]) -> datetime | None:
    """When a sweep must look at it again, after the steps ``left``."""
    return sla.next_check(hours_of(timer), run_of(timer), timer.due_at, timer.breached_at is not None, left)


def steps_left(timers: Sequence[Timer]) -> dict[int, list[Step]]:
    """By clock: the steps of its policy that were not taken for it."""
    if not timers:
        return {}
    pks = [timer.pk for timer in timers]
    taken = set(StepTaken.objects.filter(timer_id__in=pks).values_list("timer_id", "step_id"))
    by_policy: dict[tuple[int, str], list[Step]] = {}
    for policy, step in steps_of(timer.policy_id for timer in timers):
        by_policy.setdefault((policy, step.kind), []).append(step)
    return {
        timer.pk: [
            step
            for step in by_policy.get((timer.policy_id, timer.kind), [])
            if (timer.pk, step.pk) not in taken
        ]
        for timer in timers
    }


def _carry_steps(timers: Sequence[Timer]) -> None:
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


def _tell(ticket: Ticket, kind: EventKind, timers: Sequence[Timer], *, by: Actor, why: ClockReason) -> None:
    """A row for each clock: who and why, what had run, what is promised and in whose hours from now on."""
    append(event_of(ticket, kind, by=by, **fact(timer, why)) for timer in timers)


def fact(timer: Timer, why: ClockReason) -> dict[str, Any]:
    data = {
        "timer": timer.kind,
        "timer_id": timer.pk,
        "why": why.value,
        "used_seconds": timer.used_seconds,
        "target_seconds": timer.target_seconds,
        "calendar": timer.calendar_id,
        "due_at": timer.due_at.isoformat(timespec="seconds") if timer.due_at else None,
    }
    if timer.running_since is not None and timer.running_since < clock.now():
        # It counts from an earlier moment: what the customer wrote, say, before somebody called it a question.
        data["since"] = timer.running_since.isoformat()
    return data


def _copy_due(ticket: Ticket) -> None:
    found = Timer.objects.filter(ticket=ticket).aggregate(
        nearest=Min("due_at"), broken=BoolOr(Q(breached_at__isnull=False), default=False)
    )
    if (found["nearest"], found["broken"]) != (ticket.due_at, ticket.is_breached):
        write(ticket, due_at=found["nearest"], is_breached=found["broken"])

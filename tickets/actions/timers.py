"""One clock and the clocks of one ticket: set, read, let run, stopped, and every change of them told.

The verbs in ``sla`` and ``retargeting`` say when. Called with the ticket's row held.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    ClockReason,
    EventKind,
    Status,
    TimerState,
)
from tickets.events import append, event_of, tell_who_hears
from tickets.models import StepTaken, Ticket, Timer
from tickets.queries.breaches import causes_of
from tickets.queries.calendars import calendar_at, hours_of
from tickets.queries.promises import Promise, steps_of
from tickets.rules import sla
from tickets.rules.business_time import ALWAYS, WorkingCalendar
from tickets.rules.sla import Run, Step

GOING = (TimerState.RUNNING, TimerState.PAUSED)
SLA = actors.system("sla")
#: What a change of status says of why clocks stand still.
WAITING = {
    Status.PENDING: ClockReason.WAITING_FOR_CUSTOMER,
    Status.ON_HOLD: ClockReason.WAITING_FOR_THIRD_PARTY,
}


def new_clock(promise: Promise, at: datetime, *, used_seconds: int = 0) -> Timer:
    """A clock that runs from ``at`` on, not stored yet."""
    timer = Timer(kind=promise.kind, started_at=at, running_since=at, used_seconds=used_seconds)
    put(timer, promise)
    hours = hours_promised(promise)
    timer.due_at = sla.due_at(hours, run_of(timer))
    timer.check_at = _from_now_on(sla.next_check(hours, run_of(timer), timer.due_at, False, promise.steps))
    return timer


def _from_now_on(check_at: datetime | None) -> datetime | None:
    """What was due before the clock was there (an old case read in, say) is no sign of a sweep that lags."""
    return max(check_at, clock.now()) if check_at is not None else None


def put(timer: Timer, promise: Promise) -> None:
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
    tell(ticket, EventKind.TIMER_STARTED, timers, by=by, why=why)


def pass_over(timers: Sequence[Timer]) -> None:
    """Of a case that comes from elsewhere: steps whose moment had passed by now were others' to take."""
    now, left = clock.now(), steps_left(timers)
    passed = [
        (timer, step)
        for timer in timers
        for step in left[timer.pk]
        if timer.due_at is not None
        and (at := sla.step_at(hours_of(timer), run_of(timer), timer.due_at, step)) is not None
        and at <= now
    ]
    insert_all([StepTaken(timer=timer, step_id=step.pk, at=now) for timer, step in passed])


def run_of(timer: Timer) -> Run:
    return Run(timer.target_seconds, timer.used_seconds, timer.running_since)


def timers_of(ticket: Ticket) -> list[Timer]:
    """The ticket's clocks with what computing them needs; the ticket's row lock guards them too."""
    timers = list(Timer.objects.filter(ticket=ticket).select_related("calendar", "policy").order_by("pk"))
    for timer in timers:
        timer.ticket = ticket
    return timers


def going_of(ticket: Ticket) -> list[Timer]:
    return [timer for timer in timers_of(ticket) if timer.state in GOING]


def key_of(timer: Timer) -> tuple[str, int | None]:
    """As ``Promise.key``."""
    return (timer.kind, timer.policy_id if timer.is_statutory else None)


def follow(ticket: Ticket, going: Sequence[Timer], by: Actor, why: ClockReason) -> None:
    stopping = [
        timer for timer in going if timer.state == TimerState.RUNNING and ticket.status in timer.pauses_on
    ]
    resuming = [
        timer for timer in going if timer.state == TimerState.PAUSED and ticket.status not in timer.pauses_on
    ]
    for timer in stopping:
        stop_running(timer, TimerState.PAUSED)
    start_running(resuming)
    if stopping:
        tell(ticket, EventKind.TIMER_PAUSED, stopping, by=by, why=WAITING[Status(ticket.status)])
    tell(ticket, EventKind.TIMER_RESUMED, resuming, by=by, why=why)
    copy_due(ticket)


def complete(ticket: Ticket, timers: Sequence[Timer], by: Actor, why: ClockReason) -> None:
    if not timers:
        return
    for timer in timers:
        stop_running(timer, TimerState.DONE, done_at=clock.now())
    kept = [timer for timer in timers if timer.breached_at is None]
    late = [timer for timer in timers if timer.breached_at is not None]
    tell(ticket, EventKind.TIMER_MET, kept, by=by, why=why)
    tell(ticket, EventKind.TIMER_MISSED, late, by=by, why=why)
    copy_due(ticket)


def cancel(ticket: Ticket, timers: Sequence[Timer], by: Actor, why: ClockReason) -> None:
    if not timers:
        return
    for timer in timers:
        stop_running(timer, TimerState.CANCELLED, done_at=clock.now())
    tell(ticket, EventKind.TIMER_CANCELLED, timers, by=by, why=why)
    copy_due(ticket)


def stop_running(timer: Timer, state: TimerState, done_at: datetime | None = None) -> None:
    if stop(timer, state, done_at):
        note_broken([timer])
    timer.save()


def stop(timer: Timer, state: TimerState, done_at: datetime | None = None) -> bool:
    """Let it run no longer, not stored yet; whether it was found broken by now."""
    found_broken = book(timer)
    timer.state, timer.running_since, timer.done_at = state, None, done_at
    timer.due_at = timer.check_at = None
    return found_broken


def book(timer: Timer) -> bool:
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
    events = append(
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
    tell_who_hears(events)


def note_broken(timers: Sequence[Timer]) -> None:
    """Found broken by a verb, before the sweep came by."""
    find_causes(timers)
    tell_broken(timers)


def start_running(timers: Sequence[Timer], *, save_paused: bool = False) -> None:
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
    timer.due_at = due_of(timer, hours_of(timer))
    timer.check_at = _from_now_on(next_check(timer, left))


def due_of(timer: Timer, hours: WorkingCalendar) -> datetime | None:
    """A promise that is broken stays due when it was: going on or new terms make it no younger."""
    return timer.breached_at or sla.due_at(hours, run_of(timer))


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


def tell(
    ticket: Ticket,
    kind: EventKind,
    timers: Sequence[Timer],
    *,
    by: Actor,
    why: ClockReason,
    was: Mapping[int, dict[str, Any]] = {},
) -> None:
    """A row for each clock: who and why, what had run, what is promised and in whose hours from now on. ``was``: by
    clock, the terms before, where they may be others now; by them an undoing puts them back.
    """
    append(event_of(ticket, kind, by=by, **fact(timer, why, was.get(timer.pk))) for timer in timers)


def terms_of(timer: Timer) -> dict[str, Any]:
    """Of what was promised, what the book's rows do not say anyway."""
    return {"policy": timer.policy_id, "pauses_on": list(timer.pauses_on)}


def fact(timer: Timer, why: ClockReason, was: dict[str, Any] | None = None) -> dict[str, Any]:
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
    if was is not None:
        data["was"] = was
    return data


def copy_due(ticket: Ticket) -> None:
    found = Timer.objects.filter(ticket=ticket).aggregate(
        nearest=Min("due_at"), broken=BoolOr(Q(breached_at__isnull=False), default=False)
    )
    if (found["nearest"], found["broken"]) != (ticket.due_at, ticket.is_breached):
        write(ticket, due_at=found["nearest"], is_breached=found["broken"])

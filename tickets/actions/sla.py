"""The clocks of a ticket: started with it, paused while the customer is asked, done when the promise is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Min

from accounts.models import Brand
from helpdesk.lib import clock
from helpdesk.lib.inserting import insert_all
from tickets import actors
from tickets.actions.rows import write
from tickets.actors import Actor
from tickets.choices import EventKind, TimerKind, TimerState
from tickets.events import emit
from tickets.models import Category, EscalationStep, SlaPolicy, Ticket, Timer
from tickets.queries.calendars import NoCalendar, calendar_at, calendar_for_brand, working_calendar
from tickets.queries.categories import policy_of
from tickets.queries.promises import promises
from tickets.rules import sla
from tickets.rules.sla import Run

GOING = (TimerState.RUNNING, TimerState.PAUSED)


def planned(category: Category | None, *, brand: Brand, priority: int, at: datetime) -> list[Timer]:
    """The clocks that a new ticket will have, not stored yet: its row is then written once, due time and all."""
    timers = []
    for promise in promises(category, brand_id=brand.pk, priority=priority):
        if promise.calendar_id is None or promise.calendar_changed_at is None:
            raise NoCalendar
        hours = calendar_at(promise.calendar_id, promise.calendar_changed_at)
        due = sla.due_at(hours, Run(promise.target_seconds, 0, at))
        timers.append(
            Timer(
                kind=promise.kind,
                policy_id=promise.policy_id,
                calendar_id=promise.calendar_id,
                target_seconds=promise.target_seconds,
                started_at=at,
                running_since=at,
                due_at=due,
                check_at=due,
            )
        )
    return timers


def nearest_due(timers: Sequence[Timer]) -> datetime | None:
    return min((timer.due_at for timer in timers if timer.due_at), default=None)


def start(ticket: Ticket, timers: Sequence[Timer]) -> None:
    """Start the planned clocks, in the transaction that opens the ticket."""
    for timer in timers:
        timer.ticket = ticket
    insert_all(timers)


def _targets(policy: SlaPolicy, priority: int) -> dict[str, int]:
    """Kind of promise to working seconds, for one priority."""
    return {row.kind: row.minutes * 60 for row in policy.targets.all() if row.priority == priority}


def _run(timer: Timer) -> Run:
    return Run(timer.target_seconds, timer.used_seconds, timer.running_since)


def timers_of(ticket: Ticket) -> list[Timer]:
    """The ticket's clocks with what computing them needs; the ticket's row lock guards them too."""
    return list(Timer.objects.filter(ticket=ticket).select_related("calendar", "policy"))


def pause(ticket: Ticket, *, by: Actor) -> None:
    """Stand still from now on; what was left is kept to the second."""
    for timer in timers_of(ticket):
        if timer.state == TimerState.RUNNING:
            _stop_running(timer, TimerState.PAUSED)
            emit(ticket, EventKind.TIMER_PAUSED, by=by, timer=timer.kind, used_seconds=timer.used_seconds)
    _copy_due(ticket)


def resume(ticket: Ticket, *, by: Actor) -> None:
    """Go on with exactly what was left. A promise already broken stays broken and is not escalated anew."""
    for timer in timers_of(ticket):
        if timer.state == TimerState.PAUSED:
            _start_running(timer)
            emit(ticket, EventKind.TIMER_RESUMED, by=by, timer=timer.kind, due_at=_iso(timer.due_at))
    _copy_due(ticket)


def complete(ticket: Ticket, kind: TimerKind, *, by: Actor) -> None:
    """The promise was fulfilled now, in time or late; every further step is off."""
    for timer in timers_of(ticket):
        if timer.kind != kind or timer.state not in GOING:
            continue
        _stop_running(timer, TimerState.DONE, done_at=clock.now())
        emit(
            ticket,
            EventKind.TIMER_MET if timer.breached_at is None else EventKind.TIMER_MISSED,
            by=by,
            timer=timer.kind,
            used_seconds=timer.used_seconds,
        )
    _copy_due(ticket)


def cancel(ticket: Ticket, kind: TimerKind, *, by: Actor) -> None:
    """Nobody waits for this any more: the customer withdrew before a first reply, say."""
    for timer in timers_of(ticket):
        if timer.kind == kind and timer.state in GOING:
            _stop_running(timer, TimerState.CANCELLED, done_at=clock.now())
            emit(ticket, EventKind.TIMER_CANCELLED, by=by, timer=timer.kind)
    _copy_due(ticket)


def restart(ticket: Ticket, kind: TimerKind, *, by: Actor) -> None:
    """The case was reopened: the clock goes on where it stood; the time while it was solved does not count."""
    for timer in timers_of(ticket):
        if timer.kind == kind and timer.state in (TimerState.DONE, TimerState.CANCELLED):
            timer.done_at = None
            _start_running(timer)
            emit(ticket, EventKind.TIMER_RESUMED, by=by, timer=timer.kind, due_at=_iso(timer.due_at))
    _copy_due(ticket)


def retarget(ticket: Ticket, *, by: Actor) -> None:
    """Priority or category changed: the promise that now holds, counted from the start; what ran already counts.

    A clock that is done stays as it was: the past keeps the promise it was given.
    """
    policy = policy_of(ticket.category)
    targets = _targets(policy, ticket.priority) if policy else {}
    timers = {timer.kind: timer for timer in timers_of(ticket)}
    for timer in timers.values():
        if timer.state in GOING and timer.kind not in targets:
            cancel(ticket, TimerKind(timer.kind), by=by)
    for kind, target in targets.items():
        assert policy is not None
        timer = timers.get(kind) or _unpromised(ticket, kind)
        if timer.state not in GOING:
            _promise(timer, policy, target, ticket, by)
        elif (timer.policy_id, timer.target_seconds) != (policy.pk, target):
            _move_target(timer, policy, target, ticket, by)
    _copy_due(ticket)


def _unpromised(ticket: Ticket, kind: str) -> Timer:
    """A clock that this ticket did not have so far; should it have one, it counts from the opening."""
    opened = ticket.created_at
    return Timer(
        ticket=ticket, kind=kind, state=TimerState.CANCELLED, started_at=opened, running_since=opened
    )


def _promise(timer: Timer, policy: SlaPolicy, target: int, ticket: Ticket, by: Actor) -> None:
    """Promised from now on, where it is still owed; a clock that stood goes on from there."""
    answered = timer.kind == TimerKind.FIRST_RESPONSE and ticket.first_response_at is not None
    if timer.state == TimerState.DONE or answered or not ticket.is_active:
        return
    timer.policy, timer.target_seconds, timer.done_at = policy, target, None
    timer.calendar = policy.calendar or calendar_for_brand(ticket.brand_id)
    timer.state, timer.running_since = TimerState.RUNNING, timer.running_since or clock.now()
    timer.due_at = sla.due_at(working_calendar(timer.calendar), _run(timer))
    timer.check_at = next_check(timer) if timer.pk else timer.due_at
    timer.save()
    emit(ticket, EventKind.TIMER_STARTED, by=by, timer=timer.kind, due_at=_iso(timer.due_at))
    if sla.pauses_clock(ticket.status):
        _stop_running(timer, TimerState.PAUSED)


def _move_target(timer: Timer, policy: SlaPolicy, target: int, ticket: Ticket, by: Actor) -> None:
    # What ran so far was measured in the old calendar and is kept; from now on the new one counts.
    now = clock.now()
    timer.used_seconds = sla.used_at(working_calendar(timer.calendar), _run(timer), now)
    timer.policy, timer.target_seconds = policy, target
    timer.calendar = policy.calendar or calendar_for_brand(ticket.brand_id)
    if timer.state == TimerState.RUNNING:
        timer.running_since = now
        timer.due_at = sla.due_at(working_calendar(timer.calendar), _run(timer))
        if timer.due_at is not None and timer.due_at > now:
            timer.breached_at = None
        timer.check_at = next_check(timer)
    timer.save()
    emit(ticket, EventKind.TIMER_CHANGED, by=by, timer=timer.kind, due_at=_iso(timer.due_at))


def _stop_running(timer: Timer, state: TimerState, done_at: datetime | None = None) -> None:
    timer.used_seconds = sla.used_at(working_calendar(timer.calendar), _run(timer), clock.now())
    if timer.breached_at is None and timer.used_seconds > timer.target_seconds:
        # The sweep has not come by yet; the promise was broken all the same, and at its due time.
        timer.breached_at = timer.due_at or clock.now()
    timer.state, timer.running_since, timer.done_at = state, None, done_at
    timer.due_at = timer.check_at = None
    timer.save()


def _start_running(timer: Timer) -> None:
    timer.state, timer.running_since = TimerState.RUNNING, clock.now()
    timer.due_at = sla.due_at(working_calendar(timer.calendar), _run(timer))
    timer.check_at = next_check(timer)
    timer.save()


def next_check(timer: Timer) -> datetime | None:
    if timer.due_at is None:
        return None
    steps = EscalationStep.objects.filter(policy_id=timer.policy_id, kind=timer.kind)
    left = steps.exclude(pk__in=timer.steps_taken.values("step_id")).values_list("after_minutes", flat=True)
    breached = timer.breached_at is not None
    return sla.next_check(working_calendar(timer.calendar), timer.due_at, breached, left)


def _copy_due(ticket: Ticket) -> None:
    running = Timer.objects.filter(ticket=ticket)
    nearest = running.aggregate(due=Min("due_at"))["due"]
    broken = running.filter(breached_at__isnull=False).exists()
    write(ticket, due_at=nearest, is_breached=broken)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


SLA = actors.system("sla")

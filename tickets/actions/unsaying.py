"""The clocks after a reply was taken back: as though it had never been said.

Called by the verb that holds the ticket's row. What the reply stopped goes on from the moment it was stopped, so that
the time since counts; what it started ends. All of it is told (decision 9).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tickets.actions import sla
from tickets.actions.retargeting import first_unanswered, retarget
from tickets.actions.timers import (
    GOING,
    WAITING,
    cancel,
    copy_due,
    follow,
    going_of,
    start_running,
    tell,
    timers_of,
)
from tickets.actors import Actor
from tickets.choices import (
    ActorKind,
    ClockReason,
    EventKind,
    Nature,
    Status,
    TimerKind,
    TimerState,
    Visibility,
)
from tickets.models import Event, Message, Ticket, Timer
from tickets.queries.clocks import BOOK

WHY = ClockReason.TAKEN_BACK


def follow_back(ticket: Ticket, change: Event, *, by: Actor) -> None:
    """The status is again what it was before ``change``."""
    if not ticket.is_active:
        # The reply had opened the case again.
        sla.solved(ticket, by=by)
        return
    last = _last_told(ticket)
    if change.data["to"] in (Status.SOLVED, Status.CLOSED):
        stopped = [
            timer
            for timer in timers_of(ticket)
            if timer.kind == TimerKind.RESOLUTION
            and timer.state not in GOING
            and timer.pk in last
            and last[timer.pk].pk > change.pk
        ]
        _take_up(ticket, stopped, by)
        return
    going = going_of(ticket)
    for timer in going:
        if timer.state == TimerState.PAUSED and ticket.status not in timer.pauses_on and timer.pk in last:
            timer.running_since = last[timer.pk].at
    follow(ticket, going, by, WHY)


def owed_again(ticket: Ticket, *, by: Actor) -> None:
    """What waited for a word of ours waits for it again, since it was asked."""
    told = _told_since_we_spoke(ticket)
    if told is None or not ticket.is_active:
        return
    stopped = {event.data.get("timer_id") for event in told if event.kind in _STOPS}
    started = {event.data.get("timer_id") for event in told if event.kind == EventKind.TIMER_STARTED}
    timers = timers_of(ticket)
    if ticket.first_response_at is None:
        _end(ticket, [timer for timer in timers if timer.state in GOING and timer.kind in _LATER], by)
        first = [timer for timer in timers if timer.kind == TimerKind.FIRST_RESPONSE]
        _take_up(ticket, [timer for timer in first if timer.state == TimerState.DONE], by)
        _end(ticket, _done(timers, _LATER, stopped), by)
    else:
        for kind in _LATER:
            of_kind = [timer for timer in timers if timer.kind == kind]
            _owe(ticket, kind, of_kind, stopped & {timer.pk for timer in of_kind}, started, by)
    _apply_changes(ticket, told, by)
    copy_due(ticket)


_LATER = (TimerKind.NEXT_RESPONSE, TimerKind.PERIODIC_UPDATE)
_STOPS = (EventKind.TIMER_MET, EventKind.TIMER_MISSED)


def _told_since_we_spoke(ticket: Ticket) -> list[Event] | None:
    """What was told since the first of the replies that were taken back and that nothing else of ours came after;
    None where something did: then the customer was answered.
    """
    ours = Message.objects.filter(ticket=ticket, visibility=Visibility.PUBLIC)
    ours = ours.exclude(author_kind=ActorKind.CUSTOMER)
    standing = ours.standing().order_by("-pk").values_list("pk", flat=True).first() or 0
    unsaid = ours.filter(pk__gt=standing).order_by("pk").first()
    said = (
        Event.objects.filter(ticket=ticket, kind=EventKind.REPLIED, message=unsaid).first()
        if unsaid
        else None
    )
    if said is None:
        return None
    return list(
        Event.objects.filter(ticket=ticket, pk__gt=said.pk, kind__in=[*BOOK, *sla.DECIDING]).order_by("pk")
    )


def _owe(
    ticket: Ticket,
    kind: TimerKind,
    timers: Sequence[Timer],
    stopped: Iterable[int | None],
    started: Iterable[int | None],
    by: Actor,
) -> None:
    """Of the clocks of one kind the earliest that was stopped goes on; the others were never owed."""
    done = sorted(_done(timers, (kind,), stopped), key=lambda timer: (timer.started_at, timer.pk))
    again = [timer for timer in done if kind != TimerKind.NEXT_RESPONSE or not _judged_away(timer)][:1]
    going = [timer for timer in timers if timer.state in GOING and not timer.is_statutory]
    anew = kind == TimerKind.PERIODIC_UPDATE
    _end(ticket, [timer for timer in going if again or (anew and timer.pk in started)], by)
    _end(ticket, [timer for timer in done if timer not in again], by)
    by_law = [timer for timer in timers if timer.is_statutory and timer.state == TimerState.DONE]
    _take_up(ticket, again + [timer for timer in by_law if timer.pk in stopped], by)
    if kind == TimerKind.NEXT_RESPONSE and not again and not going:
        first = first_unanswered(ticket)
        if first is not None:
            sla.asked(ticket, first, by=by)


def _done(timers: Sequence[Timer], kinds: Sequence[TimerKind], stopped: Iterable[int | None]) -> list[Timer]:
    return [
        timer
        for timer in timers
        if timer.kind in kinds
        and timer.state == TimerState.DONE
        and timer.pk in stopped
        and not timer.is_statutory
    ]


def _judged_away(timer: Timer) -> bool:
    """Whether somebody said meanwhile that what started it asks for nothing."""
    said = Message.objects.filter(ticket=timer.ticket, created_at=timer.started_at)
    natures = set(said.filter(author_kind=ActorKind.CUSTOMER).values_list("nature", flat=True))
    return bool(natures) and Nature.SUBSTANCE not in natures


def _end(ticket: Ticket, timers: Sequence[Timer], by: Actor) -> None:
    cancel(ticket, timers, by, WHY)


def _take_up(ticket: Ticket, timers: Sequence[Timer], by: Actor) -> None:
    """They go on from the moment they were stopped, or stand still where the status says so."""
    last = _last_told(ticket)
    for timer in timers:
        timer.state, timer.done_at = TimerState.PAUSED, None
        timer.running_since = last[timer.pk].at if timer.pk in last else None
    running = [timer for timer in timers if ticket.status not in timer.pauses_on]
    standing = [timer for timer in timers if timer not in running]
    for timer in standing:
        timer.running_since = None
        timer.save()
    if standing:
        tell(ticket, EventKind.TIMER_PAUSED, standing, by=by, why=WAITING[Status(ticket.status)])
    start_running(running)
    tell(ticket, EventKind.TIMER_RESUMED, running, by=by, why=WHY)
    copy_due(ticket)


def _last_told(ticket: Ticket) -> dict[int, Event]:
    """By clock: the last row of its book."""
    rows = Event.objects.filter(ticket=ticket, kind__in=BOOK, data__timer_id__isnull=False).order_by("pk")
    return {row.data["timer_id"]: row for row in rows}


def _apply_changes(ticket: Ticket, told: Sequence[Event], by: Actor) -> None:
    """What decides about promises and was changed meanwhile decides for the clocks that go on, too."""
    deciding = [event for event in told if event.kind in sla.DECIDING]
    if deciding:
        retarget(ticket, by=by, why=sla.DECIDING[deciding[-1].kind])

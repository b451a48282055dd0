"""The clocks of a ticket: what starts them, lets them stand still, moves and ends them.

Called by the verbs that hold the ticket's row. Every start, pause, resume, change and stop is an event that says who
and why: out of these ``rules.explanation`` tells how a due time came about.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from helpdesk.lib import clock
from tickets.actions.retargeting import first_unanswered, retarget
from tickets.actions.timers import (
    GOING,
    book,
    cancel,
    complete,
    copy_due,
    follow,
    going_of,
    key_of,
    new_clock,
    note_broken,
    run_of,
    start,
    start_running,
    tell,
    tell_broken,
    terms_of,
    timers_of,
)
from tickets.actors import Actor
from tickets.choices import (
    LASTING_KINDS,
    ClockReason,
    EventKind,
    Status,
    TimerKind,
    TimerState,
)
from tickets.models import Event, Message, Ticket, Timer
from tickets.queries.acts import DECIDING as DECIDING
from tickets.queries.calendars import hours_of
from tickets.queries.promises import case_of, promises
from tickets.rules import sla
from tickets.rules.policies import Case

#: The clocks that a customer's question has running.
_ANSWERS = (TimerKind.FIRST_RESPONSE, TimerKind.NEXT_RESPONSE)


def planned(case: Case, *, team_id: int | None) -> list[Timer]:
    """The clocks that a new ticket will have, not stored yet: its row is then written once, due time and all."""
    at = case.opened_at
    return [
        new_clock(promise, at) for promise in promises(case, team_id=team_id) if promise.kind in LASTING_KINDS
    ]


def follow_status(ticket: Ticket, *, by: Actor, why: ClockReason = ClockReason.WENT_ON) -> None:
    """Stand still where the status says so, and go on with exactly what was left where it no longer does.

    A promise already broken stays broken and is not escalated anew. ``why`` is for those that go on.
    """
    follow(ticket, going_of(ticket), by, why)


def answered(ticket: Ticket, *, by: Actor) -> None:
    """We spoke to the customer: what waited for a word of ours is done, in time or late."""
    waiting = (TimerKind.FIRST_RESPONSE, TimerKind.NEXT_RESPONSE, TimerKind.PERIODIC_UPDATE)
    complete(ticket, [timer for timer in going_of(ticket) if timer.kind in waiting], by, ClockReason.ANSWERED)


def solved(ticket: Ticket, *, by: Actor, why: ClockReason = ClockReason.SOLVED) -> None:
    """The case is over: the solution is done; nobody waits for a word of ours any more."""
    going = going_of(ticket)
    complete(ticket, [timer for timer in going if timer.kind == TimerKind.RESOLUTION], by, why)
    cancel(
        ticket, [timer for timer in going if timer.kind != TimerKind.RESOLUTION], by, ClockReason.WITHDRAWN
    )


def reopened(ticket: Ticket, *, by: Actor) -> None:
    """The clocks go on where they stood; the time while it was solved does not count.

    It does where the law sets the clock, which stands still for nothing. What was changed while the case was solved
    decides from now on.
    """
    ended = [timer for timer in timers_of(ticket) if timer.state not in GOING]
    again = [timer for timer in ended if owed_again(ticket, timer) and not _was_dropped(timer)]
    changed = _changed_while_over(ticket)
    if changed is not None:
        again = _still_promised(ticket, again, by)
    for timer in again:
        since = timer.done_at if timer.is_statutory else None
        timer.state, timer.done_at = TimerState.PAUSED, None
        timer.running_since = since
    start_running(again)
    tell(ticket, EventKind.TIMER_RESUMED, again, by=by, why=ClockReason.REOPENED)
    if changed is not None:
        retarget(ticket, by=by, why=changed)
    expect_update(ticket, by=by)
    copy_due(ticket)


def _still_promised(ticket: Ticket, timers: Sequence[Timer], by: Actor) -> list[Timer]:
    """The others ended with the case and are not taken up again; promised anew one day, they go on from there."""
    promised = {promise.key for promise in promises(case_of(ticket), team_id=ticket.team_id)}
    dropped = [timer for timer in timers if key_of(timer) not in promised]
    for timer in dropped:
        timer.state = TimerState.CANCELLED
        timer.save()
    tell(ticket, EventKind.TIMER_CANCELLED, dropped, by=by, why=ClockReason.NO_LONGER_PROMISED)
    return [timer for timer in timers if timer not in dropped]


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
    rows = Event.objects.filter(ticket=ticket, kind__in=[EventKind.STATUS_CHANGED, *DECIDING])
    undone: set[int] = set()
    for pk, kind, data in rows.order_by("-pk").values_list("pk", "kind", "data").iterator(chunk_size=20):
        if kind in DECIDING:
            return DECIDING[kind]
        if "undoes" in data:
            undone.add(data["undoes"])  # as though neither had been
        elif pk not in undone and data.get("to") == Status.SOLVED:
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
    later = [timer for timer in going_of(ticket) if timer.kind == TimerKind.NEXT_RESPONSE]
    cancel(
        ticket, [timer for timer in later if timer.started_at > message.created_at], by, ClockReason.JUDGED
    )
    asked(ticket, message, by=by)


def no_longer_asked(ticket: Ticket, message: Message, *, by: Actor) -> None:
    """Somebody said that the message was mere thanks: nothing is owed for it. What was asked besides, is owed since
    then.
    """
    first = first_unanswered(ticket)
    going = [timer for timer in going_of(ticket) if timer.kind == TimerKind.NEXT_RESPONSE]
    if first is not None:
        going = [timer for timer in going if timer.started_at == message.created_at]
    cancel(ticket, going, by, ClockReason.JUDGED)
    if going and first is not None:
        asked(ticket, first, by=by)


def expect_update(ticket: Ticket, *, by: Actor) -> None:
    """We spoke, and the case goes on: the next word of ours is owed from now on, whether the customer asks or not."""
    if ticket.first_response_at is not None and ticket.is_active:
        _begin(ticket, TimerKind.PERIODIC_UPDATE, clock.now(), by, ClockReason.OUR_REPLY)


def _begin(ticket: Ticket, kind: TimerKind, at: datetime, by: Actor, why: ClockReason) -> None:
    """Start the clocks of this kind that are promised and do not go already."""
    going = {key_of(timer) for timer in going_of(ticket)}
    wanted = [
        promise
        for promise in promises(case_of(ticket), team_id=ticket.team_id)
        # A statute names each of its clocks once a case.
        if promise.kind == kind and promise.key not in going and not promise.is_statutory
    ]
    if wanted:
        start(ticket, [new_clock(promise, at) for promise in wanted], by=by, why=why)
        follow_status(ticket, by=by)


def merged(source: Ticket, into: Ticket, *, by: Actor) -> None:
    """The clocks of the case that goes end. Merging gains nobody time: where its promise would have been due sooner,
    the other case takes that clock over as it stands.
    """
    ending = going_of(source)
    if any(timer.kind in _ANSWERS and not timer.is_statutory for timer in ending):
        # What was asked there is asked here now.
        _ask(into, clock.now(), by, ClockReason.MERGED)
    theirs = {key_of(timer): timer for timer in going_of(into)}
    for timer in ending:
        other = theirs.get(key_of(timer))
        if other is None and timer.kind in _ANSWERS and not timer.is_statutory:
            # The first reply was given here: what is owed is the next.
            other = theirs.get((TimerKind.NEXT_RESPONSE, None))
        if other is not None and into.is_active and _left(timer) < _left(other):
            was = {other.pk: terms_of(other)}
            if _take_over(other, timer):
                tell_broken([other])
            start_running([other], save_paused=True)
            tell(into, EventKind.TIMER_CHANGED, [other], by=by, why=ClockReason.MERGED, was=was)
    cancel(source, ending, by, ClockReason.MERGED)
    follow_status(into, by=by, why=ClockReason.MERGED)


def _left(timer: Timer) -> int:
    return timer.target_seconds - sla.used_at(hours_of(timer), run_of(timer), clock.now())


def _take_over(timer: Timer, from_: Timer) -> bool:
    """As it stands. What is broken there is broken here from now on, for this case's log knows of nothing earlier;
    whether that is news here.
    """
    if book(from_):
        note_broken([from_])
    timer.used_seconds = from_.used_seconds
    timer.policy, timer.calendar, timer.target_seconds = from_.policy, from_.calendar, from_.target_seconds
    timer.pauses_on = from_.pauses_on
    if from_.breached_at is None or timer.breached_at is not None:
        return False
    timer.breached_at, timer.breach_cause = clock.now(), from_.breach_cause
    return True

"""The clocks after an act was undone: as though it had never been done, so that the time since counts.

Called by the verb that holds the ticket's row and has put back what the act had changed. A clock that the act moved,
and nothing else since, is again what its book says it was before; one that something else moved since goes by what
holds now. All of it is told (decision 9).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tickets.actions import sla
from tickets.actions.clocks_back import WHY, Before, put_back
from tickets.actions.retargeting import retarget
from tickets.actions.timers import GOING, cancel, copy_due, follow, going_of, key_of, timers_of
from tickets.actors import Actor
from tickets.choices import EventKind, TimerKind, TimerState
from tickets.models import Event, Ticket, Timer
from tickets.queries.acts import ClockLog, clock_log
from tickets.queries.calendars import hours_of
from tickets.rules.sla import Run, used_at


def rewind(
    ticket: Ticket,
    act: Event,
    told: Event,
    *,
    by: Actor,
    parts: Collection[EventKind] = (),
    decides: bool = False,
) -> None:
    """``told`` is the event that tells of the undoing. ``parts`` are kinds that belong to the act (of a merge, that the
    other case became a complaint); ``decides``: what it changed decides about promises.
    """
    log = clock_log(ticket, act, until=told, parts=parts)
    moved = [timer for timer in timers_of(ticket) if timer.pk in log.wrote]
    untouched = [timer for timer in moved if not log.moved_since(timer.pk)]
    cancel(ticket, [timer for timer in untouched if timer.state in GOING and log.began(timer.pk)], by, WHY)
    known = [timer for timer in untouched if timer.pk in log.before]
    owed = [timer for timer in known if _is_owed_still(ticket, timer, log)]
    _make_room(ticket, [timer for timer in owed if Before(log, timer.pk).goes], log, by)
    put_back(ticket, act, owed, log, by=by)
    if act.kind == EventKind.STATUS_CHANGED:
        _count_the_stand(ticket, [timer for timer in moved if timer not in untouched], log)
    others_moved = decides and any(timer.pk in log.since for timer in going_of(ticket))
    why = log.decided or (WHY if others_moved or len(owed) < len(known) else None)
    if not ticket.is_active:
        sla.solved(ticket, by=by)
    elif why is not None:
        retarget(ticket, by=by, why=why)
    else:
        follow(ticket, going_of(ticket), by, WHY)
    copy_due(ticket)


def _is_owed_still(ticket: Ticket, timer: Timer, log: ClockLog) -> bool:
    """Whether nobody answered since what the clock waited for when the act stopped it."""
    if not Before(log, timer.pk).goes:
        return True
    if timer.kind == TimerKind.FIRST_RESPONSE:
        return ticket.first_response_at is None
    if timer.kind == TimerKind.RESOLUTION or timer.is_statutory:
        return True
    spoke = ticket.last_staff_message_at
    return spoke is None or spoke <= log.wrote[timer.pk][-1].at


def _make_room(ticket: Ticket, again: Sequence[Timer], log: ClockLog, by: Actor) -> None:
    """Of two clocks for the same promise the earlier one goes on."""
    keys = {key_of(timer) for timer in again}
    pks = {timer.pk for timer in again}
    rivals = [timer for timer in going_of(ticket) if key_of(timer) in keys and timer.pk not in pks]
    cancel(ticket, rivals, by, WHY)


def _count_the_stand(ticket: Ticket, timers: Sequence[Timer], log: ClockLog) -> None:
    """What stood still since the act, and was moved otherwise since: the time it stood counts, as it would have."""
    for timer in timers:
        stopped, last = log.wrote[timer.pk][-1], log.last[timer.pk]
        stood = timer.state == TimerState.PAUSED and stopped.kind == EventKind.TIMER_PAUSED
        if not stood or log.resumed_since(timer.pk) or ticket.status in timer.pauses_on:
            continue
        run = Run(timer.target_seconds, timer.used_seconds, stopped.at)
        timer.used_seconds = used_at(hours_of(timer), run, last.at)
        timer.running_since = last.at
        timer.save()

"""The promises of one case while its story is told: what ``actions.sla`` would have done, kept in memory.

What a single clock does is that module's own code; here is only which clocks, in what order. The clock on the wall is
stopped at the moment that is told (``helpdesk.lib.clock.frozen``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from helpdesk.lib import clock
from tickets.actions import retargeting, sla, timers
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
)
from tickets.models import StepTaken, Timer
from tickets.queries.promises import Promise
from tickets.rules.sla import Step

if TYPE_CHECKING:
    from tickets.demo.draft import Draft

WAITING_FOR_US = (TimerKind.FIRST_RESPONSE, TimerKind.NEXT_RESPONSE, TimerKind.PERIODIC_UPDATE)


class Clocks:
    def __init__(self, draft: Draft) -> None:
        self.draft, self.ticket, self.desk = draft, draft.ticket, draft.desk
        self.timers: list[Timer] = []
        self.steps_taken: list[StepTaken] = []

    def planned(self) -> list[Timer]:
        """sla.planned"""
        promises = self.desk.promises_to(self.ticket)
        at = self.ticket.created_at
        return [timers.new_clock(promise, at) for promise in promises if promise.kind in LASTING_KINDS]

    def start(self, timers: Sequence[Timer], by: Actor, why: ClockReason = ClockReason.OPENED) -> None:
        """timers.start"""
        for timer in timers:
            timer.pk, timer.ticket = next(self.desk.timer_ids), self.ticket
            self.timers.append(self.desk.at_hand(timer))
        self._tell(EventKind.TIMER_STARTED, timers, by, why)

    def follow_status(self, by: Actor, why: ClockReason = ClockReason.WENT_ON) -> None:
        """sla.follow_status"""
        status = self.ticket.status
        stopping = [timer for timer in self._in(TimerState.RUNNING) if status in timer.pauses_on]
        resuming = [timer for timer in self._in(TimerState.PAUSED) if status not in timer.pauses_on]
        for timer in stopping:
            timers.stop(timer, TimerState.PAUSED)
        self._go_on(resuming)
        if stopping:
            self._tell(EventKind.TIMER_PAUSED, stopping, by, timers.WAITING[Status(status)])
        self._tell(EventKind.TIMER_RESUMED, resuming, by, why)
        self._copy_due()

    def answered(self, by: Actor) -> None:
        """sla.answered"""
        waiting = [timer for timer in self._going() if timer.kind in WAITING_FOR_US]
        self._complete(waiting, by, ClockReason.ANSWERED)

    def solved(self, by: Actor) -> None:
        """sla.solved"""
        going = self._going()
        self._complete(
            [timer for timer in going if timer.kind == TimerKind.RESOLUTION], by, ClockReason.SOLVED
        )
        self._cancel(
            [timer for timer in going if timer.kind != TimerKind.RESOLUTION], by, ClockReason.WITHDRAWN
        )

    def reopened(self, by: Actor) -> None:
        """sla.reopened"""
        ended = self._in(TimerState.DONE, TimerState.CANCELLED)
        again = [timer for timer in ended if sla.owed_again(self.ticket, timer)]
        for timer in again:
            timer.running_since = timer.done_at if timer.is_statutory else None
            timer.state, timer.done_at = TimerState.PAUSED, None
        self._go_on(again)
        self._tell(EventKind.TIMER_RESUMED, again, by, ClockReason.REOPENED)
        self.expect_update(by)
        self._copy_due()

    def asked(self, by: Actor) -> None:
        """sla.asked"""
        self._begin(TimerKind.NEXT_RESPONSE, by, ClockReason.CUSTOMER_WROTE)

    def expect_update(self, by: Actor) -> None:
        """sla.expect_update"""
        self._begin(TimerKind.PERIODIC_UPDATE, by, ClockReason.OUR_REPLY)

    def _begin(self, kind: TimerKind, by: Actor, why: ClockReason) -> None:
        if self.ticket.first_response_at is None or not self.ticket.is_active:
            return
        going = {timers.key_of(timer) for timer in self._going()}
        wanted = [
            promise
            for promise in self.desk.promises_to(self.ticket)
            if promise.kind == kind and promise.key not in going and not promise.is_statutory
        ]
        if wanted:
            self.start([timers.new_clock(promise, clock.now()) for promise in wanted], by, why)
            self.follow_status(by)

    def retarget(self, by: Actor, why: ClockReason) -> None:
        """retargeting.retarget"""
        wanted = {promise.key: promise for promise in self.desk.promises_to(self.ticket)}
        going = self._going()
        known = {timers.key_of(timer): timer for timer in self.timers if timer.kind in LASTING_KINDS}
        known |= {timers.key_of(timer): timer for timer in going}
        dropped = [timer for timer in going if timers.key_of(timer) not in wanted]
        self._cancel(dropped, by, ClockReason.NO_LONGER_PROMISED)
        kept = [(timer, wanted[timers.key_of(timer)]) for timer in going if timer not in dropped]
        moved = [(timer, promise) for timer, promise in kept if retargeting.differs(timer, promise)]
        was = {timer.pk: timers.terms_of(timer) for timer, _promise in moved}
        for timer, promise in moved:
            retargeting.move(timer, promise)
            self.desk.at_hand(timer)
        clocks = [timer for timer, _promise in moved]
        self._go_on([timer for timer in clocks if timer.state == TimerState.RUNNING])
        self._tell(EventKind.TIMER_CHANGED, clocks, by, why, was)
        for key, promise in wanted.items():
            if known.get(key) is None:
                self._promise_anew(promise, by, why)
        self.follow_status(by, why)

    def _promise_anew(self, promise: Promise, by: Actor, why: ClockReason) -> None:
        """sla._promise_anew; no story of ours takes up a promise that was dropped before."""
        since = self._owed_since(promise.kind) if self.ticket.is_active else None
        if since is not None:
            self.start([timers.new_clock(promise, since)], by, why)

    def _owed_since(self, kind: str) -> datetime | None:
        ticket = self.ticket
        match TimerKind(kind):
            case TimerKind.RESOLUTION:
                return ticket.created_at
            case TimerKind.FIRST_RESPONSE:
                return None if ticket.first_response_at else ticket.created_at
            case TimerKind.PERIODIC_UPDATE:
                return ticket.last_staff_message_at
            case TimerKind.NEXT_RESPONSE:
                return self._unanswered_since() if ticket.first_response_at else None

    def _unanswered_since(self) -> datetime | None:
        answered = self.ticket.last_staff_message_at
        return min(
            (
                message.created_at
                for message in self.draft.messages
                if message.author_kind == ActorKind.CUSTOMER
                and message.nature == Nature.SUBSTANCE
                and (answered is None or message.created_at > answered)
            ),
            default=None,
        )

    def steps_left(self, timer: Timer) -> list[Step]:
        """timers.steps_left"""
        taken = {row.step_id for row in self.steps_taken if row.timer is timer}
        return [
            step
            for terms in self.desk.terms
            if terms.policy == timer.policy_id
            for step in terms.steps
            if step.kind == timer.kind and step.pk not in taken
        ]

    def _complete(self, several: Sequence[Timer], by: Actor, why: ClockReason) -> None:
        for timer in several:
            timers.stop(timer, TimerState.DONE, clock.now())
        kept = [timer for timer in several if timer.breached_at is None]
        self._tell(EventKind.TIMER_MET, kept, by, why)
        self._tell(EventKind.TIMER_MISSED, [timer for timer in several if timer not in kept], by, why)
        self._copy_due()

    def _cancel(self, several: Sequence[Timer], by: Actor, why: ClockReason) -> None:
        for timer in several:
            timers.stop(timer, TimerState.CANCELLED, clock.now())
        self._tell(EventKind.TIMER_CANCELLED, several, by, why)
        self._copy_due()

    def _go_on(self, several: Sequence[Timer]) -> None:
        for timer in several:
            timers.go_on(timer, self.steps_left(timer))

    def _going(self) -> list[Timer]:
        return self._in(*timers.GOING)

    def _in(self, *states: TimerState) -> list[Timer]:
        return [timer for timer in self.timers if timer.state in states]

    def _tell(
        self,
        kind: EventKind,
        several: Sequence[Timer],
        by: Actor,
        why: ClockReason,
        was: Mapping[int, dict[str, Any]] = {},
    ) -> None:
        for timer in several:
            self.draft.emit(kind, by, **timers.fact(timer, why, was.get(timer.pk)))

    def _copy_due(self) -> None:
        nearest = timers.nearest_due(self.timers)
        broken = any(timer.breached_at is not None for timer in self.timers)
        if (nearest, broken) != (self.ticket.due_at, self.ticket.is_breached):
            self.draft.write(due_at=nearest, is_breached=broken)

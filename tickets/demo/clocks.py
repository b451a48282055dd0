"""The promises of one case while its story is told: what ``actions.sla`` and ``actions.escalation`` would have done."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from accounts.models import User
from tickets.actions.sla import SLA
from tickets.actors import Actor
from tickets.choices import EscalationAct, EventKind, Priority, TimerKind, TimerState
from tickets.demo.desk import Promise
from tickets.models import EscalationStep, StepTaken, Timer
from tickets.rules import sla
from tickets.rules.business_time import WorkingCalendar
from tickets.rules.sla import Run

if TYPE_CHECKING:
    from tickets.demo.draft import Draft

GOING = (TimerState.RUNNING, TimerState.PAUSED)


class Clocks:
    def __init__(self, draft: Draft, promise: Promise | None) -> None:
        """sla.start"""
        self.draft, self.promise = draft, promise
        self.timers: list[Timer] = []
        self.steps_taken: list[StepTaken] = []
        if promise is None:
            return
        ticket = draft.ticket
        for kind, target in promise.targets.get(ticket.priority, {}).items():
            timer = Timer(
                ticket=ticket,
                kind=kind,
                policy=promise.policy,
                calendar=promise.calendar,
                target_seconds=target,
                started_at=ticket.created_at,
                running_since=ticket.created_at,
            )
            timer.due_at = timer.check_at = sla.due_at(promise.hours, _run(timer))
            self.timers.append(timer)
        ticket.due_at = self._nearest()

    def pause(self, at: datetime, by: Actor) -> None:
        for timer in self._in(TimerState.RUNNING):
            self._stop(timer, TimerState.PAUSED, at)
            self.draft.emit(EventKind.TIMER_PAUSED, at, by, timer=timer.kind, used_seconds=timer.used_seconds)
        self._copy_due(at)

    def resume(self, at: datetime, by: Actor) -> None:
        for timer in self._in(TimerState.PAUSED):
            self._go_on(timer, at, by)
        self._copy_due(at)

    def complete(self, kind: TimerKind, at: datetime, by: Actor) -> None:
        for timer in self._in(*GOING, kind=kind):
            self._stop(timer, TimerState.DONE, at)
            timer.done_at = at
            late = timer.breached_at is not None or timer.used_seconds > timer.target_seconds
            if late and timer.breached_at is None:
                timer.breached_at = at
            met = EventKind.TIMER_MISSED if late else EventKind.TIMER_MET
            self.draft.emit(met, at, by, timer=timer.kind, used_seconds=timer.used_seconds)
        self._copy_due(at)

    def cancel(self, kind: TimerKind, at: datetime, by: Actor) -> None:
        for timer in self._in(*GOING, kind=kind):
            self._stop(timer, TimerState.CANCELLED, at)
            timer.done_at = at
            self.draft.emit(EventKind.TIMER_CANCELLED, at, by, timer=timer.kind)
        self._copy_due(at)

    def restart(self, kind: TimerKind, at: datetime, by: Actor) -> None:
        for timer in self._in(TimerState.DONE, TimerState.CANCELLED, kind=kind):
            timer.done_at = None
            self._go_on(timer, at, by)
        self._copy_due(at)

    def retarget(self, at: datetime, by: Actor) -> None:
        """After a change of priority: the policy stays."""
        targets = self.promise.targets.get(self.draft.ticket.priority, {}) if self.promise else {}
        for timer in self._in(*GOING):
            if timer.target_seconds != targets[timer.kind]:
                self._move_target(timer, targets[timer.kind], at)
                self.draft.emit(EventKind.TIMER_CHANGED, at, by, timer=timer.kind, due_at=_iso(timer.due_at))
        self._copy_due(at)

    def sweep(self, until: datetime) -> None:
        """escalation.sweep, each time that one was due"""
        while True:
            due = [(timer.check_at, timer) for timer in self.timers if timer.check_at]
            at, timer = min(due, key=lambda pair: pair[0], default=(None, None))
            if at is None or timer is None or at > until:
                return
            self._sweep_one(timer, at)

    def _sweep_one(self, timer: Timer, at: datetime) -> None:
        if timer.breached_at is None:
            timer.breached_at = timer.due_at
            self.draft.write(at, is_breached=True)
            policy = timer.policy.name
            self.draft.emit(EventKind.BREACHED, at, SLA, timer=timer.kind, policy=policy)
        assert timer.due_at is not None
        for step in self._steps_left(timer):
            if sla.step_at(self._hours, timer.due_at, step.after_minutes) <= at:
                self.steps_taken.append(StepTaken(timer=timer, step=step, at=at))
                self._take(step, timer, at)
        timer.check_at = self._next_check(timer)

    def _take(self, step: EscalationStep, timer: Timer, at: datetime) -> None:
        ticket, act = self.draft.ticket, EscalationAct(step.act)
        if act is EscalationAct.RAISE_PRIORITY:
            self._raise_priority(timer, at)
            return
        people: list[User] = []
        if act is EscalationAct.TELL_ASSIGNEE:
            people = [ticket.assignee] if ticket.assignee else []
        elif act is EscalationAct.TELL_LEAD:
            people = self.draft.desk.leads(ticket.brand_id, ticket.team_id)
        else:
            people = self.draft.desk.managers(ticket.brand_id)
        told = [person.display_name for person in people]
        self.draft.emit(EventKind.ESCALATED, at, SLA, act=act.value, timer=timer.kind, told=told)

    def _raise_priority(self, timer: Timer, at: datetime) -> None:
        before = Priority(self.draft.ticket.priority)
        higher = [level for level in Priority if level > before]
        if not higher:
            return
        self.draft.write(at, priority=min(higher))
        act = EscalationAct.RAISE_PRIORITY.value
        self.draft.emit(EventKind.ESCALATED, at, SLA, act=act, timer=timer.kind)
        self.draft.emit(EventKind.PRIORITY_CHANGED, at, SLA, change=(before.slug, min(higher).slug))

    @property
    def _hours(self) -> WorkingCalendar:
        assert self.promise is not None
        return self.promise.hours

    def _in(self, *states: TimerState, kind: TimerKind | None = None) -> list[Timer]:
        return [
            timer for timer in self.timers if timer.state in states and (kind is None or timer.kind == kind)
        ]

    def _stop(self, timer: Timer, state: TimerState, at: datetime) -> None:
        timer.used_seconds = sla.used_at(self._hours, _run(timer), at)
        timer.state, timer.running_since = state, None
        timer.due_at = timer.check_at = None

    def _go_on(self, timer: Timer, at: datetime, by: Actor) -> None:
        timer.state, timer.running_since = TimerState.RUNNING, at
        timer.due_at = sla.due_at(self._hours, _run(timer))
        timer.check_at = self._next_check(timer)
        self.draft.emit(EventKind.TIMER_RESUMED, at, by, timer=timer.kind, due_at=_iso(timer.due_at))

    def _move_target(self, timer: Timer, target: int, at: datetime) -> None:
        timer.used_seconds = sla.used_at(self._hours, _run(timer), at)
        timer.target_seconds = target
        if timer.state == TimerState.RUNNING:
            timer.running_since = at
            timer.due_at = sla.due_at(self._hours, _run(timer))
            if timer.due_at is not None and timer.due_at > at:
                timer.breached_at = None
            timer.check_at = self._next_check(timer)

    def _steps_left(self, timer: Timer) -> list[EscalationStep]:
        taken = {row.step_id for row in self.steps_taken if row.timer is timer}
        steps = self.promise.steps.get(timer.kind, []) if self.promise else []
        return [step for step in steps if step.pk not in taken]

    def _next_check(self, timer: Timer) -> datetime | None:
        if timer.due_at is None:
            return None
        left = [step.after_minutes for step in self._steps_left(timer)]
        return sla.next_check(self._hours, timer.due_at, timer.breached_at is not None, left)

    def _copy_due(self, at: datetime) -> None:
        broken = any(timer.breached_at is not None for timer in self.timers)
        self.draft.write(at, due_at=self._nearest(), is_breached=broken)

    def _nearest(self) -> datetime | None:
        return min((timer.due_at for timer in self.timers if timer.due_at), default=None)


def _run(timer: Timer) -> Run:
    return Run(timer.target_seconds, timer.used_seconds, timer.running_since)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None

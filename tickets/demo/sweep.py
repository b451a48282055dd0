"""What ``actions.escalation`` would have done with a case's clocks, each at the moment it was to be looked at."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from accounts.models import User
from helpdesk.lib import clock
from tickets.actions import timers
from tickets.actions.timers import SLA
from tickets.choices import EscalationAct, EventKind, Priority, TimerState
from tickets.models import EscalationStep, StepTaken, Timer
from tickets.queries.breaches import cause_told
from tickets.queries.calendars import hours_of
from tickets.rules.sla import Step, step_at

if TYPE_CHECKING:
    from tickets.demo.draft import Draft


def sweep(draft: Draft, until: datetime) -> None:
    """escalation.sweep, each time that one was due"""
    while (found := _next(draft, until)) is not None:
        at, timer = found
        with clock.frozen(at):
            _look_at(draft, timer)


def _next(draft: Draft, until: datetime) -> tuple[datetime, Timer] | None:
    due = [(timer.check_at, timer) for timer in draft.clocks.timers if timer.check_at]
    at, timer = min(due, key=lambda pair: pair[0], default=(None, None))
    if at is None or timer is None or at > until:
        return None
    # A promise that was shortened may have been due before it was given: the sweep finds it after.
    return max(at, draft.events[-1].at), timer


def _look_at(draft: Draft, timer: Timer) -> None:
    now = clock.now()
    if timer.breached_at is None and timer.due_at is not None and timer.due_at <= now:
        _mark_broken(draft, timer)
    due = [step for step in draft.clocks.steps_left(timer) if _is_due(timer, step, now)]
    steps = sorted((draft.desk.steps[step.pk] for step in due), key=_order)
    draft.clocks.steps_taken += [StepTaken(timer=timer, step=step, at=now) for step in steps]
    said = {"timer": timer.kind, "timer_id": timer.pk, "due_at": timer.due_at and timer.due_at.isoformat()}
    for step in steps:
        _take(draft, step, said)
    if timer.state == TimerState.RUNNING:
        timer.check_at = timers.next_check(timer, draft.clocks.steps_left(timer))


def _mark_broken(draft: Draft, timer: Timer) -> None:
    timer.breached_at, timer.breach_cause = timer.due_at, cause_told(timer, draft.events)
    draft.write(is_breached=True)
    draft.emit(
        EventKind.BREACHED,
        SLA,
        timer=timer.kind,
        timer_id=timer.pk,
        policy=timer.policy.name,
        cause=timer.breach_cause,
    )


def _is_due(timer: Timer, step: Step, now: datetime) -> bool:
    assert timer.due_at is not None
    at = step_at(hours_of(timer), timers.run_of(timer), timer.due_at, step)
    return at is not None and at <= now


def _order(step: EscalationStep) -> tuple[int, int, int]:
    return (step.at_percent or 100, step.after_minutes, step.pk)


def _take(draft: Draft, step: EscalationStep, said: dict[str, Any]) -> None:
    """``said`` of its clock, as it was before any step: those before this one may have moved it."""
    match EscalationAct(step.act):
        case EscalationAct.RAISE_PRIORITY:
            higher = [level for level in Priority if level > draft.ticket.priority]
            if higher:
                _tell(draft, step, said)
                draft.set_priority(min(higher), SLA)
        case EscalationAct.MOVE_TO_TEAM:
            assert step.team is not None
            _tell(draft, step, said)
            draft.move_to_team(step.team, SLA)
        case EscalationAct.ASSIGN:
            assert step.person is not None
            _tell(draft, step, said)
            draft.assign(step.person, SLA)
        case EscalationAct.ADD_NOTE:
            _tell(draft, step, said)
            draft.note(step.text, SLA)
        case EscalationAct.CALL_WEBHOOK:
            raise ValueError("No policy of the demo calls a webhook: nothing leaves it.")
        case _:
            _tell(draft, step, said, told=[person.display_name for person in _people(draft, step)])


def _people(draft: Draft, step: EscalationStep) -> list[User]:
    ticket, staff = draft.ticket, draft.desk.told
    match EscalationAct(step.act):
        case EscalationAct.TELL_ASSIGNEE:
            return [ticket.assignee] if ticket.assignee else []
        case EscalationAct.TELL_LEAD:
            return staff.leads(ticket.brand_id, ticket.team_id)
        case EscalationAct.TELL_MANAGER:
            return staff.managers(ticket.brand_id)
        case _:
            return [step.person] if step.person else []


def _tell(draft: Draft, step: EscalationStep, said: dict[str, Any], **data: Any) -> None:
    when: dict[str, Any] = {"at_percent": step.at_percent, "after_minutes": step.after_minutes}
    draft.emit(EventKind.ESCALATED, SLA, act=step.act, **said, **when, **data)

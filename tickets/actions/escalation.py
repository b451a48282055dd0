"""What the sweep does with a promise that was broken: mark it, then take each step once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from accounts.models import User
from accounts.rules.capabilities import Role
from helpdesk.lib import clock
from tickets.actions.rows import lock, write
from tickets.actions.sla import SLA, next_check
from tickets.choices import EscalationAct, EventKind, Priority, TimerState
from tickets.events import emit, mail_staff
from tickets.models import EscalationStep, StepTaken, Ticket, Timer
from tickets.queries.calendars import working_calendar
from tickets.rules import sla

logger = logging.getLogger(__name__)
BATCH = 200
AFTER_TROUBLE = timedelta(minutes=5)


def sweep(limit: int = BATCH) -> int:
    """Work off timers whose time to look has come; how many were. One that another has in hand is not counted:
    whoever calls again while this is not 0 does not spin.

    Each timer is its own transaction: a kill loses none and repeats none. Rows that another sweep holds are skipped.
    """
    due = list(
        Timer.objects.filter(check_at__lte=clock.now())
        .order_by("check_at")
        .values_list("pk", "ticket_id")[:limit]
    )
    done = 0
    for timer_id, ticket_id in due:
        try:
            done += _sweep_one(timer_id, ticket_id)
        except Exception:
            # One ticket that cannot be worked on (a calendar gone wrong, say) must not keep the others waiting.
            logger.exception("Timer %s could not be swept", timer_id)
            _look_again_later(timer_id)
    return done


def _look_again_later(timer_id: int) -> None:
    Timer.objects.filter(pk=timer_id, check_at__lte=clock.now()).update(check_at=clock.now() + AFTER_TROUBLE)


@transaction.atomic
def _sweep_one(timer_id: int, ticket_id: int) -> bool:
    # The ticket first, as every verb does: two verbs never wait for each other in a circle.
    if not Ticket.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=ticket_id).exists():
        return False
    timer = Timer.objects.select_related("calendar", "policy").get(pk=timer_id)
    if timer.state != TimerState.RUNNING or timer.check_at is None or timer.check_at > clock.now():
        return False
    ticket = lock(Ticket(pk=ticket_id))
    _mark_breach(ticket, timer)
    for step in _steps_due(timer):
        _, fresh = StepTaken.objects.get_or_create(timer=timer, step=step, defaults={"at": clock.now()})
        if fresh:
            _ACTS[EscalationAct(step.act)](ticket, timer)
    timer.refresh_from_db()
    if timer.state == TimerState.RUNNING:
        Timer.objects.filter(pk=timer.pk).update(check_at=next_check(timer))
    return True


def _mark_breach(ticket: Ticket, timer: Timer) -> None:
    if timer.breached_at is not None:
        return
    timer.breached_at = timer.due_at
    timer.save(update_fields=["breached_at"])
    write(ticket, is_breached=True)
    emit(ticket, EventKind.BREACHED, by=SLA, timer=timer.kind, policy=timer.policy.name)


def _steps_due(timer: Timer) -> list[EscalationStep]:
    assert timer.due_at is not None
    hours, now = working_calendar(timer.calendar), clock.now()
    taken = timer.steps_taken.values_list("step_id", flat=True)
    steps = EscalationStep.objects.filter(policy_id=timer.policy_id, kind=timer.kind).exclude(pk__in=taken)
    return [step for step in steps if sla.step_at(hours, timer.due_at, step.after_minutes) <= now]


def _tell(ticket: Ticket, timer: Timer, act: EscalationAct, people: list[User]) -> None:
    names = [person.display_name for person in people]
    event = emit(ticket, EventKind.ESCALATED, by=SLA, act=act.value, timer=timer.kind, told=names)
    for person in people:
        mail_staff(event, to=person)


def _tell_assignee(ticket: Ticket, timer: Timer) -> None:
    people = [ticket.assignee] if ticket.assignee and ticket.assignee.is_active else []
    _tell(ticket, timer, EscalationAct.TELL_ASSIGNEE, people)


def _staff(ticket: Ticket, role: Role) -> list[User]:
    return list(User.objects.filter(role=role, is_active=True, brands=ticket.brand_id).order_by("pk"))


def _tell_lead(ticket: Ticket, timer: Timer) -> None:
    leads = _staff(ticket, Role.LEAD)
    own = [lead for lead in leads if ticket.team_id is None or ticket.team_id in lead.team_ids]
    # A team without a lead of its own: better another lead hears of it than nobody.
    _tell(ticket, timer, EscalationAct.TELL_LEAD, own or leads)


def _tell_manager(ticket: Ticket, timer: Timer) -> None:
    _tell(ticket, timer, EscalationAct.TELL_MANAGER, _staff(ticket, Role.MANAGER))


def _raise_priority(ticket: Ticket, timer: Timer) -> None:
    higher = [level for level in Priority if level > ticket.priority]
    if not higher:
        return
    before, after = Priority(ticket.priority), min(higher)
    write(ticket, priority=after)
    emit(ticket, EventKind.ESCALATED, by=SLA, act=EscalationAct.RAISE_PRIORITY.value, timer=timer.kind)
    emit(ticket, EventKind.PRIORITY_CHANGED, by=SLA, change=(before.slug, after.slug))


_ACTS: dict[EscalationAct, Callable[[Ticket, Timer], None]] = {
    EscalationAct.TELL_ASSIGNEE: _tell_assignee,
    EscalationAct.TELL_LEAD: _tell_lead,
    EscalationAct.TELL_MANAGER: _tell_manager,
    EscalationAct.RAISE_PRIORITY: _raise_priority,
}

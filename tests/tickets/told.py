"""Notices as an escalation writes them, about promises whose state a test chooses."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from helpdesk.lib import clock
from tickets import actors
from tickets.choices import EscalationAct, EventKind, TimerKind
from tickets.events import emit, tell
from tickets.models import Notice, Ticket, Timer


def clock_of(ticket: Ticket, kind: TimerKind = TimerKind.FIRST_RESPONSE) -> Timer:
    return Timer.objects.get(ticket=ticket, kind=kind)


def tell_of(
    ticket: Ticket,
    *people: User,
    kind: TimerKind = TimerKind.FIRST_RESPONSE,
    urgent: bool = False,
    **data: Any,
) -> list[Notice]:
    """Tell them that a step was taken on this ticket's clock."""
    event = emit(
        ticket,
        EventKind.ESCALATED,
        by=actors.system("sla"),
        act=EscalationAct.TELL_ASSIGNEE.value,
        timer=kind.value,
        timer_id=clock_of(ticket, kind).pk,
        at_percent=data.get("at_percent"),
        after_minutes=0,
        told=[person.display_name for person in people],
    )
    tell([(event, person) for person in people], urgent=urgent)
    return list(Notice.objects.filter(event=event).order_by("pk"))


def quiet(person: User, **changes: Any) -> User:
    """With other hours than the ones it was made with."""
    for name, value in changes.items():
        setattr(person, name, value)
    person.save()
    return person


def late() -> None:
    """Every promise is broken by now."""
    Timer.objects.update(breached_at=clock.now(), due_at=clock.now())

"""Faults of clocks that users of other helpdesks reported, each by its name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Brand, User
from helpdesk.lib import clock
from tests.cast import step_of
from tests.crowd import all_at_once
from tests.times import shanghai
from tickets import actors
from tickets.actions import escalation
from tickets.actions.merging import merge
from tickets.actions.messages import customer_reply, reply
from tickets.actions.status import MergedAway, change_status
from tickets.actions.tickets import set_priority
from tickets.choices import EscalationAct, EventKind, Priority, Status, TimerKind, TimerState
from tickets.models import (
    Calendar,
    CalendarException,
    CalendarHours,
    Event,
    SlaPolicy,
    SlaTarget,
    StepTaken,
    Ticket,
    Timer,
)
from tickets.queries.calendars import working_calendar
from tickets.rules.business_time import WorkingCalendar, add_working_time, working_seconds_between

MakeTicket = Callable[..., Ticket]
HOUR = 3600


def resolution(ticket: Ticket) -> Timer:
    return Timer.objects.get(ticket=ticket, kind=TimerKind.RESOLUTION)


def sweep_at(at: datetime) -> int:
    with clock.frozen(at):
        return escalation.sweep()


@pytest.fixture
def by(agent: User) -> actors.Actor:
    return actors.staff(agent)


def test_a_minute_lost_at_midnight() -> None:
    """Hours kept as 00:00 to 23:59 lose a minute a day. Here a day ends where the next one begins."""
    day_and_night = WorkingCalendar("Asia/Shanghai", dict.fromkeys(range(7), ((0, 24 * HOUR),)))
    assert working_seconds_between(day_and_night, shanghai(2, 0), shanghai(9, 0)) == 7 * 24 * HOUR
    assert add_working_time(day_and_night, shanghai(2, 23, 59), 120) == shanghai(3, 0, 1)
    night = WorkingCalendar("Asia/Shanghai", {0: ((22 * HOUR, 30 * HOUR),)})
    assert add_working_time(night, shanghai(2, 23, 59, 59), 2) == shanghai(3, 0, 0, 1)


def test_midnight_as_the_form_stores_it(brand: Brand, make_ticket: MakeTicket) -> None:
    """An end of 00:00 is the day's end, all of its minutes included."""
    CalendarHours.objects.update(opens="00:00", closes="00:00")
    calendar = Calendar.objects.get(brand=brand)
    calendar.save()
    assert (
        working_seconds_between(working_calendar(calendar), shanghai(2, 0), shanghai(7, 0)) == 5 * 24 * HOUR
    )


def test_pause_across_a_holiday(make_ticket: MakeTicket, brand: Brand, by: actors.Actor) -> None:
    """What was left before the holiday is left after it, though the pause began before and ended within it."""
    calendar = Calendar.objects.get(brand=brand)
    CalendarException.objects.create(calendar=calendar, date=date(2026, 3, 3), reason="holiday")
    with clock.frozen(shanghai(2, 10)):
        ticket = make_ticket()
    with clock.frozen(shanghai(2, 15)):
        change_status(ticket, to=Status.PENDING, by=by)
    with clock.frozen(shanghai(3, 12)):
        customer_reply(ticket, body="Here is the receipt.", by=actors.customer(ticket.customer))
    timer = resolution(ticket)
    assert timer.used_seconds == 5 * HOUR
    assert timer.due_at == shanghai(4, 12), "three hours on the day after the holiday"


def test_answer_after_a_long_pause_escalating_at_once(
    make_ticket: MakeTicket, policy: SlaPolicy, by: actors.Actor, lead: User
) -> None:
    """A customer who answers after three weeks breaks no promise of ours."""
    step_of(policy, TimerKind.RESOLUTION, at_percent=50, act=EscalationAct.TELL_LEAD)
    with clock.frozen(shanghai(2, 10)):
        ticket = make_ticket()
        reply(ticket, body="Which bank?", by=by, then=Status.PENDING)
    sweep_at(shanghai(12, 10))
    with clock.frozen(shanghai(23, 10)):
        customer_reply(ticket, body="The blue one.", by=actors.customer(ticket.customer))
    assert sweep_at(shanghai(23, 10, 1)) == 0
    assert not Event.objects.filter(
        ticket=ticket, kind__in=[EventKind.ESCALATED, EventKind.BREACHED]
    ).exists()
    assert resolution(ticket).due_at == shanghai(23, 18)
    assert sweep_at(shanghai(23, 14)) == 1, "half of it is used up now, and not before"


def test_a_thank_you_restarting_the_clock(
    make_ticket: MakeTicket, policy: SlaPolicy, by: actors.Actor
) -> None:
    SlaTarget.objects.create(policy=policy, kind=TimerKind.NEXT_RESPONSE, minutes=60)
    with clock.frozen(shanghai(2, 10)):
        ticket = make_ticket()
        reply(ticket, body="It is on its way.", by=by)
    for said in ("谢谢", "Thanks"):
        with clock.frozen(shanghai(2, 11)):
            customer_reply(ticket, body=said, by=actors.customer(ticket.customer))
    assert not Timer.objects.filter(kind=TimerKind.NEXT_RESPONSE).exists()
    assert sweep_at(shanghai(2, 17)) == 0
    with clock.frozen(shanghai(2, 11)):
        customer_reply(ticket, body="谢谢，但是钱还没有到账。", by=actors.customer(ticket.customer))
    assert Timer.objects.get(kind=TimerKind.NEXT_RESPONSE).due_at == shanghai(2, 12)


def test_policy_edited_under_open_tickets(
    make_ticket: MakeTicket, policy: SlaPolicy, by: actors.Actor
) -> None:
    """Neither the due time nor what happens next moves under a case that is open; a new case gets the new promise."""
    with clock.frozen(shanghai(2, 10)):
        ticket = make_ticket()
    policy.targets.update(minutes=5)
    policy.pauses_on = []
    policy.save()
    step_of(policy, TimerKind.RESOLUTION, at_percent=10, act=EscalationAct.RAISE_PRIORITY)
    policy.steps.filter(at_percent=10).update(created_at=shanghai(2, 12))
    sweep_at(shanghai(2, 10, 30))
    assert resolution(ticket).due_at == shanghai(2, 18)
    with clock.frozen(shanghai(2, 10, 30)):
        change_status(ticket, to=Status.PENDING, by=by)
        assert resolution(ticket).state == TimerState.PAUSED
        change_status(ticket, to=Status.OPEN, by=by)
    assert resolution(ticket).due_at == shanghai(2, 18)
    sweep_at(shanghai(2, 12))
    raised = Event.objects.filter(ticket=ticket, kind=EventKind.ESCALATED, data__at_percent=10)
    assert not raised.exists(), "a step that was added later does not fire for a moment that had passed"
    with clock.frozen(shanghai(2, 10)):
        assert resolution(make_ticket()).due_at == shanghai(2, 10, 5)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_racing(make_ticket: MakeTicket, lead: User) -> None:
    with clock.frozen(shanghai(2, 10)):
        for _number in range(12):
            make_ticket()
    all_at_once([lambda: sweep_at(shanghai(2, 12))] * 4)
    while sweep_at(shanghai(2, 12)):
        pass
    assert Event.objects.filter(kind=EventKind.BREACHED).count() == 12
    acted = Event.objects.filter(kind=EventKind.ESCALATED).count()
    assert acted == StepTaken.objects.count() == 36
    assert set(Ticket.objects.values_list("priority", flat=True)) == {Priority.HIGH}, "raised once"


def test_the_hour_that_comes_twice() -> None:
    """In Berlin on 25 October 2026 the clock shows 02:30 twice. Both half hours are worked, each counted once."""
    night = WorkingCalendar("Europe/Berlin", {5: ((22 * HOUR, 30 * HOUR),)})  # Saturday 22:00 to Sunday 06:00
    start = datetime(2026, 10, 24, 20, tzinfo=UTC)  # 22:00 summer time
    assert working_seconds_between(night, start, start + timedelta(days=1)) == 9 * HOUR
    assert add_working_time(night, start, 5 * HOUR) == datetime(
        2026, 10, 25, 1, tzinfo=UTC
    )  # 02:00 winter time


def test_timer_on_a_merged_ticket(make_ticket: MakeTicket, by: actors.Actor, lead: User) -> None:
    """The clock of a case that was merged away ends: it breaks nothing and tells nobody."""
    with clock.frozen(shanghai(2, 10)):
        gone, stays = make_ticket(), make_ticket(subject="the same")
        merge(gone, into=stays, by=by)
        reply(stays, body="One answer for both.", by=by)
    sweep_at(shanghai(5, 10))
    assert not Event.objects.filter(ticket=gone, kind__in=[EventKind.BREACHED, EventKind.ESCALATED]).exists()
    assert not Ticket.objects.get(pk=gone.pk).is_breached
    with clock.frozen(shanghai(5, 10)), pytest.raises(MergedAway):
        set_priority(gone, priority=Priority.URGENT, by=by)
    assert not Timer.objects.filter(ticket=gone, state__in=[TimerState.RUNNING, TimerState.PAUSED]).exists()


def test_a_weekend_worked_for_a_holiday(make_ticket: MakeTicket, brand: Brand) -> None:
    """调休: Saturday 7 March is made a working day; the hours of that day count, those of Sunday do not."""
    calendar = Calendar.objects.get(brand=brand)
    CalendarException.objects.create(
        calendar=calendar, date=date(2026, 3, 7), reason="调休", opens="09:00", closes="18:00"
    )
    with clock.frozen(shanghai(6, 15)):
        ticket = make_ticket()
    assert resolution(ticket).due_at == shanghai(7, 14), "three hours on Friday, five on Saturday"

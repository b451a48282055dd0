"""What the sweep does with broken promises: marked once, each step once, whoever sweeps and however often."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Brand, Team, User
from accounts.rules.capabilities import Role
from helpdesk.lib import clock
from tests.cast import person, step_of
from tests.crowd import all_at_once
from tests.times import shanghai
from tickets import actors
from tickets.actions import escalation
from tickets.actions.assignment import take
from tickets.actions.messages import reply
from tickets.actions.status import change_status
from tickets.choices import EscalationAct, EventKind, NoticeKind, Priority, Status, TimerKind
from tickets.models import EscalationStep, Event, Notice, SlaPolicy, StepTaken, Ticket, Timer

MakeTicket = Callable[..., Ticket]


def sweep_at(at: datetime) -> int:
    with clock.frozen(at):
        return escalation.sweep()


def first_reply(ticket: Ticket) -> Timer:
    return Timer.objects.get(ticket=ticket, kind=TimerKind.FIRST_RESPONSE)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def acts(ticket: Ticket) -> list[str]:
    events = Event.objects.filter(ticket=ticket, kind=EventKind.ESCALATED).order_by("pk")
    return [event.data["act"] for event in events]


def told() -> list[str]:
    escalated = Notice.objects.filter(kind=NoticeKind.ESCALATION)
    return list(escalated.order_by("pk").values_list("person__email", flat=True))


@pytest.fixture
def opened(make_ticket: MakeTicket) -> Ticket:
    """First reply due on Monday at 11, a solution at 18."""
    with clock.frozen(shanghai(2, 10)):
        return make_ticket()


def test_nothing_is_due(opened: Ticket) -> None:
    assert sweep_at(shanghai(2, 10, 59)) == 0
    assert not fresh(opened).is_breached


def test_it_works(opened: Ticket, agent: User, lead: User) -> None:
    with clock.frozen(shanghai(2, 10)):
        take(opened, by=actors.staff(agent))
    assert sweep_at(shanghai(2, 11)) == 1
    ticket, timer = fresh(opened), first_reply(opened)
    assert timer.breached_at == shanghai(2, 11)
    assert timer.check_at == shanghai(2, 12), "the next step, an hour later"
    assert ticket.is_breached
    assert ticket.priority == Priority.HIGH
    assert acts(ticket) == [EscalationAct.TELL_ASSIGNEE, EscalationAct.RAISE_PRIORITY]
    assert told() == [agent.email]
    breached = Event.objects.get(ticket=ticket, kind=EventKind.BREACHED)
    assert breached.data == {
        "timer": "first_response",
        "timer_id": timer.pk,
        "policy": "Standard",
        "cause": "answered_late",
    }

    assert sweep_at(shanghai(2, 11, 30)) == 0
    assert sweep_at(shanghai(2, 12)) == 1
    assert told() == [agent.email, lead.email]
    assert first_reply(opened).check_at is None, "nothing is left to do for it"
    assert sweep_at(shanghai(2, 17)) == 0
    assert Event.objects.filter(kind=EventKind.BREACHED).count() == 1


def test_seen_late_all_steps_are_taken_once(opened: Ticket, agent: User, lead: User) -> None:
    with clock.frozen(shanghai(2, 10)):
        take(opened, by=actors.staff(agent))
    assert sweep_at(shanghai(2, 14)) == 1
    assert first_reply(opened).breached_at == shanghai(2, 11), "when it was due, not when it was seen"
    assert told() == [agent.email, lead.email]
    assert StepTaken.objects.count() == 3


def test_steps_count_working_time(make_ticket: MakeTicket, lead: User) -> None:
    with clock.frozen(shanghai(6, 16, 30)):
        ticket = make_ticket()
    sweep_at(shanghai(6, 17, 30))
    assert first_reply(ticket).check_at == shanghai(9, 9, 30), "half an hour on Friday, half on Monday"


def test_a_kept_promise_is_left_alone(opened: Ticket, agent: User) -> None:
    with clock.frozen(shanghai(2, 10, 30)):
        reply(opened, body="hello", by=actors.staff(agent))
    assert sweep_at(shanghai(2, 17)) == 0
    assert acts(opened) == []


def test_it_stops_when_the_promise_is_fulfilled_late(opened: Ticket, agent: User, lead: User) -> None:
    sweep_at(shanghai(2, 11))
    with clock.frozen(shanghai(2, 11, 30)):
        reply(opened, body="sorry", by=actors.staff(agent))
    assert sweep_at(shanghai(2, 17)) == 0
    assert told() == []
    assert first_reply(opened).breached_at == shanghai(2, 11)
    assert fresh(opened).is_breached


def test_a_pause_stops_the_steps_and_going_on_does_not_repeat_them(
    opened: Ticket, agent: User, lead: User
) -> None:
    sweep_at(shanghai(2, 11))
    with clock.frozen(shanghai(2, 11, 10)):
        change_status(opened, to=Status.PENDING, by=actors.staff(agent))
    assert sweep_at(shanghai(3, 11)) == 0
    with clock.frozen(shanghai(4, 10)):
        change_status(opened, to=Status.OPEN, by=actors.staff(agent))
    assert first_reply(opened).breached_at == shanghai(2, 11)
    assert sweep_at(shanghai(4, 10, 30)) == 0
    sweep_at(shanghai(4, 11))
    assert acts(opened).count(EscalationAct.RAISE_PRIORITY) == 1
    assert told() == [lead.email]


def test_nobody_to_tell_is_said(opened: Ticket) -> None:
    sweep_at(shanghai(2, 11))
    event = Event.objects.filter(ticket=opened, kind=EventKind.ESCALATED).earliest("pk")
    assert event.data["act"] == "tell_assignee"
    assert event.data["told"] == []


def test_the_priority_is_raised_as_far_as_it_goes(opened: Ticket) -> None:
    Ticket.objects.update(priority=Priority.URGENT)
    sweep_at(shanghai(2, 11))
    assert fresh(opened).priority == Priority.URGENT
    assert EscalationAct.RAISE_PRIORITY not in acts(opened)
    assert StepTaken.objects.filter(step__act=EscalationAct.RAISE_PRIORITY).count() == 1


class TestWhoIsTold:
    @pytest.fixture(autouse=True)
    def only_this_step(self, policy: SlaPolicy) -> None:
        EscalationStep.objects.all().delete()

    def step(self, act: EscalationAct) -> None:
        step_of(SlaPolicy.objects.get(), TimerKind.FIRST_RESPONSE, act=act)

    def test_the_lead_of_the_team(self, opened: Ticket, brand: Brand, other_team: Team, lead: User) -> None:
        person(Role.LEAD, "Elsewhere", brands=[brand], teams=[other_team])
        self.step(EscalationAct.TELL_LEAD)
        sweep_at(shanghai(2, 11))
        assert told() == [lead.email]

    def test_another_lead_rather_than_nobody(self, opened: Ticket, brand: Brand, other_team: Team) -> None:
        other = person(Role.LEAD, "Elsewhere", brands=[brand], teams=[other_team])
        self.step(EscalationAct.TELL_LEAD)
        sweep_at(shanghai(2, 11))
        assert told() == [other.email]

    def test_managers_of_the_brand(self, opened: Ticket, manager: User, other_brand: Brand) -> None:
        person(Role.MANAGER, "Foreign", brands=[other_brand])
        person(Role.MANAGER, "Gone", brands=[opened.brand], is_active=False)
        self.step(EscalationAct.TELL_MANAGER)
        sweep_at(shanghai(2, 11))
        assert told() == [manager.email]

    def test_an_assignee_who_left_is_not_written_to(self, opened: Ticket, agent: User) -> None:
        with clock.frozen(shanghai(2, 10)):
            take(opened, by=actors.staff(agent))
        User.objects.filter(pk=agent.pk).update(is_active=False)
        self.step(EscalationAct.TELL_ASSIGNEE)
        sweep_at(shanghai(2, 11))
        assert told() == []


def test_no_more_than_asked(make_ticket: MakeTicket) -> None:
    with clock.frozen(shanghai(2, 10)):
        for _number in range(3):
            make_ticket()
    with clock.frozen(shanghai(2, 11)):
        assert [escalation.sweep(limit=2), escalation.sweep(limit=2), escalation.sweep(limit=2)] == [2, 1, 0]


def test_one_that_goes_wrong_stops_no_other(
    make_ticket: MakeTicket, monkeypatch: pytest.MonkeyPatch, agent: User
) -> None:
    with clock.frozen(shanghai(2, 10)):
        broken, fine = make_ticket(), make_ticket()
    real = escalation._mark_broken

    def mark(timers: Sequence[Timer], now: datetime) -> None:
        if any(timer.ticket == broken for timer in timers):
            raise LookupError("no hours")
        real(timers, now)

    monkeypatch.setattr(escalation, "_mark_broken", mark)
    sweep_at(shanghai(2, 11))
    assert fresh(fine).is_breached
    assert not fresh(broken).is_breached
    assert sweep_at(shanghai(2, 11, 0, 30)) == 0, "it is not tried at every tick"
    monkeypatch.setattr(escalation, "_mark_broken", real)
    sweep_at(shanghai(2, 11, 30))
    assert first_reply(broken).breached_at == shanghai(2, 11)


def statements(at: datetime) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        sweep_at(at)
    return [query["sql"] for query in captured]


def test_a_step_gone_wrong_does_not_hide_the_breach(opened: Ticket, policy: SlaPolicy, lead: User) -> None:
    """One without its webhook, say, which no form lets pass."""
    step_of(policy, TimerKind.FIRST_RESPONSE, act=EscalationAct.CALL_WEBHOOK)
    with clock.frozen(shanghai(2, 12, 30)):
        escalation.sweep()
    assert Ticket.objects.get(pk=opened.pk).is_breached
    told = Event.objects.filter(ticket=opened, kind=EventKind.ESCALATED, data__timer=TimerKind.FIRST_RESPONSE)
    assert told.count() == 4, "the three others, and that this one could not be taken"
    assert told.get(data__act=EscalationAct.CALL_WEBHOOK).data["refused"]


def test_what_only_tells_takes_no_more_statements_for_more_clocks(
    make_ticket: MakeTicket, agent: User, lead: User
) -> None:
    EscalationStep.objects.filter(act=EscalationAct.RAISE_PRIORITY).delete()
    asked = []
    for day, count in ((2, 2), (3, 9)):
        with clock.frozen(shanghai(day, 10)):
            for _number in range(count):
                take(make_ticket(), by=actors.staff(agent))
        asked.append(len(statements(shanghai(day, 12))))
        Timer.objects.update(check_at=None)
    assert told() == [agent.email, lead.email] * 11
    assert asked[1] == asked[0]


def test_policies_are_read_once_for_a_batch_and_anew_for_the_next(
    make_ticket: MakeTicket, policy: SlaPolicy
) -> None:
    read = "FROM tickets_slapolicy p"
    for day, minutes in ((2, 30), (3, 20)):
        policy.targets.filter(priority=Priority.HIGH, kind=TimerKind.FIRST_RESPONSE).update(minutes=minutes)
        with clock.frozen(shanghai(day, 10)):
            cases = [make_ticket() for _number in range(3)]
        assert sum(read in sql for sql in statements(shanghai(day, 11))) == 1
        assert {first_reply(case).target_seconds for case in cases} == {minutes * 60}
        Timer.objects.update(check_at=None)


def test_each_step_finds_what_the_one_before_it_did(
    make_ticket: MakeTicket, policy: SlaPolicy, agent: User, second_agent: User
) -> None:
    EscalationStep.objects.all().delete()
    step_of(policy, TimerKind.FIRST_RESPONSE, act=EscalationAct.TELL_ASSIGNEE)
    step_of(policy, TimerKind.FIRST_RESPONSE, act=EscalationAct.ASSIGN, person=second_agent)
    step_of(policy, TimerKind.FIRST_RESPONSE, act=EscalationAct.TELL_ASSIGNEE)
    with clock.frozen(shanghai(2, 10)):
        cases = [take(make_ticket(), by=actors.staff(agent)) for _number in range(2)]
    assert sweep_at(shanghai(2, 11)) == 2
    for case in cases:
        assert fresh(case).assignee == second_agent
        heard = (
            Notice.objects.filter(ticket=case, kind=NoticeKind.ESCALATION)
            .order_by("pk")
            .values_list("person__email", flat=True)
        )
        assert list(heard) == [agent.email, second_agent.email]
        assert acts(case) == ["tell_assignee", "assign", "tell_assignee"]


@pytest.mark.django_db(transaction=True)
def test_several_sweeps_at_once_take_each_step_once(make_ticket: MakeTicket, agent: User, lead: User) -> None:
    with clock.frozen(shanghai(2, 10)):
        tickets = [make_ticket() for _number in range(8)]
        for ticket in tickets:
            take(ticket, by=actors.staff(agent))
    all_at_once([lambda: sweep_at(shanghai(2, 12))] * 4)
    sweep_at(shanghai(2, 12) + timedelta(minutes=1))
    assert Event.objects.filter(kind=EventKind.BREACHED).count() == 8
    assert StepTaken.objects.count() == 24
    assert sorted(told()) == sorted([agent.email, lead.email] * 8)
    assert {fresh(ticket).priority for ticket in tickets} == {Priority.HIGH}


@pytest.mark.django_db(transaction=True)
def test_a_sweep_does_not_wait_for_an_agent_at_work(opened: Ticket, agent: User) -> None:
    from django.db import transaction

    from tickets.actions.rows import lock

    with transaction.atomic():
        lock(opened)
        all_at_once([lambda: sweep_at(shanghai(2, 11))])
    assert not fresh(opened).is_breached
    sweep_at(shanghai(2, 11))
    assert fresh(opened).is_breached


def test_a_case_from_elsewhere_is_marked_and_calls_nobody_for_what_is_long_past(
    make_ticket: MakeTicket, agent: User, lead: User
) -> None:
    """Reading in a desk's old open cases is no storm of escalations; what comes after is escalated."""
    with clock.frozen(shanghai(9, 17, 30)):
        old = make_ticket(opened_at=shanghai(2, 10), channel="import")
        late = make_ticket(opened_at=shanghai(9, 16, 45), channel="import")
    sweep_at(shanghai(9, 17, 31))
    assert fresh(old).is_breached
    assert acts(old) == []
    assert fresh(old).priority == Priority.NORMAL
    sweep_at(shanghai(9, 17, 45))
    assert acts(late) == [EscalationAct.TELL_ASSIGNEE, EscalationAct.RAISE_PRIORITY]

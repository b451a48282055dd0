"""The present policies applied to open cases: what moves, what is left alone, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Brand, Customer, User
from helpdesk.lib import clock
from helpdesk.lib.errors import NotAllowed
from tests.cast import step_of
from tests.crowd import all_at_once
from tests.times import shanghai
from tickets import actors
from tickets.actions import messages, recalculation
from tickets.actions.escalation import sweep
from tickets.actions.policies import new_version
from tickets.actions.recalculation import UnderWay, request
from tickets.actions.status import change_status
from tickets.actions.tickets import set_priority
from tickets.choices import (
    ClockReason,
    Counting,
    EscalationAct,
    EventKind,
    Priority,
    RunState,
    Status,
    TimerKind,
    TimerState,
)
from tickets.models import Calendar, Event, Recalculation, SlaPolicy, SlaTarget, StepTaken, Ticket, Timer

MORNING = shanghai(2, 9)  # a Monday, the doors open
Make = Callable[..., Ticket]


@pytest.fixture
def opened(make_ticket: Make) -> Ticket:
    """On Monday at nine: a first reply by ten, the solution by five in the afternoon."""
    with clock.frozen(MORNING):
        return make_ticket()


def halve(policy: SlaPolicy) -> None:
    """Half an hour for the reply, four hours for the solution."""
    for kind, minutes in ((TimerKind.FIRST_RESPONSE, 30), (TimerKind.RESOLUTION, 240)):
        SlaTarget.objects.filter(policy=policy, kind=kind).update(minutes=minutes)


def recalculate(manager: User, policy: SlaPolicy | None = None) -> Recalculation:
    run = request(policy=policy, by=actors.staff(manager))
    while recalculation.work():
        pass
    run.refresh_from_db()
    return run


def due(ticket: Ticket, kind: TimerKind = TimerKind.RESOLUTION) -> datetime | None:
    return Timer.objects.get(ticket=ticket, kind=kind).due_at


def changed(ticket: Ticket) -> list[Event]:
    return list(Event.objects.filter(ticket=ticket, kind=EventKind.TIMER_CHANGED).order_by("pk"))


def test_policy_edited_under_open_tickets_moves_nothing(
    opened: Ticket, policy: SlaPolicy, make_ticket: Make
) -> None:
    halve(policy)
    with clock.frozen(MORNING + timedelta(minutes=10)):
        later = make_ticket()
    assert (due(opened, TimerKind.FIRST_RESPONSE), due(opened)) == (shanghai(2, 10), shanghai(2, 17))
    assert due(later) == shanghai(2, 13, 10)
    assert not changed(opened)


def test_recalculation_moves_and_logs(opened: Ticket, policy: SlaPolicy, manager: User) -> None:
    halve(policy)
    with clock.frozen(MORNING + timedelta(minutes=10)):
        run = recalculate(manager)
    assert (run.state, run.seen, run.moved, run.requested_by) == (RunState.DONE, 1, 1, manager)
    assert run.finished_at == MORNING + timedelta(minutes=10)
    # What ran counts: of the half hour ten minutes are gone.
    assert (due(opened, TimerKind.FIRST_RESPONSE), due(opened)) == (shanghai(2, 9, 30), shanghai(2, 13))
    opened.refresh_from_db()
    assert opened.due_at == shanghai(2, 9, 30)
    assert opened.terms_at == MORNING + timedelta(minutes=10)
    for event in changed(opened):
        assert (event.actor_name, event.data["why"]) == ("Max", ClockReason.RECALCULATED)
        assert event.data["used_seconds"] == 600
    assert len(changed(opened)) == 2


def test_a_new_version_comes_to_open_cases_by_recalculation_only(
    opened: Ticket, policy: SlaPolicy, manager: User
) -> None:
    made = new_version(policy, valid_from=MORNING + timedelta(minutes=5), by=actors.staff(manager))
    halve(made)
    with clock.frozen(MORNING + timedelta(minutes=10)):
        set_priority(opened, priority=Priority.HIGH, by=actors.staff(manager))
    assert set(Timer.objects.values_list("policy", flat=True)) == {policy.pk}
    with clock.frozen(MORNING + timedelta(minutes=20)):
        recalculate(manager)
    assert set(Timer.objects.values_list("policy", flat=True)) == {made.pk}
    assert due(opened) == shanghai(2, 13)


def test_from_then_on_the_present_policies_hold_for_what_did_not_move_too(
    opened: Ticket, policy: SlaPolicy, manager: User
) -> None:
    made = new_version(policy, valid_from=MORNING + timedelta(minutes=5), by=actors.staff(manager))
    with clock.frozen(MORNING + timedelta(minutes=10)):
        run = recalculate(manager)
    assert (run.seen, run.moved) == (1, 0)  # another policy, the same due times
    halve(made)
    version = Ticket.objects.get().version
    with clock.frozen(MORNING + timedelta(minutes=20)):
        set_priority(opened, priority=Priority.HIGH, by=actors.staff(manager))
    assert due(opened) == shanghai(2, 13)
    assert Ticket.objects.get().version > version


def test_what_does_not_change_is_not_written(opened: Ticket, policy: SlaPolicy, manager: User) -> None:
    before = (Ticket.objects.get().version, Event.objects.count())
    with clock.frozen(MORNING + timedelta(minutes=10)):
        run = recalculate(manager)
    assert (run.seen, run.moved) == (1, 0)
    assert (Ticket.objects.get().version, Event.objects.count()) == before
    assert Ticket.objects.get().terms_at == MORNING + timedelta(minutes=10)


def test_other_hours(opened: Ticket, brand: Brand, manager: User) -> None:
    """Edited calendars come to running clocks the same way."""
    calendar = Calendar.objects.get(brand=brand)
    calendar.hours.filter(weekday=0).update(closes="12:00")
    calendar.save()
    with clock.frozen(MORNING + timedelta(hours=1)):
        run = recalculate(manager)
    assert run.moved == 1
    assert due(opened) == shanghai(3, 14)  # three hours on Monday, five on Tuesday


def test_a_promise_already_kept_stays(opened: Ticket, policy: SlaPolicy, agent: User, manager: User) -> None:
    with clock.frozen(MORNING + timedelta(minutes=40)):
        messages.reply(opened, body="我们正在查。", by=actors.staff(agent))
    kept = Timer.objects.get(kind=TimerKind.FIRST_RESPONSE)
    halve(policy)  # forty minutes would have been too late
    with clock.frozen(MORNING + timedelta(minutes=50)):
        recalculate(manager)
    now = Timer.objects.get(kind=TimerKind.FIRST_RESPONSE)
    assert (now.state, now.target_seconds, now.breached_at) == (TimerState.DONE, 3600, None)
    assert (now.used_seconds, now.done_at) == (kept.used_seconds, kept.done_at)


@pytest.mark.parametrize("way", [(Status.SOLVED,), (Status.SOLVED, Status.CLOSED)])
def test_closed_tickets_are_untouched(
    opened: Ticket, policy: SlaPolicy, agent: User, manager: User, way: tuple[Status, ...]
) -> None:
    with clock.frozen(MORNING + timedelta(minutes=5)):
        for status in way:
            change_status(opened, to=status, by=actors.staff(agent))
    before = (Ticket.objects.get().version, list(Timer.objects.order_by("pk").values()))
    halve(policy)
    with clock.frozen(MORNING + timedelta(minutes=10)):
        run = recalculate(manager)
    assert (run.seen, run.moved) == (0, 0)
    assert (Ticket.objects.get().version, list(Timer.objects.order_by("pk").values())) == before
    assert Ticket.objects.get().terms_at is None


def test_of_one_policy_only_its_cases(
    policy: SlaPolicy, make_ticket: Make, other_brand: Brand, manager: User
) -> None:
    theirs = SlaPolicy.objects.create(name="Theirs", position=1)
    theirs.brands.set([other_brand])
    SlaTarget.objects.create(policy=theirs, kind=TimerKind.RESOLUTION, minutes=480)
    with clock.frozen(MORNING):
        ours, other = make_ticket(), make_ticket(brand=other_brand)
    halve(policy)
    halve(theirs)
    with clock.frozen(MORNING + timedelta(minutes=10)):
        run = recalculate(manager, theirs)
    assert (run.policy, run.seen, run.moved) == (theirs, 2, 1)
    assert (due(ours), due(other)) == (shanghai(2, 17), shanghai(2, 13))
    assert Ticket.objects.get(pk=ours.pk).terms_at is None


def test_a_case_that_only_now_belongs_to_the_policy(
    opened: Ticket, policy: SlaPolicy, brand: Brand, manager: User
) -> None:
    fresh = SlaPolicy.objects.create(name="Fresh", position=1)
    SlaTarget.objects.create(policy=fresh, kind=TimerKind.RESOLUTION, minutes=60, counting=Counting.ELAPSED)
    with clock.frozen(MORNING + timedelta(minutes=10)):
        recalculate(manager, fresh)
    solution = Timer.objects.get(kind=TimerKind.RESOLUTION)
    assert (solution.policy, solution.due_at) == (fresh, shanghai(2, 10))
    assert Timer.objects.get(kind=TimerKind.FIRST_RESPONSE).state == TimerState.CANCELLED


def test_a_case_without_clocks_gets_them(make_ticket: Make, policy: SlaPolicy, manager: User) -> None:
    policy.is_active = False
    policy.save()
    with clock.frozen(MORNING):
        bare = make_ticket()
    assert not bare.timers.exists()
    policy.is_active = True
    policy.save()
    with clock.frozen(MORNING + timedelta(minutes=10)):
        run = recalculate(manager)
    assert run.moved == 1
    assert due(bare) == shanghai(2, 17)  # as promised from the opening


def test_steps_added_since_come_and_those_taken_do_not_come_again(
    opened: Ticket, policy: SlaPolicy, manager: User
) -> None:
    step_of(policy, TimerKind.RESOLUTION, at_percent=10, act=EscalationAct.ADD_NOTE, text="Look here.")
    with clock.frozen(MORNING + timedelta(minutes=50)):
        sweep()
        assert not StepTaken.objects.exists(), "the clock does not know of it"
        recalculate(manager)
        sweep()
        assert StepTaken.objects.count() == 1
        SlaTarget.objects.filter(policy=policy, kind=TimerKind.RESOLUTION).update(minutes=240)
        recalculate(manager)
        sweep()
    notes = Event.objects.filter(ticket=opened, kind=EventKind.ESCALATED, data__act=EscalationAct.ADD_NOTE)
    assert notes.count() == 1


def test_what_was_done_under_the_old_version_is_not_done_again_under_the_new(
    opened: Ticket, policy: SlaPolicy, manager: User, lead: User
) -> None:
    """The steps of a version are copies: for a clock that goes over to it, those it took are taken."""
    with clock.frozen(MORNING + timedelta(hours=10, days=1)):
        while sweep():
            pass
    steps = Event.objects.filter(ticket=opened, kind=EventKind.ESCALATED).count()
    assert steps == 6, "three for each clock"
    with clock.frozen(MORNING + timedelta(days=2)):
        new_version(policy, valid_from=MORNING + timedelta(days=1), by=actors.staff(manager))
        recalculate(manager)
    assert Timer.objects.filter(ticket=opened, policy__replaces=policy).count() == 2
    with clock.frozen(MORNING + timedelta(days=3)):
        while sweep():
            pass
    assert Event.objects.filter(ticket=opened, kind=EventKind.ESCALATED).count() == steps
    assert Ticket.objects.get(pk=opened.pk).priority == Priority.URGENT, "raised once by each clock"


def test_a_case_without_a_calendar_keeps_no_other_waiting(
    policy: SlaPolicy, make_ticket: Make, other_brand: Brand, manager: User
) -> None:
    with clock.frozen(MORNING):
        bare, good = make_ticket(brand=other_brand), make_ticket()
    Calendar.objects.filter(brand=other_brand).update(brand=None)  # nobody's now
    halve(policy)
    with clock.frozen(MORNING + timedelta(minutes=10)):
        run = recalculate(manager)
    assert (run.state, run.seen, run.moved) == (RunState.DONE, 2, 1)
    assert (due(bare), due(good)) == (shanghai(2, 17), shanghai(2, 13))


class TestBatches:
    def test_it_goes_on_where_it_stood(self, make_ticket: Make, policy: SlaPolicy, manager: User) -> None:
        """Each batch is committed with its progress; one that is cut short leaves nothing behind."""
        with clock.frozen(MORNING):
            tickets = [make_ticket() for _number in range(5)]
        halve(policy)
        with clock.frozen(MORNING + timedelta(minutes=10)), mock.patch.object(recalculation, "BATCH", 2):
            run = request(policy=None, by=actors.staff(manager))
            assert recalculation.work()
            cut = mock.patch.object(Recalculation, "save", side_effect=KeyboardInterrupt)
            with cut, pytest.raises(KeyboardInterrupt), transaction.atomic():
                recalculation.work()
            run.refresh_from_db()
            assert (run.state, run.seen, run.moved, run.last_ticket) == (
                *(RunState.RUNNING, 2, 2),
                tickets[1].pk,
            )
            assert [len(changed(ticket)) for ticket in tickets] == [2, 2, 0, 0, 0]
            while recalculation.work():
                pass
        run.refresh_from_db()
        assert (run.state, run.seen, run.moved) == (RunState.DONE, 5, 5)
        assert [len(changed(ticket)) for ticket in tickets] == [2, 2, 2, 2, 2]

    def test_nothing_to_do(self, db: None) -> None:
        assert not recalculation.work()

    def test_queries_do_not_grow_with_cases_that_stay(
        self, make_ticket: Make, manager: User, django_assert_max_num_queries: object
    ) -> None:
        counts = []
        for number in (2, 12):
            with clock.frozen(MORNING):
                for _each in range(number):
                    make_ticket()
            with clock.frozen(MORNING + timedelta(minutes=1)):
                request(policy=None, by=actors.staff(manager))
                with django_assert_max_num_queries(16) as counted:  # type: ignore[operator]
                    recalculation.work()
                counts.append(len(counted))
                while recalculation.work():
                    pass
        assert counts[0] == counts[1]


class TestOneAtATime:
    def test_a_second_one_waits(self, policy: SlaPolicy, manager: User, opened: Ticket) -> None:
        first = request(policy=None, by=actors.staff(manager))
        for state in (RunState.QUEUED, RunState.RUNNING):
            Recalculation.objects.update(state=state)
            with pytest.raises(UnderWay):
                request(policy=policy, by=actors.staff(manager))
        Recalculation.objects.update(state=RunState.DONE)
        assert request(policy=None, by=actors.staff(manager)).pk > first.pk

    @pytest.mark.django_db(transaction=True)
    def test_two_requests_at_once(self, manager: User, policy: SlaPolicy) -> None:
        def ask() -> str:
            try:
                request(policy=None, by=actors.staff(manager))
            except UnderWay:
                return "refused"
            return "made"

        assert sorted(all_at_once([ask] * 4)) == ["made", "refused", "refused", "refused"]
        assert Recalculation.objects.count() == 1

    def test_the_database_says_so(self, manager: User) -> None:
        Recalculation.objects.create(requested_by=manager)
        with pytest.raises(IntegrityError), transaction.atomic():
            Recalculation.objects.create(requested_by=manager)


def test_nobody_else(agent: User, lead: User, officer: User, member: Customer) -> None:
    people = [actors.staff(user) for user in (agent, lead, officer)] + [actors.customer(member)]
    for by in people:
        with pytest.raises(NotAllowed):
            request(policy=None, by=by)
    assert not Recalculation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_agents_reply_meanwhile_is_waited_for(
    opened: Ticket, policy: SlaPolicy, agent: User, manager: User
) -> None:
    """The reply holds the row; the recalculation finds the promise kept, and leaves it so."""
    import threading

    halve(policy)
    request(policy=None, by=actors.staff(manager))
    at = MORNING + timedelta(minutes=40)

    def recalculating() -> None:
        with clock.frozen(at):
            recalculation.work()
        connection.close()

    with clock.frozen(at), transaction.atomic():
        messages.reply(opened, body="我们正在查。", by=actors.staff(agent))
        thread = threading.Thread(target=recalculating)
        thread.start()
        _wait_for_a_waiter()
    thread.join(30)
    assert not thread.is_alive()
    reply = Timer.objects.get(kind=TimerKind.FIRST_RESPONSE)
    assert (reply.state, reply.target_seconds, reply.breached_at) == (TimerState.DONE, 3600, None)
    assert due(opened) == shanghai(2, 13)


def _wait_for_a_waiter() -> None:
    from tests.worker import wait_until_somebody_waits

    wait_until_somebody_waits()

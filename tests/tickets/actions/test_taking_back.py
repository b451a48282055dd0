"""Taking a reply back before it leaves: nobody gets it, and the case is as if it had never been written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Customer, User
from helpdesk.lib import clock
from helpdesk.lib.errors import DomainError, NotAllowed
from tests.crowd import all_at_once
from tests.smtp import MailServer
from tests.times import shanghai
from tickets import actors
from tickets.actions import escalation, outbox
from tickets.actions.assignment import assign
from tickets.actions.correspondence import put_in_copy
from tickets.actions.merging import merge
from tickets.actions.messages import customer_reply, judge, note, reply
from tickets.actions.status import MergedAway, change_status
from tickets.actions.taking_back import TooLate, take_back
from tickets.actions.tickets import set_priority
from tickets.choices import EventKind, MailState, Nature, Priority, Status, TimerKind, TimerState
from tickets.delivery.sender import deliver
from tickets.models import Event, Message, OutboxMail, SlaPolicy, SlaTarget, Ticket, Timer
from tickets.queries.clocks import explained, of_ticket

MakeTicket = Callable[..., Ticket]
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def ten_seconds(settings: Any) -> None:
    settings.MAIL_UNDO_SECONDS = 10


@pytest.fixture
def opened(make_ticket: MakeTicket, policy: SlaPolicy) -> Ticket:
    """Opened on Monday at 10: first reply due at 11, solution at 18; a next reply within the hour."""
    SlaTarget.objects.create(policy=policy, kind=TimerKind.NEXT_RESPONSE, minutes=60)
    SlaTarget.objects.create(policy=policy, kind=TimerKind.PERIODIC_UPDATE, minutes=120)
    with clock.frozen(shanghai(2, 10)):
        return make_ticket()


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def clocks(ticket: Ticket) -> dict[str, tuple[str, datetime | None]]:
    """What is owed, by kind; what was withdrawn is left out."""
    rows = Timer.objects.filter(ticket=ticket).exclude(state=TimerState.CANCELLED).order_by("pk")
    return {row.kind: (row.state, row.due_at) for row in rows}


def story(ticket: Ticket, agent: User, at: datetime, **how: Any) -> Message:
    """A reply at that moment, taken back eight seconds later."""
    with clock.frozen(at):
        message = reply(ticket, body="您好", by=actors.staff(agent), **how)
    with clock.frozen(at + timedelta(seconds=8)):
        return take_back(message, by=actors.staff(agent))


class TestFirstReply:
    def test_it_works(self, opened: Ticket, agent: User) -> None:
        before = clocks(opened)
        message = story(opened, agent, shanghai(2, 10, 30))
        assert message.taken_back_at == shanghai(2, 10, 30, 8)
        ticket = fresh(opened)
        assert (ticket.status, ticket.assignee) == (Status.NEW, None)
        assert (ticket.first_response_at, ticket.last_staff_message_at) == (None, None)
        assert clocks(ticket) == before, "owed as before, since it was asked: the seconds between count"
        assert ticket.due_at == shanghai(2, 11)
        assert not OutboxMail.objects.filter(message=message).exists()
        kinds = list(Event.objects.filter(ticket=ticket).order_by("pk").values_list("kind", flat=True))
        assert kinds[kinds.index(EventKind.REPLY_TAKEN_BACK) :] == [
            EventKind.REPLY_TAKEN_BACK,
            EventKind.ASSIGNED,
            EventKind.STATUS_CHANGED,
            EventKind.TIMER_CANCELLED,
            EventKind.TIMER_RESUMED,
        ]

    def test_each_due_time_is_told_still(self, opened: Ticket, agent: User) -> None:
        story(opened, agent, shanghai(2, 10, 30))
        with clock.frozen(shanghai(2, 10, 45)):
            ticket = fresh(opened)
            for told in explained(ticket, of_ticket(ticket)):
                assert told.explanation.agrees, told.sentences

    def test_the_promise_can_be_broken_still(self, opened: Ticket, agent: User) -> None:
        story(opened, agent, shanghai(2, 10, 59, 55))
        with clock.frozen(shanghai(2, 11, 1)):
            escalation.sweep()
        first = Timer.objects.get(ticket=opened, kind=TimerKind.FIRST_RESPONSE)
        assert first.breached_at == shanghai(2, 11)

    def test_the_next_reply_is_the_first(self, opened: Ticket, agent: User) -> None:
        story(opened, agent, shanghai(2, 10, 30))
        with clock.frozen(shanghai(2, 10, 40)):
            reply(opened, body="better", by=actors.staff(agent))
        first = Timer.objects.get(ticket=opened, kind=TimerKind.FIRST_RESPONSE)
        assert (first.state, first.used_seconds) == (TimerState.DONE, 2400)
        assert fresh(opened).first_response_at == shanghai(2, 10, 40)


class TestLaterReply:
    @pytest.fixture
    def asked(self, opened: Ticket, agent: User) -> Ticket:
        """Answered at 10:10 for good; asked again at 10:20, so that the next reply is due at 11:20."""
        with clock.frozen(shanghai(2, 10, 10)):
            reply(opened, body="one", by=actors.staff(agent))
        with clock.frozen(shanghai(2, 10, 20)):
            customer_reply(opened, body="And now?", by=actors.customer(opened.customer))
        return opened

    def test_it_works(self, asked: Ticket, agent: User) -> None:
        before = clocks(asked)
        assert before[TimerKind.NEXT_RESPONSE] == (TimerState.RUNNING, shanghai(2, 11, 20))
        story(asked, agent, shanghai(2, 10, 40))
        assert clocks(asked) == before
        ticket = fresh(asked)
        assert ticket.first_response_at == ticket.last_staff_message_at == shanghai(2, 10, 10)
        assert ticket.assignee == agent, "the earlier answer took it"

    def test_what_was_kept_by_it_is_no_promise_kept(self, asked: Ticket, agent: User) -> None:
        story(asked, agent, shanghai(2, 10, 40))
        done = Timer.objects.filter(ticket=asked, state=TimerState.DONE)
        assert set(done.values_list("kind", flat=True)) == {TimerKind.FIRST_RESPONSE}

    def test_asked_again_meanwhile(self, asked: Ticket, agent: User) -> None:
        with clock.frozen(shanghai(2, 10, 40)):
            message = reply(asked, body="x", by=actors.staff(agent))
        with clock.frozen(shanghai(2, 10, 40, 4)):
            customer_reply(asked, body="Hello?", by=actors.customer(asked.customer))
        with clock.frozen(shanghai(2, 10, 40, 8)):
            take_back(message, by=actors.staff(agent))
        assert clocks(asked)[TimerKind.NEXT_RESPONSE] == (TimerState.RUNNING, shanghai(2, 11, 20))

    def test_another_answer_stands(self, asked: Ticket, agent: User, second_agent: User) -> None:
        with clock.frozen(shanghai(2, 10, 40)):
            message = reply(asked, body="x", by=actors.staff(agent))
        with clock.frozen(shanghai(2, 10, 40, 4)):
            reply(asked, body="y", by=actors.staff(second_agent))
        with clock.frozen(shanghai(2, 10, 40, 8)):
            take_back(message, by=actors.staff(agent))
        assert clocks(asked)[TimerKind.NEXT_RESPONSE][0] == TimerState.DONE
        assert fresh(asked).last_staff_message_at == shanghai(2, 10, 40, 4)

    def test_both_taken_back(self, asked: Ticket, agent: User) -> None:
        before = clocks(asked)
        written = []
        for second in (0, 3):
            with clock.frozen(shanghai(2, 10, 40, second)):
                written.append(reply(asked, body="x", by=actors.staff(agent)))
        with clock.frozen(shanghai(2, 10, 40, 6)):
            for message in written:
                take_back(message, by=actors.staff(agent))
        assert clocks(asked) == before

    def test_it_was_thanks_after_all(self, asked: Ticket, agent: User) -> None:
        by = actors.staff(agent)
        with clock.frozen(shanghai(2, 10, 40)):
            message = reply(asked, body="x", by=by)
        said = Message.objects.filter(ticket=asked, author_kind="customer").latest("pk")
        with clock.frozen(shanghai(2, 10, 40, 4)):
            judge(said, nature=Nature.THANKS, by=by)
        with clock.frozen(shanghai(2, 10, 40, 8)):
            take_back(message, by=by)
        assert TimerKind.NEXT_RESPONSE not in clocks(asked)


class TestStatus:
    def test_waiting(self, opened: Ticket, agent: User) -> None:
        before = clocks(opened)
        story(opened, agent, shanghai(2, 10, 30), then=Status.PENDING)
        assert fresh(opened).status == Status.NEW
        assert clocks(opened) == before, "it stood still for eight seconds, and they count"

    def test_solved(self, opened: Ticket, agent: User) -> None:
        before = clocks(opened)
        message = story(opened, agent, shanghai(2, 10, 30), then=Status.SOLVED)
        ticket = fresh(opened)
        assert (ticket.status, ticket.solved_at) == (Status.NEW, None)
        assert clocks(opened) == before
        assert not OutboxMail.objects.exclude(purpose="receipt").exists(), "no mail says that it is solved"
        assert message.taken_back_at is not None

    def test_opened_again(self, opened: Ticket, agent: User) -> None:
        with clock.frozen(shanghai(2, 10, 30)):
            reply(opened, body="done", by=actors.staff(agent), then=Status.SOLVED)
        sent = OutboxMail.objects.count()
        story(opened, agent, shanghai(2, 12), then=Status.OPEN)
        ticket = fresh(opened)
        assert (ticket.status, ticket.reopen_count) == (Status.SOLVED, 0)
        assert ticket.solved_at == shanghai(2, 10, 30)
        assert all(state == TimerState.DONE for state, _due in clocks(opened).values())
        assert OutboxMail.objects.count() == sent, "the customer is not told again"

    def test_somebody_set_another_since(self, opened: Ticket, agent: User) -> None:
        by = actors.staff(agent)
        with clock.frozen(shanghai(2, 10, 30)):
            message = reply(opened, body="?", by=by, then=Status.PENDING)
        with clock.frozen(shanghai(2, 10, 30, 3)):
            change_status(opened, to=Status.ON_HOLD, by=by)
        with clock.frozen(shanghai(2, 10, 30, 8)):
            take_back(message, by=by)
        assert fresh(opened).status == Status.ON_HOLD
        assert clocks(opened)[TimerKind.FIRST_RESPONSE][0] == TimerState.RUNNING

    def test_the_priority_changed_meanwhile(self, opened: Ticket, agent: User) -> None:
        by = actors.staff(agent)
        with clock.frozen(shanghai(2, 10, 20)):
            message = reply(opened, body="?", by=by)
        with clock.frozen(shanghai(2, 10, 20, 3)):
            set_priority(opened, priority=Priority.URGENT, by=by)
        with clock.frozen(shanghai(2, 10, 20, 8)):
            take_back(message, by=by)
        assert clocks(opened)[TimerKind.FIRST_RESPONSE] == (TimerState.RUNNING, shanghai(2, 10, 30))


class TestWho:
    def test_somebody_else_has_it_now(self, opened: Ticket, agent: User, lead: User) -> None:
        with clock.frozen(shanghai(2, 10, 30)):
            message = reply(opened, body="x", by=actors.staff(agent))
            assign(opened, to=lead, by=actors.staff(lead))
            take_back(message, by=actors.staff(agent))
        assert fresh(opened).assignee == lead

    def test_a_colleague_may(self, opened: Ticket, agent: User, second_agent: User) -> None:
        message = reply(opened, body="x", by=actors.staff(agent))
        assert take_back(message, by=actors.staff(second_agent)).taken_back_at is not None
        assert fresh(opened).assignee is None

    def test_others_may_not(self, opened: Ticket, agent: User, officer: User, customer: Customer) -> None:
        message = reply(opened, body="x", by=actors.staff(agent))
        for by in (actors.staff(officer), actors.customer(customer)):
            with pytest.raises(NotAllowed):
                take_back(message, by=by)


class TestTooLate:
    def test_its_time_is_over(self, opened: Ticket, agent: User) -> None:
        with clock.frozen(shanghai(2, 10, 30)):
            message = reply(opened, body="x", by=actors.staff(agent))
        with clock.frozen(shanghai(2, 10, 30, 10)), pytest.raises(TooLate):
            take_back(message, by=actors.staff(agent))
        assert fresh(opened).first_response_at == shanghai(2, 10, 30)

    @pytest.mark.parametrize("written", ["note", "customer"])
    def test_only_replies_wait(self, opened: Ticket, agent: User, written: str) -> None:
        by = actors.staff(agent)
        message = (
            note(opened, body="x", by=by)
            if written == "note"
            else customer_reply(opened, body="x", by=actors.customer(opened.customer))
        )
        assert message.held_until is None
        with pytest.raises(TooLate):
            take_back(message, by=by)

    def test_no_time_at_all(self, opened: Ticket, agent: User, settings: Any) -> None:
        settings.MAIL_UNDO_SECONDS = 0
        message = reply(opened, body="x", by=actors.staff(agent))
        assert message.held_until is None
        with pytest.raises(TooLate):
            take_back(message, by=actors.staff(agent))

    def test_the_case_goes_on_elsewhere(self, opened: Ticket, make_ticket: MakeTicket, agent: User) -> None:
        message = reply(opened, body="x", by=actors.staff(agent))
        merge(opened, into=make_ticket(), by=actors.staff(agent))
        with pytest.raises(MergedAway):
            take_back(message, by=actors.staff(agent))

    def test_twice_is_once(self, opened: Ticket, agent: User) -> None:
        message = story(opened, agent, shanghai(2, 10, 30))
        again = take_back(message, by=actors.staff(agent))
        assert again.taken_back_at == message.taken_back_at
        assert Event.objects.filter(kind=EventKind.REPLY_TAKEN_BACK).count() == 1


class TestMail:
    def test_it_waits_and_then_leaves(self, opened: Ticket, agent: User, smtp: MailServer) -> None:
        now = clock.now()
        deliver()
        with clock.frozen(now):
            reply(opened, body="x", by=actors.staff(agent))
        with clock.frozen(now + timedelta(seconds=9)):
            assert deliver() == 0
        with clock.frozen(now + timedelta(seconds=10)):
            assert deliver() == 1

    def test_copies_are_kept_back_too(self, opened: Ticket, agent: User, smtp: MailServer) -> None:
        deliver()
        put_in_copy(opened, email="zhao@example.com", by=actors.staff(agent))
        message = reply(opened, body="x", by=actors.staff(agent))
        assert OutboxMail.objects.filter(message=message).count() == 2
        take_back(message, by=actors.staff(agent))
        with clock.frozen(clock.now() + timedelta(hours=1)):
            assert deliver() == 0

    def test_what_was_taken_back_is_no_question(self, opened: Ticket, agent: User) -> None:
        reply(opened, body="We have sent it.", by=actors.staff(agent))
        asked = reply(opened, body="Did it arrive?", by=actors.staff(agent))
        take_back(asked, by=actors.staff(agent))
        said = customer_reply(opened, body="OK", by=actors.customer(opened.customer))
        assert said.nature == Nature.THANKS, "“OK” answers nothing that was asked"

    def test_it_is_no_newer_message(self, opened: Ticket, agent: User) -> None:
        seen = Message.objects.latest("pk").pk
        take_back(reply(opened, body="x", by=actors.staff(agent)), by=actors.staff(agent))
        assert reply(opened, body="y", by=actors.staff(agent), seen=seen).pk > seen


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(5))
def test_against_a_sender_exactly_one_wins(
    make_ticket: MakeTicket, agent: User, monkeypatch: pytest.MonkeyPatch, turn: int
) -> None:
    """The sender's clock is ahead, so that both come to the mail in the same moment."""
    ticket = make_ticket()
    OutboxMail.objects.all().delete()
    message = reply(ticket, body="x", by=actors.staff(agent))

    def send() -> list[OutboxMail]:
        with clock.frozen(clock.now() + timedelta(seconds=11)):
            return outbox.claim()

    def take() -> Message | DomainError:
        try:
            return take_back(message, by=actors.staff(agent))
        except TooLate as problem:
            return problem

    acts: list[Callable[[], Any]] = [send, take] if turn % 2 else [take, send]
    results = all_at_once(acts)
    claimed, taken = results if turn % 2 else results[::-1]
    assert isinstance(taken, TooLate) == bool(claimed), results
    states = list(OutboxMail.objects.values_list("state", flat=True))
    assert states == ([MailState.SENDING] if claimed else [])
    assert (Message.objects.get(pk=message.pk).taken_back_at is None) == bool(claimed)

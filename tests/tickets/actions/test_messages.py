"""Saying something: replies, notes, what customers write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import User
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid, NotAllowed
from tests.crowd import all_at_once
from tests.times import shanghai
from tickets import actors
from tickets.actions.messages import NewerMessages, customer_reply, follow_up, note, reply
from tickets.actions.status import change_status, close_solved
from tickets.choices import EventKind, MailPurpose, Status, TimerKind, TimerState, Visibility
from tickets.models import Event, Message, OutboxMail, Ticket, Timer
from tickets.rules.lifecycle import IllegalTransition

MakeTicket = Callable[..., Ticket]


def timer(ticket: Ticket, kind: TimerKind) -> Timer:
    return Timer.objects.get(ticket=ticket, kind=kind)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def purposes(ticket: Ticket) -> list[str]:
    return list(OutboxMail.objects.filter(ticket=ticket).order_by("pk").values_list("purpose", flat=True))


@pytest.fixture
def opened(make_ticket: MakeTicket) -> Ticket:
    """Opened on Monday at 10: first reply due at 11, solution at 18."""
    with clock.frozen(shanghai(2, 10)):
        return make_ticket()


class TestReply:
    def test_it_works(self, opened: Ticket, agent: User) -> None:
        with clock.frozen(shanghai(2, 10, 30)):
            message = reply(opened, body=" 您好 \r\n ", by=actors.staff(agent))
        assert (message.body, message.author, message.author_name) == ("您好", agent, "Ann")
        assert message.visibility == Visibility.PUBLIC
        ticket = fresh(opened)
        assert ticket.status == Status.OPEN
        assert ticket.assignee == agent
        assert ticket.first_response_at == ticket.last_staff_message_at == shanghai(2, 10, 30)
        assert purposes(ticket) == [MailPurpose.RECEIPT, MailPurpose.REPLY]
        assert OutboxMail.objects.get(purpose=MailPurpose.REPLY).message == message
        events = list(Event.objects.filter(ticket=ticket).order_by("pk").values_list("kind", flat=True))
        assert events[3:] == [EventKind.REPLIED, EventKind.TIMER_MET, EventKind.STATUS_CHANGED]

    def test_the_first_reply_keeps_the_first_promise(self, opened: Ticket, agent: User) -> None:
        with clock.frozen(shanghai(2, 10, 30)):
            reply(opened, body="one", by=actors.staff(agent))
        first = timer(opened, TimerKind.FIRST_RESPONSE)
        assert (first.state, first.used_seconds, first.done_at) == (
            TimerState.DONE,
            1800,
            shanghai(2, 10, 30),
        )
        assert first.breached_at is None
        assert fresh(opened).due_at == shanghai(2, 18)
        with clock.frozen(shanghai(2, 12)):
            reply(opened, body="two", by=actors.staff(agent))
        assert timer(opened, TimerKind.FIRST_RESPONSE).done_at == shanghai(2, 10, 30)
        assert fresh(opened).first_response_at == shanghai(2, 10, 30)

    def test_too_late_though_no_sweep_saw_it(self, opened: Ticket, agent: User) -> None:
        with clock.frozen(shanghai(2, 11, 30)):
            reply(opened, body="sorry", by=actors.staff(agent))
        first = timer(opened, TimerKind.FIRST_RESPONSE)
        assert first.breached_at == shanghai(2, 11), "broken when it was due, not when we noticed"
        assert Event.objects.filter(ticket=opened, kind=EventKind.TIMER_MISSED).exists()
        assert fresh(opened).is_breached

    def test_who_has_it_keeps_it(self, opened: Ticket, agent: User, second_agent: User) -> None:
        reply(opened, body="one", by=actors.staff(agent))
        reply(opened, body="two", by=actors.staff(second_agent))
        assert fresh(opened).assignee == agent

    def test_refused(self, opened: Ticket, agent: User, officer: User, member: Any) -> None:
        with pytest.raises(Invalid):
            reply(opened, body=" ", by=actors.staff(agent))
        for by in (actors.staff(officer), actors.customer(opened.customer), actors.customer(member)):
            with pytest.raises(NotAllowed):
                reply(opened, body="hello", by=by)
        assert Message.objects.filter(ticket=opened).count() == 1

    def test_a_status_that_cannot_be_set_sends_nothing(self, opened: Ticket, agent: User) -> None:
        with pytest.raises(IllegalTransition):
            reply(opened, body="hello", by=actors.staff(agent), then=Status.CLOSED)
        assert Message.objects.filter(ticket=opened).count() == 1
        assert purposes(opened) == [MailPurpose.RECEIPT]
        assert fresh(opened).first_response_at is None

    def test_solving_with_words_sends_one_mail(self, opened: Ticket, agent: User) -> None:
        message = reply(opened, body="done", by=actors.staff(agent), then=Status.SOLVED)
        assert purposes(opened) == [MailPurpose.RECEIPT, MailPurpose.SOLVED]
        assert OutboxMail.objects.get(purpose=MailPurpose.SOLVED).message == message
        assert fresh(opened).status == Status.SOLVED
        assert {row.state for row in Timer.objects.filter(ticket=opened)} == {TimerState.DONE}

    def test_a_word_after_solving_is_heard_too(self, opened: Ticket, agent: User) -> None:
        reply(opened, body="done", by=actors.staff(agent), then=Status.SOLVED)
        reply(opened, body="one more thing", by=actors.staff(agent))
        assert purposes(opened) == [MailPurpose.RECEIPT, MailPurpose.SOLVED, MailPurpose.REPLY]
        assert fresh(opened).status == Status.SOLVED
        reply(opened, body="solved, still", by=actors.staff(agent), then=Status.SOLVED)
        assert purposes(opened)[-1] == MailPurpose.REPLY


class TestSeen:
    def test_nothing_new(self, opened: Ticket, agent: User) -> None:
        last = Message.objects.latest("pk")
        assert reply(opened, body="hello", by=actors.staff(agent), seen=last.pk)

    def test_the_customer_wrote_meanwhile(self, opened: Ticket, agent: User) -> None:
        seen = Message.objects.latest("pk").pk
        newer = customer_reply(opened, body="wait", by=actors.customer(opened.customer))
        with pytest.raises(NewerMessages) as refused:
            reply(opened, body="hello", by=actors.staff(agent), seen=seen)
        assert refused.value.messages == [newer]
        assert refused.value.status == 409
        assert purposes(opened) == [MailPurpose.RECEIPT]
        assert reply(opened, body="hello", by=actors.staff(agent), seen=newer.pk)

    def test_a_note_is_no_reason_to_stop(self, opened: Ticket, agent: User, second_agent: User) -> None:
        seen = Message.objects.latest("pk").pk
        note(opened, body="I look into it", by=actors.staff(second_agent))
        assert reply(opened, body="hello", by=actors.staff(agent), seen=seen)

    @pytest.mark.django_db(transaction=True)
    def test_two_agents_at_once(self, opened: Ticket, agent: User, second_agent: User) -> None:
        seen = Message.objects.latest("pk").pk
        answers = all_at_once(
            [
                lambda: reply(opened, body="from Ann", by=actors.staff(agent), seen=seen),
                lambda: reply(opened, body="from Bo", by=actors.staff(second_agent), seen=seen),
            ]
        )
        [sent] = [answer for answer in answers if isinstance(answer, Message)]
        [refused] = [answer for answer in answers if isinstance(answer, NewerMessages)]
        assert refused.messages == [sent]
        assert Message.objects.filter(ticket=opened).count() == 2
        assert purposes(opened) == [MailPurpose.RECEIPT, MailPurpose.REPLY]


class TestTwice:
    def test_the_same_form_sends_one_reply(self, opened: Ticket, agent: User) -> None:
        seen = Message.objects.latest("pk").pk
        first = reply(opened, body="hello", by=actors.staff(agent), seen=seen, origin_key="form:1")
        again = reply(opened, body="hello", by=actors.staff(agent), seen=seen, origin_key="form:1")
        assert first == again
        assert purposes(opened) == [MailPurpose.RECEIPT, MailPurpose.REPLY]

    def test_the_same_note(self, opened: Ticket, agent: User) -> None:
        first = note(opened, body="hello", by=actors.staff(agent), origin_key="form:1")
        assert note(opened, body="hello", by=actors.staff(agent), origin_key="form:1") == first

    def test_the_same_words_of_the_customer(self, opened: Ticket) -> None:
        by = actors.customer(opened.customer)
        first = customer_reply(opened, body="hello", by=by, origin_key="form:1")
        assert customer_reply(opened, body="hello", by=by, origin_key="form:1") == first
        assert Message.objects.filter(ticket=opened).count() == 2

    @pytest.mark.django_db(transaction=True)
    def test_at_once(self, opened: Ticket, agent: User) -> None:
        def send() -> Message:
            return reply(opened, body="hello", by=actors.staff(agent), origin_key="form:1")

        sent = all_at_once([send] * 4)
        assert len({message.pk for message in sent}) == 1
        assert purposes(opened) == [MailPurpose.RECEIPT, MailPurpose.REPLY]

    @pytest.mark.django_db(transaction=True)
    def test_the_customers_follow_up_at_once(self, opened: Ticket, agent: User) -> None:
        Ticket.objects.filter(pk=opened.pk).update(status=Status.CLOSED, solved_at=shanghai(2, 12))
        by = actors.customer(opened.customer)
        sent = all_at_once([lambda: customer_reply(opened, body="again", by=by, origin_key="form:1")] * 4)
        assert len({message.pk for message in sent}) == 1
        assert Ticket.objects.filter(follow_up_of=opened).count() == 1

    def test_a_key_of_another_ticket_is_no_answer_here(
        self, opened: Ticket, make_ticket: MakeTicket, agent: User
    ) -> None:
        reply(opened, body="for one", by=actors.staff(agent), origin_key="form:1")
        other = make_ticket()
        with pytest.raises(IntegrityError), transaction.atomic():
            reply(other, body="for another", by=actors.staff(agent), origin_key="form:1")


class TestNote:
    def test_it_works(self, opened: Ticket, agent: User) -> None:
        message = note(opened, body="ask the bank", by=actors.staff(agent))
        ticket = fresh(opened)
        assert message.visibility == Visibility.INTERNAL
        assert ticket.status == Status.NEW
        assert ticket.first_response_at is None
        assert ticket.last_staff_message_at is None
        assert timer(ticket, TimerKind.FIRST_RESPONSE).state == TimerState.RUNNING
        assert purposes(ticket) == [MailPurpose.RECEIPT]
        assert Event.objects.filter(ticket=ticket, kind=EventKind.NOTED, message=message).exists()

    def test_customers_write_none(self, opened: Ticket) -> None:
        with pytest.raises(NotAllowed):
            note(opened, body="x", by=actors.customer(opened.customer))


class TestPending:
    def test_the_clock_stands_still_and_goes_on_with_what_was_left(self, opened: Ticket, agent: User) -> None:
        with clock.frozen(shanghai(2, 12, 0, 7)):
            reply(opened, body="which bank?", by=actors.staff(agent), then=Status.PENDING)
        paused = timer(opened, TimerKind.RESOLUTION)
        assert (paused.state, paused.used_seconds) == (TimerState.PAUSED, 7207)
        assert (paused.due_at, paused.check_at) == (None, None)
        assert fresh(opened).due_at is None
        with clock.frozen(shanghai(4, 11)):
            customer_reply(opened, body="ICBC", by=actors.customer(opened.customer))
        ticket = fresh(opened)
        assert ticket.status == Status.OPEN
        assert ticket.last_customer_message_at == shanghai(4, 11)
        # 8 h promised, 2 h and 7 s used: 6 h less 7 s are left.
        assert timer(ticket, TimerKind.RESOLUTION).due_at == shanghai(4, 17) - timedelta(seconds=7)
        assert ticket.due_at == shanghai(4, 17) - timedelta(seconds=7)

    def test_many_pauses_lose_nothing(self, opened: Ticket, agent: User) -> None:
        by = actors.customer(opened.customer)
        for hour in (10, 12, 14, 16):
            with clock.frozen(shanghai(2, hour, 30)):
                reply(opened, body="?", by=actors.staff(agent), then=Status.PENDING)
            with clock.frozen(shanghai(2, hour + 1, 30)):
                customer_reply(opened, body="!", by=by)
        # Ran 10:00-10:30, 11:30-12:30, 13:30-14:30, 15:30-16:30, and again since 17:30.
        resolution = timer(opened, TimerKind.RESOLUTION)
        assert resolution.used_seconds == 3.5 * 3600
        assert resolution.due_at == shanghai(3, 13)

    def test_what_waits_for_a_third_party_goes_on_waiting(self, opened: Ticket, agent: User) -> None:
        change_status(opened, to=Status.ON_HOLD, by=actors.staff(agent))
        customer_reply(opened, body="any news?", by=actors.customer(opened.customer))
        assert fresh(opened).status == Status.ON_HOLD

    def test_no_mail_to_the_customer_about_their_own_words(self, opened: Ticket) -> None:
        customer_reply(opened, body="more", by=actors.customer(opened.customer))
        assert purposes(opened) == [MailPurpose.RECEIPT]


class TestAfterTheEnd:
    @pytest.fixture
    def solved(self, opened: Ticket, agent: User) -> datetime:
        with clock.frozen(shanghai(2, 12)) as at:
            reply(opened, body="done", by=actors.staff(agent), then=Status.SOLVED)
        return at

    def test_within_the_window_it_opens_again(self, opened: Ticket, solved: datetime) -> None:
        with clock.frozen(shanghai(4, 11)):
            message = customer_reply(opened, body="no", by=actors.customer(opened.customer))
        ticket = fresh(opened)
        assert message.ticket == ticket
        assert (ticket.status, ticket.reopen_count) == (Status.OPEN, 1)
        assert (ticket.solved_at, ticket.closed_at) == (None, None)
        # Two of eight hours were used when it was solved.
        assert timer(ticket, TimerKind.RESOLUTION).due_at == shanghai(4, 17)
        assert timer(ticket, TimerKind.FIRST_RESPONSE).state == TimerState.DONE

    def test_closed_but_within_the_window(self, opened: Ticket, solved: datetime) -> None:
        with clock.frozen(solved + timedelta(days=settings.AUTO_CLOSE_DAYS, seconds=1)):
            assert close_solved() == 1
        with clock.frozen(solved + timedelta(days=settings.REOPEN_DAYS)):
            message = customer_reply(opened, body="no", by=actors.customer(opened.customer))
        assert message.ticket == opened
        assert fresh(opened).status == Status.OPEN

    def test_after_the_window_a_new_case_follows(self, opened: Ticket, solved: datetime) -> None:
        with clock.frozen(solved + timedelta(days=settings.AUTO_CLOSE_DAYS, seconds=1)):
            close_solved()
        with clock.frozen(solved + timedelta(days=settings.REOPEN_DAYS, seconds=1)):
            message = customer_reply(opened, body="it is back", by=actors.customer(opened.customer))
        followed = message.ticket
        assert followed != opened
        assert followed.follow_up_of == opened
        assert (followed.customer, followed.brand, followed.category) == (
            opened.customer,
            opened.brand,
            opened.category,
        )
        assert followed.subject == opened.subject
        assert message.body == "it is back"
        assert fresh(opened).status == Status.CLOSED
        event = Event.objects.get(ticket=opened, kind=EventKind.FOLLOW_UP_OPENED)
        assert event.data == {"number": followed.number}
        assert purposes(followed) == [MailPurpose.RECEIPT]

    def test_solved_too_long_ago_and_not_yet_closed(self, opened: Ticket, solved: datetime) -> None:
        with clock.frozen(solved + timedelta(days=settings.REOPEN_DAYS, seconds=1)):
            message = customer_reply(opened, body="it is back", by=actors.customer(opened.customer))
        assert message.ticket.follow_up_of == opened

    def test_withdrawn_before_we_answered_and_taken_up_again(self, opened: Ticket) -> None:
        by = actors.customer(opened.customer)
        with clock.frozen(shanghai(2, 10, 20)):
            change_status(opened, to=Status.SOLVED, by=by)
        assert timer(opened, TimerKind.FIRST_RESPONSE).state == TimerState.CANCELLED
        with clock.frozen(shanghai(3, 10)):
            customer_reply(opened, body="it is not", by=by)
        first = timer(opened, TimerKind.FIRST_RESPONSE)
        assert (first.state, first.due_at) == (TimerState.RUNNING, shanghai(3, 10, 40)), (
            "a first reply is still owed"
        )

    def test_follow_up_by_hand(self, opened: Ticket) -> None:
        message = follow_up(opened, body="another thing", by=actors.customer(opened.customer))
        assert message.ticket.follow_up_of == opened

"""What starts the clocks of a ticket, lets them stand still, moves and ends them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from accounts.models import Brand, Customer, Team, User
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid, NotAllowed
from tests.cast import step_of
from tests.times import shanghai
from tickets import actors
from tickets.actions import escalation
from tickets.actions.assignment import move_to_team
from tickets.actions.messages import customer_reply, follow_up, judge, note, reply
from tickets.actions.status import change_status
from tickets.actions.tickets import mark_complaint, set_category, set_priority
from tickets.choices import (
    Channel,
    ClockReason,
    Complaints,
    Counting,
    EscalationAct,
    EventKind,
    Nature,
    Priority,
    Status,
    TimerKind,
    TimerState,
)
from tickets.models import (
    Calendar,
    CalendarException,
    CalendarHours,
    Category,
    Event,
    Message,
    SlaPolicy,
    SlaTarget,
    Ticket,
    Timer,
)
from tickets.queries import lag
from tickets.queries.clocks import explained, of_ticket
from tickets.rules.explanation import Phase

MakeTicket = Callable[..., Ticket]
ASKED = "It has still not arrived. When will it?"


def promise(policy: SlaPolicy, kind: TimerKind, minutes: int, counting: Counting = Counting.WORKING) -> None:
    SlaTarget.objects.create(policy=policy, kind=kind, minutes=minutes, counting=counting)


def clocks(ticket: Ticket, kind: TimerKind) -> list[Timer]:
    return list(Timer.objects.filter(ticket=ticket, kind=kind).order_by("pk"))


def only(ticket: Ticket, kind: TimerKind) -> Timer:
    (timer,) = clocks(ticket, kind)
    return timer


def book(ticket: Ticket, kind: TimerKind) -> list[tuple[str, str]]:
    """What the log says of a kind of clock: what happened, and why."""
    rows = Event.objects.filter(ticket=ticket, data__timer=kind, data__has_key="why").order_by("pk")
    return [(row.kind.removeprefix("timer_"), row.data["why"]) for row in rows]


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


@pytest.fixture
def by(agent: User) -> actors.Actor:
    return actors.staff(agent)


@pytest.fixture
def opened(make_ticket: MakeTicket, policy: SlaPolicy) -> Ticket:
    """Monday at 10. A next reply within two working hours, word from us every eight."""
    promise(policy, TimerKind.NEXT_RESPONSE, 120)
    promise(policy, TimerKind.PERIODIC_UPDATE, 480)
    with clock.frozen(shanghai(2, 10)):
        return make_ticket()


@pytest.fixture
def answered(opened: Ticket, by: actors.Actor) -> Ticket:
    with clock.frozen(shanghai(2, 10, 30)):
        reply(opened, body="We look into it.", by=by)
    return fresh(opened)


def says(ticket: Ticket, at: datetime, text: str = ASKED, **values: object) -> Ticket:
    with clock.frozen(at):
        message = customer_reply(ticket, body=text, by=actors.customer(ticket.customer), **values)  # type: ignore[arg-type]
    return fresh(message.ticket)


class TestStart:
    def test_the_lasting_promises_start_with_the_case(self, opened: Ticket) -> None:
        started = {timer.kind: timer.due_at for timer in Timer.objects.filter(ticket=opened)}
        assert started == {"first_response": shanghai(2, 11), "resolution": shanghai(2, 18)}
        event = Event.objects.get(ticket=opened, kind=EventKind.TIMER_STARTED, data__timer="resolution")
        timer = only(opened, TimerKind.RESOLUTION)
        assert event.data == {
            "timer": "resolution",
            "timer_id": timer.pk,
            "why": "opened",
            "used_seconds": 0,
            "target_seconds": 8 * 3600,
            "calendar": timer.calendar_id,
            "due_at": "2026-03-02T10:00:00+00:00",
        }

    def test_time_on_the_clock_runs_day_and_night(self, make_ticket: MakeTicket, policy: SlaPolicy) -> None:
        policy.targets.filter(kind=TimerKind.RESOLUTION).delete()
        promise(policy, TimerKind.RESOLUTION, 48 * 60, Counting.ELAPSED)
        with clock.frozen(shanghai(6, 17)):  # a Friday
            ticket = make_ticket()
        assert only(ticket, TimerKind.RESOLUTION).due_at == shanghai(8, 17)
        assert only(ticket, TimerKind.RESOLUTION).calendar is None

    def test_the_team_has_hours_of_its_own(self, make_ticket: MakeTicket, team: Team) -> None:
        night = Calendar.objects.create(name="night", team=team, time_zone="Asia/Shanghai")
        CalendarHours.objects.create(calendar=night, weekday=0, opens="22:00", closes="06:00")
        with clock.frozen(shanghai(2, 10)):
            ticket = make_ticket()
        assert only(ticket, TimerKind.FIRST_RESPONSE).due_at == shanghai(2, 23)

    def test_a_policy_for_one_way_in(self, make_ticket: MakeTicket, policy: SlaPolicy) -> None:
        phone = SlaPolicy.objects.create(name="Phone", channels=[Channel.PHONE], position=1)
        promise(phone, TimerKind.RESOLUTION, 60)
        assert only(make_ticket(channel=Channel.PHONE), TimerKind.RESOLUTION).policy == phone
        assert only(make_ticket(), TimerKind.RESOLUTION).policy == policy


class TestNextReply:
    def test_it_works(self, answered: Ticket, by: actors.Actor) -> None:
        ticket = says(answered, shanghai(2, 14))
        timer = only(ticket, TimerKind.NEXT_RESPONSE)
        assert (timer.state, timer.started_at, timer.due_at) == (
            TimerState.RUNNING,
            shanghai(2, 14),
            shanghai(2, 16),
        )
        assert ticket.due_at == shanghai(2, 16)
        with clock.frozen(shanghai(2, 15)):
            reply(ticket, body="Tomorrow.", by=by)
        timer.refresh_from_db()
        assert (timer.state, timer.used_seconds, timer.breached_at) == (TimerState.DONE, 3600, None)
        assert book(ticket, TimerKind.NEXT_RESPONSE) == [("started", "customer_wrote"), ("met", "answered")]

    def test_the_first_reply_is_the_first(self, opened: Ticket) -> None:
        ticket = says(opened, shanghai(2, 10, 15))
        assert clocks(ticket, TimerKind.NEXT_RESPONSE) == []

    def test_who_asks_twice_waits_since_the_first_time(self, answered: Ticket) -> None:
        says(answered, shanghai(2, 14))
        ticket = says(answered, shanghai(2, 15), "Hello? Where is my money?")
        assert only(ticket, TimerKind.NEXT_RESPONSE).due_at == shanghai(2, 16)

    def test_each_question_has_its_own(self, answered: Ticket, by: actors.Actor) -> None:
        says(answered, shanghai(2, 11))
        with clock.frozen(shanghai(2, 12)):
            reply(answered, body="Soon.", by=by)
        ticket = says(answered, shanghai(2, 14), "And now?")
        first, second = clocks(ticket, TimerKind.NEXT_RESPONSE)
        assert (first.state, second.state) == (TimerState.DONE, TimerState.RUNNING)
        assert second.due_at == shanghai(2, 16)

    def test_a_note_answers_nobody(self, answered: Ticket, by: actors.Actor) -> None:
        ticket = says(answered, shanghai(2, 14))
        with clock.frozen(shanghai(2, 15)):
            note(ticket, body="hm", by=by)
        assert only(ticket, TimerKind.NEXT_RESPONSE).state == TimerState.RUNNING

    def test_solved_without_a_word_it_is_withdrawn(self, answered: Ticket, by: actors.Actor) -> None:
        ticket = says(answered, shanghai(2, 14))
        with clock.frozen(shanghai(2, 15)):
            change_status(ticket, to=Status.SOLVED, by=by)
        assert only(ticket, TimerKind.NEXT_RESPONSE).state == TimerState.CANCELLED

    def test_a_case_that_stands_still_starts_it_standing(self, answered: Ticket, by: actors.Actor) -> None:
        SlaPolicy.objects.update(pauses_on=[Status.PENDING, Status.ON_HOLD])
        with clock.frozen(shanghai(2, 11)):
            change_status(answered, to=Status.ON_HOLD, by=by)
        ticket = says(answered, shanghai(2, 14))
        assert ticket.status == Status.ON_HOLD
        assert only(ticket, TimerKind.NEXT_RESPONSE).state == TimerState.PAUSED


class TestThanks:
    def test_mere_thanks_start_nothing(self, answered: Ticket) -> None:
        ticket = says(answered, shanghai(2, 14), "谢谢")
        assert clocks(ticket, TimerKind.NEXT_RESPONSE) == []
        assert ticket.messages.latest("pk").nature == Nature.THANKS

    @pytest.mark.parametrize("text", ["OK", "好的"])
    def test_ok_to_a_question_of_ours_is_its_answer(
        self, answered: Ticket, by: actors.Actor, text: str
    ) -> None:
        with clock.frozen(shanghai(2, 12)):
            reply(answered, body="Shall we block the card? / 是否冻结该卡？", by=by, then=Status.PENDING)
        ticket = says(answered, shanghai(2, 14), text)
        assert ticket.messages.latest("pk").nature == Nature.SUBSTANCE
        assert ticket.status == Status.OPEN
        assert only(ticket, TimerKind.NEXT_RESPONSE).due_at == shanghai(2, 16)

    def test_thanks_after_the_answer_are_mere_thanks(self, answered: Ticket, by: actors.Actor) -> None:
        with clock.frozen(shanghai(2, 12)):
            reply(answered, body="Which card was it?", by=by)
        says(answered, shanghai(2, 13), "The one ending in 6681")
        ticket = says(answered, shanghai(2, 14), "Thanks!")
        assert ticket.messages.latest("pk").nature == Nature.THANKS

    def test_a_note_and_an_automatic_mail_stand_between_no_question_and_its_answer(
        self, answered: Ticket, by: actors.Actor
    ) -> None:
        with clock.frozen(shanghai(2, 12)):
            reply(answered, body="Which card was it?", by=by)
        says(answered, shanghai(2, 12, 1), "On holiday", nature=Nature.AUTOMATIC)
        note(answered, body="Let us wait.", by=by)
        assert says(answered, shanghai(2, 14), "OK").messages.latest("pk").nature == Nature.SUBSTANCE

    def test_an_offer_of_more_help_is_no_question(self, answered: Ticket, by: actors.Actor) -> None:
        with clock.frozen(shanghai(2, 12)):
            reply(answered, body="It has arrived. Is there anything else we can do?", by=by)
        ticket = says(answered, shanghai(2, 14), "Thanks!")
        assert clocks(ticket, TimerKind.NEXT_RESPONSE) == []

    def test_they_reopen_nothing(self, answered: Ticket, by: actors.Actor) -> None:
        with clock.frozen(shanghai(2, 12)):
            change_status(answered, to=Status.SOLVED, by=by)
        ticket = says(answered, shanghai(2, 14), "谢谢")
        assert (ticket.status, ticket.reopen_count) == (Status.SOLVED, 0)
        assert only(ticket, TimerKind.RESOLUTION).state == TimerState.DONE

    def test_they_end_no_wait_for_the_customer(self, answered: Ticket, by: actors.Actor) -> None:
        with clock.frozen(shanghai(2, 12)):
            change_status(answered, to=Status.PENDING, by=by)
        ticket = says(answered, shanghai(2, 14), "谢谢")
        assert ticket.status == Status.PENDING
        assert only(ticket, TimerKind.RESOLUTION).state == TimerState.PAUSED

    def test_after_the_window_they_open_no_case(self, answered: Ticket, by: actors.Actor) -> None:
        with clock.frozen(shanghai(2, 12)):
            change_status(answered, to=Status.SOLVED, by=by)
        says(answered, shanghai(2, 12) + timedelta(days=400), "谢谢")
        assert Ticket.objects.count() == 1

    def test_what_the_way_in_knows_goes_before_the_text(self, answered: Ticket) -> None:
        ticket = says(answered, shanghai(2, 14), nature=Nature.AUTOMATIC)
        assert clocks(ticket, TimerKind.NEXT_RESPONSE) == []

    def test_an_agent_says_it_was_a_question(self, answered: Ticket, by: actors.Actor) -> None:
        ticket = says(answered, shanghai(2, 14), "谢谢")
        with clock.frozen(shanghai(2, 15)):
            judge(ticket.messages.latest("pk"), nature=Nature.SUBSTANCE, by=by)
        timer = only(ticket, TimerKind.NEXT_RESPONSE)
        assert timer.due_at == shanghai(2, 16), "two hours from when it was written"

    def test_an_agent_says_it_was_mere_thanks(self, answered: Ticket, by: actors.Actor) -> None:
        ticket = says(answered, shanghai(2, 14))
        with clock.frozen(shanghai(2, 15)):
            judge(ticket.messages.latest("pk"), nature=Nature.THANKS, by=by)
        assert only(ticket, TimerKind.NEXT_RESPONSE).state == TimerState.CANCELLED
        assert book(ticket, TimerKind.NEXT_RESPONSE)[-1] == ("cancelled", "judged")
        judged = Event.objects.get(ticket=ticket, kind=EventKind.MESSAGE_JUDGED)
        assert judged.data == {"from": "substance", "to": "thanks"}

    def test_another_question_is_still_owed(self, answered: Ticket, by: actors.Actor) -> None:
        says(answered, shanghai(2, 14))
        ticket = says(answered, shanghai(2, 14, 30), "And my card?")
        with clock.frozen(shanghai(2, 15)):
            judge(ticket.messages.latest("pk"), nature=Nature.THANKS, by=by)
        assert only(ticket, TimerKind.NEXT_RESPONSE).state == TimerState.RUNNING

    def test_one_that_was_answered_owes_nothing(self, answered: Ticket, by: actors.Actor) -> None:
        ticket = says(answered, shanghai(2, 14), "谢谢")
        message = ticket.messages.latest("pk")
        with clock.frozen(shanghai(2, 15)):
            reply(ticket, body="You are welcome.", by=by)
            judge(message, nature=Nature.SUBSTANCE, by=by)
        assert clocks(ticket, TimerKind.NEXT_RESPONSE) == []

    def test_an_earlier_question_is_owed_since_it_was_asked(self, answered: Ticket, by: actors.Actor) -> None:
        """Taken for thanks, it had no clock; the one that a later question started is too late for it."""
        says(answered, shanghai(2, 11), "Thanks!")
        says(answered, shanghai(2, 12))
        thanks = Message.objects.get(ticket=answered, body="Thanks!")
        with clock.frozen(shanghai(2, 12, 30)):
            judge(thanks, nature=Nature.SUBSTANCE, by=by)
        late, owed = clocks(answered, TimerKind.NEXT_RESPONSE)
        assert late.state == TimerState.CANCELLED
        assert (owed.state, owed.due_at) == (TimerState.RUNNING, shanghai(2, 13))
        assert fresh(answered).last_customer_message_at == shanghai(2, 12), "not what was judged last"

    def test_thanks_before_a_question_owe_nothing(self, answered: Ticket, by: actors.Actor) -> None:
        says(answered, shanghai(2, 11))
        says(answered, shanghai(2, 12))
        first = Message.objects.filter(ticket=answered, body=ASKED).earliest("pk")
        with clock.frozen(shanghai(2, 12, 30)):
            judge(first, nature=Nature.THANKS, by=by)
        early, owed = clocks(answered, TimerKind.NEXT_RESPONSE)
        assert early.state == TimerState.CANCELLED
        assert (owed.state, owed.due_at) == (TimerState.RUNNING, shanghai(2, 14))

    def test_only_the_customers_words_are_judged(self, answered: Ticket, by: actors.Actor) -> None:
        with pytest.raises(Invalid):
            judge(answered.messages.latest("pk"), nature=Nature.THANKS, by=by)

    def test_not_by_customers(self, answered: Ticket) -> None:
        ticket = says(answered, shanghai(2, 14))
        with pytest.raises(NotAllowed):
            judge(ticket.messages.latest("pk"), nature=Nature.THANKS, by=actors.customer(ticket.customer))


class TestRegularUpdate:
    def test_each_word_of_ours_starts_it_anew(self, answered: Ticket, by: actors.Actor) -> None:
        assert only(answered, TimerKind.PERIODIC_UPDATE).due_at == shanghai(3, 9, 30)
        with clock.frozen(shanghai(2, 16)):
            reply(answered, body="Still looking.", by=by)
        first, second = clocks(answered, TimerKind.PERIODIC_UPDATE)
        assert (first.state, second.due_at) == (TimerState.DONE, shanghai(3, 15))

    def test_it_ends_with_the_case_and_begins_when_it_is_opened_again(
        self, answered: Ticket, by: actors.Actor
    ) -> None:
        with clock.frozen(shanghai(2, 16)):
            change_status(answered, to=Status.SOLVED, by=by)
        assert only(answered, TimerKind.PERIODIC_UPDATE).state == TimerState.CANCELLED
        ticket = says(answered, shanghai(3, 10))
        _ended, running = clocks(ticket, TimerKind.PERIODIC_UPDATE)
        assert (running.state, running.due_at) == (TimerState.RUNNING, shanghai(3, 18))

    def test_a_reply_that_solves_promises_no_further_word(self, opened: Ticket, by: actors.Actor) -> None:
        with clock.frozen(shanghai(2, 10, 30)):
            reply(opened, body="Done.", by=by, then=Status.SOLVED)
        assert clocks(opened, TimerKind.PERIODIC_UPDATE) == []


class TestPause:
    def test_it_goes_on_with_exactly_what_was_left(self, answered: Ticket, by: actors.Actor) -> None:
        with clock.frozen(shanghai(2, 12, 0, 7)):
            change_status(answered, to=Status.PENDING, by=by)
        paused = only(answered, TimerKind.RESOLUTION)
        assert (paused.state, paused.due_at, paused.used_seconds) == (TimerState.PAUSED, None, 7207)
        ticket = says(answered, shanghai(4, 10, 0, 1))
        assert only(ticket, TimerKind.RESOLUTION).due_at == shanghai(4, 16) - timedelta(seconds=6)
        assert book(ticket, TimerKind.RESOLUTION)[-2:] == [
            ("paused", "waiting_for_customer"),
            ("resumed", "customer_wrote"),
        ]

    def test_a_third_party_only_where_the_policy_says_so(self, answered: Ticket, by: actors.Actor) -> None:
        with clock.frozen(shanghai(2, 12)):
            change_status(answered, to=Status.ON_HOLD, by=by)
        assert only(answered, TimerKind.RESOLUTION).state == TimerState.RUNNING

    def test_a_third_party_where_it_does(
        self, make_ticket: MakeTicket, policy: SlaPolicy, by: actors.Actor
    ) -> None:
        SlaPolicy.objects.update(pauses_on=[Status.ON_HOLD])
        with clock.frozen(shanghai(2, 10)):
            ticket = make_ticket()
        with clock.frozen(shanghai(2, 12)):
            change_status(ticket, to=Status.ON_HOLD, by=by)
        assert book(ticket, TimerKind.RESOLUTION)[-1] == ("paused", "waiting_for_third_party")
        with clock.frozen(shanghai(2, 13)):
            change_status(ticket, to=Status.PENDING, by=by)
        assert only(ticket, TimerKind.RESOLUTION).state == TimerState.RUNNING
        assert book(ticket, TimerKind.RESOLUTION)[-1] == ("resumed", "went_on")


@pytest.fixture
def law(policy: SlaPolicy) -> SlaPolicy:
    """A complaint is decided within fifteen days, whatever happens."""
    made = SlaPolicy.objects.create(
        name="Law", is_statutory=True, complaints=Complaints.ONLY, pauses_on=[], position=5
    )
    promise(made, TimerKind.RESOLUTION, 15 * 24 * 60, Counting.ELAPSED)
    return made


class TestStatute:
    def statute(self, ticket: Ticket) -> Timer:
        return Timer.objects.get(ticket=ticket, is_statutory=True)

    def test_it_runs_beside_the_ordinary_ones(
        self, make_ticket: MakeTicket, law: SlaPolicy, category: Category
    ) -> None:
        Category.objects.update(is_complaint=True)
        category.refresh_from_db()
        with clock.frozen(shanghai(2, 10)):
            ticket = make_ticket(category=category)
        assert ticket.is_complaint
        assert self.statute(ticket).due_at == shanghai(17, 10)
        assert Timer.objects.filter(ticket=ticket).count() == 3
        assert ticket.due_at == shanghai(2, 11)

    def test_it_comes_and_goes_with_the_mark(self, opened: Ticket, law: SlaPolicy, by: actors.Actor) -> None:
        with clock.frozen(shanghai(3, 10)):
            mark_complaint(opened, is_complaint=True, by=by)
        assert self.statute(opened).due_at == shanghai(17, 10), "fifteen days from the opening"
        with clock.frozen(shanghai(4, 10)):
            mark_complaint(opened, is_complaint=False, by=by)
        assert self.statute(opened).state == TimerState.CANCELLED

    def test_it_never_stands_still(self, opened: Ticket, law: SlaPolicy, by: actors.Actor) -> None:
        with clock.frozen(shanghai(2, 10)):
            mark_complaint(opened, is_complaint=True, by=by)
            change_status(opened, to=Status.PENDING, by=by)
        assert self.statute(opened).state == TimerState.RUNNING
        assert self.statute(opened).due_at == shanghai(17, 10)

    def test_taken_for_none_and_marked_again_it_gains_nobody_time(
        self, opened: Ticket, law: SlaPolicy, by: actors.Actor
    ) -> None:
        with clock.frozen(shanghai(3, 10)):
            mark_complaint(opened, is_complaint=True, by=by)
            mark_complaint(opened, is_complaint=False, by=by)
        with clock.frozen(shanghai(9, 10)):
            mark_complaint(opened, is_complaint=True, by=by)
        assert self.statute(opened).due_at == shanghai(17, 10)
        with clock.frozen(shanghai(9, 11)):
            assert_explained(opened)

    def test_not_even_while_the_case_was_solved(
        self, opened: Ticket, law: SlaPolicy, by: actors.Actor
    ) -> None:
        with clock.frozen(shanghai(2, 10)):
            mark_complaint(opened, is_complaint=True, by=by)
        with clock.frozen(shanghai(5, 10)):
            change_status(opened, to=Status.SOLVED, by=by)
        assert self.statute(opened).state == TimerState.DONE
        ticket = says(opened, shanghai(9, 10))
        assert self.statute(ticket).due_at == shanghai(17, 10)
        assert only_ordinary(ticket).due_at != shanghai(17, 10)

    def test_a_complaint_by_its_category(self, opened: Ticket, law: SlaPolicy, by: actors.Actor) -> None:
        complaint = Category.objects.create(
            slug="complaint", name_zh="投诉", name_en="Complaint", is_complaint=True
        )
        below = Category.objects.create(slug="fees", name_zh="收费", name_en="Fees", parent=complaint)
        set_category(opened, category=below, by=by)
        assert fresh(opened).is_complaint
        assert self.statute(opened).state == TimerState.RUNNING

    def test_withdrawn_while_the_case_was_solved_it_is_not_taken_up_again(
        self, opened: Ticket, law: SlaPolicy, by: actors.Actor
    ) -> None:
        with clock.frozen(shanghai(2, 10)):
            mark_complaint(opened, is_complaint=True, by=by)
        with clock.frozen(shanghai(5, 10)):
            change_status(opened, to=Status.SOLVED, by=by)
            mark_complaint(opened, is_complaint=False, by=by)
        ticket = says(opened, shanghai(9, 10))
        withdrawn = self.statute(ticket)
        assert (withdrawn.state, withdrawn.done_at) == (TimerState.CANCELLED, shanghai(5, 10))
        assert withdrawn.used_seconds == 3 * 24 * 3600, "what ran until it was solved, and no more"
        assert only_ordinary(ticket).state == TimerState.RUNNING
        with clock.frozen(shanghai(10, 10)):
            mark_complaint(ticket, is_complaint=True, by=by)
        assert self.statute(ticket).due_at == shanghai(17, 10), "as though it never had been"

    def test_what_follows_a_complaint_is_one(self, opened: Ticket, law: SlaPolicy, by: actors.Actor) -> None:
        with clock.frozen(shanghai(3, 10)):
            mark_complaint(opened, is_complaint=True, by=by)
            after = follow_up(fresh(opened), body="And again.", by=actors.customer(opened.customer)).ticket
        assert after.is_complaint
        assert self.statute(after).due_at == shanghai(18, 10)


def assert_explained(ticket: Ticket) -> None:
    """The books of its clocks lead to what is stored."""
    found = explained(ticket, of_ticket(ticket))
    assert found
    assert [told.summary for told in found if not told.explanation.agrees] == []
    for told in found:
        lines = told.explanation.lines
        counted = sum(line.seconds for line in lines if line.phase != Phase.AHEAD)
        assert abs(counted - told.explanation.used_seconds) <= 1, told.sentences


@pytest.fixture
def brief(policy: SlaPolicy) -> SlaPolicy:
    """Promises urgent cases a first reply within the hour, and nothing else."""
    made = SlaPolicy.objects.create(name="Brief", position=1, priorities=[Priority.URGENT])
    promise(made, TimerKind.FIRST_RESPONSE, 60)
    return made


class TestReopened:
    def test_what_was_promised_no_longer_stays_so(
        self, opened: Ticket, brief: SlaPolicy, by: actors.Actor
    ) -> None:
        with clock.frozen(shanghai(2, 10, 10)):
            set_priority(opened, priority=Priority.URGENT, by=by)
            change_status(opened, to=Status.SOLVED, by=by)
        says(opened, shanghai(2, 10, 20))
        assert only(opened, TimerKind.RESOLUTION).state == TimerState.CANCELLED
        assert only(opened, TimerKind.FIRST_RESPONSE).due_at == shanghai(2, 11, 10)

    def test_a_first_reply_promised_no_longer(self, opened: Ticket, by: actors.Actor) -> None:
        other = SlaPolicy.objects.create(name="Other", position=1, priorities=[Priority.URGENT])
        promise(other, TimerKind.RESOLUTION, 60)
        with clock.frozen(shanghai(2, 10, 10)):
            set_priority(opened, priority=Priority.URGENT, by=by)
            change_status(opened, to=Status.SOLVED, by=by)
        says(opened, shanghai(2, 10, 20))
        assert only(opened, TimerKind.FIRST_RESPONSE).state == TimerState.CANCELLED
        assert only(opened, TimerKind.RESOLUTION).state == TimerState.RUNNING

    def test_what_was_changed_meanwhile_decides(self, opened: Ticket, by: actors.Actor) -> None:
        with clock.frozen(shanghai(2, 12)):
            change_status(opened, to=Status.SOLVED, by=by)
            set_priority(opened, priority=Priority.URGENT, by=by)
        says(opened, shanghai(2, 15))
        assert only(opened, TimerKind.RESOLUTION).due_at == shanghai(2, 17), "two of four hours are left"
        assert book(opened, TimerKind.RESOLUTION)[-2:] == [
            ("resumed", "reopened"),
            ("changed", "priority_changed"),
        ]
        with clock.frozen(shanghai(2, 16)):
            assert_explained(opened)

    def test_no_complaint_any_more(self, opened: Ticket, law: SlaPolicy, by: actors.Actor) -> None:
        with clock.frozen(shanghai(2, 12)):
            mark_complaint(opened, is_complaint=True, by=by)
            change_status(opened, to=Status.SOLVED, by=by)
            mark_complaint(opened, is_complaint=False, by=by)
        says(opened, shanghai(2, 15))
        assert Timer.objects.get(ticket=opened, is_statutory=True).state == TimerState.CANCELLED


class TestPromisedLater:
    """A promise that the case did not have so far counts from when it was owed, but for the waits."""

    def test_a_solution(self, opened: Ticket, brief: SlaPolicy, by: actors.Actor) -> None:
        Timer.objects.filter(ticket=opened, kind=TimerKind.RESOLUTION).delete()
        with clock.frozen(shanghai(2, 12)):
            reply(opened, body="Which bank is it?", by=by, then=Status.PENDING)
        with clock.frozen(shanghai(20, 10)):
            set_priority(opened, priority=Priority.HIGH, by=by)
        timer = only(opened, TimerKind.RESOLUTION)
        assert (timer.state, timer.used_seconds, timer.breached_at) == (TimerState.PAUSED, 2 * 3600, None)
        says(opened, shanghai(20, 11))
        assert only(opened, TimerKind.RESOLUTION).due_at == shanghai(20, 17)
        with clock.frozen(shanghai(20, 12)):
            assert_explained(opened)

    def test_an_update(self, make_ticket: MakeTicket, policy: SlaPolicy, by: actors.Actor) -> None:
        with clock.frozen(shanghai(2, 10)):
            ticket = make_ticket()
        with clock.frozen(shanghai(2, 12)):
            reply(ticket, body="Which bank is it?", by=by)
        with clock.frozen(shanghai(2, 13)):
            change_status(ticket, to=Status.PENDING, by=by)
        says(ticket, shanghai(19, 17))
        promise(policy, TimerKind.PERIODIC_UPDATE, 480)
        with clock.frozen(shanghai(20, 10)):
            set_priority(ticket, priority=Priority.HIGH, by=by)
        timer = only(ticket, TimerKind.PERIODIC_UPDATE)
        assert (timer.used_seconds, timer.breached_at) == (3 * 3600, None), "12 to 13, 17 to 18, 9 to 10"
        assert timer.due_at == shanghai(20, 15)
        with clock.frozen(shanghai(20, 12)):
            assert_explained(ticket)

    def test_without_waits_the_due_time_may_have_passed(
        self, make_ticket: MakeTicket, policy: SlaPolicy, by: actors.Actor
    ) -> None:
        with clock.frozen(shanghai(2, 10)):
            ticket = make_ticket()
        Timer.objects.filter(ticket=ticket, kind=TimerKind.RESOLUTION).delete()
        policy.steps.all().delete()
        with clock.frozen(shanghai(4, 10)):
            escalation.sweep()
            set_priority(ticket, priority=Priority.URGENT, by=by)
        assert only(ticket, TimerKind.RESOLUTION).due_at == shanghai(2, 14)
        with clock.frozen(shanghai(4, 10)):
            assert lag.sweep() == 0, "no sweep is late for a clock that was not there"
            escalation.sweep()
        assert only(ticket, TimerKind.RESOLUTION).breached_at == shanghai(2, 14)


class TestLate:
    """Late is what comes after the due time, whether a sweep was there or not."""

    def test_while_it_is_closed(self, opened: Ticket, by: actors.Actor) -> None:
        """Nothing counts after six; due at six, it is late at eight all the same, as a sweep would say."""
        with clock.frozen(shanghai(2, 20)):
            change_status(opened, to=Status.SOLVED, by=by)
        assert only(opened, TimerKind.RESOLUTION).breached_at == shanghai(2, 18)
        assert book(opened, TimerKind.RESOLUTION)[-1] == ("missed", "solved")

    def test_though_hours_were_edited_since(self, opened: Ticket, brand: Brand, by: actors.Actor) -> None:
        calendar = Calendar.objects.get(brand=brand)
        CalendarException.objects.create(calendar=calendar, date=date(2026, 3, 2), reason="storm")
        calendar.save()
        with clock.frozen(shanghai(3, 10)):
            change_status(opened, to=Status.SOLVED, by=by)
        assert only(opened, TimerKind.RESOLUTION).breached_at == shanghai(2, 18)

    def test_nor_early_because_hours_were_added(self, opened: Ticket, brand: Brand, by: actors.Actor) -> None:
        calendar = Calendar.objects.get(brand=brand)
        CalendarException.objects.create(
            calendar=calendar, date=date(2026, 3, 2), reason="rush", opens=time(0), closes=time(0)
        )
        calendar.save()
        with clock.frozen(shanghai(2, 17, 59)):
            change_status(opened, to=Status.SOLVED, by=by)
        assert only(opened, TimerKind.RESOLUTION).breached_at is None

    def test_the_log_says_so_though_no_sweep_saw_it(self, opened: Ticket, by: actors.Actor) -> None:
        with clock.frozen(shanghai(3, 10)):
            change_status(opened, to=Status.PENDING, by=by)
        told = Event.objects.filter(ticket=opened, kind=EventKind.BREACHED)
        assert {event.data["timer"] for event in told} == {"first_response", "resolution"}
        with clock.frozen(shanghai(3, 11)):
            escalation.sweep()
        assert told.count() == 2


def only_ordinary(ticket: Ticket) -> Timer:
    return Timer.objects.get(ticket=ticket, kind=TimerKind.RESOLUTION, is_statutory=False)


class TestTransfer:
    def test_the_other_teams_hours_count_from_then_on(
        self, opened: Ticket, other_team: Team, by: actors.Actor
    ) -> None:
        round_the_clock = Calendar.objects.create(name="day and night", team=other_team, always_open=True)
        with clock.frozen(shanghai(2, 17)):
            move_to_team(opened, team=other_team, by=by)
        timer = only(opened, TimerKind.RESOLUTION)
        assert timer.used_seconds == 7 * 3600
        assert timer.calendar == round_the_clock
        assert timer.due_at == shanghai(2, 18)
        assert book(opened, TimerKind.RESOLUTION)[-1] == ("changed", ClockReason.TEAM_CHANGED)

    def test_a_team_without_hours_changes_nothing(
        self, opened: Ticket, other_team: Team, by: actors.Actor
    ) -> None:
        with clock.frozen(shanghai(2, 17)):
            move_to_team(opened, team=other_team, by=by)
        assert book(opened, TimerKind.RESOLUTION) == [("started", "opened")]


class TestTerms:
    def test_a_later_policy_is_for_later_cases(
        self, opened: Ticket, policy: SlaPolicy, make_ticket: MakeTicket, by: actors.Actor
    ) -> None:
        later = SlaPolicy.objects.create(name="Standard", position=900, valid_from=shanghai(3, 0))
        promise(later, TimerKind.RESOLUTION, 60)
        with clock.frozen(shanghai(3, 10)):
            mark_complaint(opened, is_complaint=True, by=by)
            newer = make_ticket()
        assert only(opened, TimerKind.RESOLUTION).policy == policy
        assert only(newer, TimerKind.RESOLUTION).policy == later

    def test_a_customers_tier_decides(
        self, make_ticket: MakeTicket, policy: SlaPolicy, customer: Customer
    ) -> None:
        gold = SlaPolicy.objects.create(name="VIP", tiers=["vip"], position=1)
        promise(gold, TimerKind.FIRST_RESPONSE, 5)
        Customer.objects.update(tier="vip")
        customer.refresh_from_db()
        with clock.frozen(shanghai(2, 10)):
            ticket = make_ticket(customer=customer)
        assert only(ticket, TimerKind.FIRST_RESPONSE).due_at == shanghai(2, 10, 5)
        assert clocks(ticket, TimerKind.RESOLUTION) == []

    def test_a_policy_for_one_brand(
        self, make_ticket: MakeTicket, policy: SlaPolicy, other_brand: Brand
    ) -> None:
        theirs = SlaPolicy.objects.create(name="Theirs", position=1)
        theirs.brands.add(other_brand)
        promise(theirs, TimerKind.FIRST_RESPONSE, 5)
        assert only(make_ticket(), TimerKind.FIRST_RESPONSE).policy == policy
        assert only(make_ticket(brand=other_brand), TimerKind.FIRST_RESPONSE).policy == theirs


class TestOverdue:
    """A promise that is broken stays due when it was."""

    def test_new_terms_make_it_no_younger(self, opened: Ticket, by: actors.Actor, lead: User) -> None:
        with clock.frozen(shanghai(2, 12)):
            escalation.sweep()
        with clock.frozen(shanghai(3, 10)):
            set_priority(opened, priority=Priority.URGENT, by=by)
        assert only(opened, TimerKind.FIRST_RESPONSE).due_at == shanghai(2, 11)
        with clock.frozen(shanghai(3, 10, 1)):
            assert escalation.sweep() == 1, "the solution, whose promise became shorter"
            set_priority(opened, priority=Priority.HIGH, by=by)
        assert book(opened, TimerKind.FIRST_RESPONSE)[-1] == ("changed", "priority_changed")

    def test_going_on_makes_it_no_younger(self, opened: Ticket, by: actors.Actor) -> None:
        with clock.frozen(shanghai(2, 11, 30)):
            escalation.sweep()
            change_status(opened, to=Status.PENDING, by=by)
        with clock.frozen(shanghai(4, 10)):
            change_status(opened, to=Status.OPEN, by=by)
        first = only(opened, TimerKind.FIRST_RESPONSE)
        assert first.due_at == shanghai(2, 11)
        assert first.check_at == shanghai(4, 10, 30), "half an hour past it was over when it stood still"

    def test_found_by_a_verb_before_the_sweep_it_is_told(self, opened: Ticket, by: actors.Actor) -> None:
        with clock.frozen(shanghai(2, 11, 30)):
            reply(opened, body="sorry", by=by)
        event = Event.objects.get(ticket=opened, kind=EventKind.BREACHED)
        assert event.data["cause"] == "nobody"
        with clock.frozen(shanghai(2, 11, 40)):
            escalation.sweep()
        assert Event.objects.filter(ticket=opened, kind=EventKind.BREACHED).count() == 1


class TestSteps:
    def test_what_was_done_under_one_policy_is_not_done_again_under_the_next(
        self, opened: Ticket, policy: SlaPolicy, by: actors.Actor, lead: User
    ) -> None:
        later = SlaPolicy.objects.create(name="Quick", complaints=Complaints.ONLY, position=1)
        for one in (policy, later):
            step_of(one, TimerKind.RESOLUTION, at_percent=20, act=EscalationAct.TELL_LEAD)
        step_of(later, TimerKind.RESOLUTION, at_percent=30, act=EscalationAct.TELL_LEAD)
        promise(later, TimerKind.RESOLUTION, 400)
        with clock.frozen(shanghai(2, 12)):
            escalation.sweep()
        with clock.frozen(shanghai(2, 12, 20)):
            mark_complaint(opened, is_complaint=True, by=by)
            escalation.sweep()
        told = Event.objects.filter(ticket=opened, kind=EventKind.ESCALATED, data__timer="resolution")
        assert [event.data["at_percent"] for event in told.order_by("pk")] == [20, 30]

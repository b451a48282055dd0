"""Opening tickets, and saying what they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Brand, Customer, Team, User
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid, NotAllowed
from tests.crowd import all_at_once
from tests.times import shanghai
from tickets import actors
from tickets.actions.tickets import NewTicket, open_ticket, set_category, set_priority, set_tags
from tickets.choices import Channel, EventKind, MailPurpose, Priority, Status, TimerKind, TimerState
from tickets.models import (
    CalendarException,
    Category,
    Event,
    Message,
    OutboxMail,
    SlaPolicy,
    SlaTarget,
    Ticket,
    TicketSearch,
    Timer,
    TrackingLink,
)
from tickets.rules import numbers

MakeTicket = Callable[..., Ticket]


def due(ticket: Ticket, kind: TimerKind) -> datetime | None:
    return Timer.objects.get(ticket=ticket, kind=kind).due_at


#: With the two promises of the cast's policy.
OPENING = [EventKind.OPENED, EventKind.TIMER_STARTED, EventKind.TIMER_STARTED]


def kinds(ticket: Ticket) -> list[str]:
    return list(Event.objects.filter(ticket=ticket).order_by("pk").values_list("kind", flat=True))


class TestOpen:
    def test_it_works(self, make_ticket: MakeTicket, team: Team, category: Category) -> None:
        with clock.frozen(shanghai(2, 10)):
            ticket = make_ticket()
        ticket.refresh_from_db()
        assert ticket.status == Status.NEW
        assert ticket.priority == Priority.NORMAL
        assert (ticket.team, ticket.category, ticket.assignee) == (team, category, None)
        assert ticket.fields == {"amount": {"amount": "500", "currency": "CNY"}}
        assert numbers.parse(ticket.number) == ticket.number
        assert ticket.created_at == shanghai(2, 10)
        message = Message.objects.get(ticket=ticket)
        assert message.by_customer
        assert message.author_name == "王小明"
        assert kinds(ticket) == OPENING
        assert (
            TrackingLink.objects.filter(
                ticket=ticket, expires_at=shanghai(2, 10) + timedelta(days=90)
            ).count()
            == 1
        )
        assert TicketSearch.objects.filter(ticket=ticket).exists()

    def test_the_receipt_is_queued(self, ticket: Ticket) -> None:
        mail = OutboxMail.objects.get()
        assert mail.purpose == MailPurpose.RECEIPT
        assert (mail.to, mail.to_name, mail.language) == ("wang@example.com", "王小明", "zh-hans")
        assert mail.ticket == ticket
        assert mail.message is not None
        assert mail.message.body.startswith("我周一提现")

    def test_no_receipt_without_an_address(self, make_ticket: MakeTicket) -> None:
        caller = Customer.objects.create(phone="+8613800138000", language="zh-hans")
        make_ticket(customer=caller, channel=Channel.PHONE)
        assert not OutboxMail.objects.exists()

    def test_an_import_sends_no_receipts(self, make_ticket: MakeTicket) -> None:
        make_ticket(channel=Channel.IMPORT)
        assert not OutboxMail.objects.exists()

    def test_the_subject_is_taken_from_the_text_where_none_is_given(self, make_ticket: MakeTicket) -> None:
        assert make_ticket(subject=" ", body="第一行\n第二行").subject == "第一行 第二行"

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"body": "  \n "}, "body"),
            ({"body": "\x00\x07"}, "body"),
            ({"body": "x" * 20_001}, "body"),
            ({"tags": ["x" * 41]}, "tags"),
            ({"tags": [str(number) for number in range(21)]}, "tags"),
        ],
    )
    def test_refused(self, make_ticket: MakeTicket, values: dict[str, Any], field: str) -> None:
        with pytest.raises(Invalid) as refused:
            make_ticket(**values)
        assert list(refused.value.fields) == [field]
        assert not Ticket.objects.exists()

    def test_language_is_the_customers_unless_told(self, make_ticket: MakeTicket, customer: Customer) -> None:
        assert make_ticket(language="").language == customer.language
        assert make_ticket(language="en").language == "en"


class TestRouting:
    def test_a_child_asks_its_parent(self, make_ticket: MakeTicket, category: Category, team: Team) -> None:
        child = Category.objects.create(slug="child", name_zh="子", name_en="Child", parent=category)
        ticket = make_ticket(category=child)
        assert ticket.team == team
        assert Timer.objects.filter(ticket=ticket).count() == 2

    def test_the_nearest_wins(self, make_ticket: MakeTicket, category: Category, other_team: Team) -> None:
        child = Category.objects.create(
            slug="child",
            name_zh="子",
            name_en="Child",
            parent=category,
            team=other_team,
            priority=Priority.URGENT,
        )
        ticket = make_ticket(category=child)
        assert (ticket.team, ticket.priority) == (other_team, Priority.URGENT)

    def test_what_is_told_goes_before_the_category(self, make_ticket: MakeTicket) -> None:
        assert make_ticket(priority=Priority.HIGH).priority == Priority.HIGH

    def test_no_category(self, make_ticket: MakeTicket, policy: SlaPolicy) -> None:
        ticket = make_ticket(category=None)
        assert ticket.team is None
        assert ticket.priority == Priority.NORMAL
        assert Timer.objects.filter(ticket=ticket, policy=policy).count() == 2

    def test_no_policy_at_all(self, make_ticket: MakeTicket, category: Category) -> None:
        SlaPolicy.objects.update(is_active=False)
        ticket = make_ticket(category=category)
        assert not Timer.objects.exists()
        assert ticket.due_at is None


class TestClocks:
    @pytest.mark.parametrize(
        ("opened", "first_reply", "solution"),
        [
            (shanghai(2, 10), shanghai(2, 11), shanghai(2, 18)),
            (shanghai(2, 17, 30), shanghai(3, 9, 30), shanghai(3, 16, 30)),
            (shanghai(2, 3), shanghai(2, 10), shanghai(2, 17)),
            (shanghai(6, 17, 30), shanghai(9, 9, 30), shanghai(9, 16, 30)),  # over the weekend
            (shanghai(7, 12), shanghai(9, 10), shanghai(9, 17)),  # on a Saturday
            (shanghai(2, 17), shanghai(2, 18), shanghai(3, 16)),  # ends with the day, not the next morning
        ],
    )
    def test_due_in_the_brands_hours(
        self, make_ticket: MakeTicket, opened: datetime, first_reply: datetime, solution: datetime
    ) -> None:
        with clock.frozen(opened):
            ticket = make_ticket()
        assert due(ticket, TimerKind.FIRST_RESPONSE) == first_reply
        assert due(ticket, TimerKind.RESOLUTION) == solution
        ticket.refresh_from_db()
        assert ticket.due_at == first_reply

    def test_over_a_holiday(self, make_ticket: MakeTicket, brand: Brand) -> None:
        for day in (9, 10):
            CalendarException.objects.create(
                calendar=brand.calendar, date=date(2026, 3, day), reason="holiday"
            )
        with clock.frozen(shanghai(6, 17, 30)):
            assert due(make_ticket(), TimerKind.FIRST_RESPONSE) == shanghai(11, 9, 30)

    def test_a_saturday_that_is_worked(self, make_ticket: MakeTicket, brand: Brand) -> None:
        CalendarException.objects.create(
            calendar=brand.calendar,
            date=date(2026, 3, 7),
            reason="make-up working day",
            opens="10:00",
            closes="12:00",
        )
        with clock.frozen(shanghai(6, 17, 30)):
            assert due(make_ticket(), TimerKind.FIRST_RESPONSE) == shanghai(7, 10, 30)

    def test_urgent_is_quicker(self, make_ticket: MakeTicket) -> None:
        with clock.frozen(shanghai(2, 10)):
            assert due(make_ticket(priority=Priority.URGENT), TimerKind.FIRST_RESPONSE) == shanghai(2, 10, 30)

    def test_a_case_from_another_system_counts_from_its_own_beginning(self, make_ticket: MakeTicket) -> None:
        with clock.frozen(shanghai(4, 10)):
            ticket = make_ticket(opened_at=shanghai(2, 10), channel=Channel.IMPORT)
        assert ticket.created_at == shanghai(2, 10)
        assert due(ticket, TimerKind.FIRST_RESPONSE) == shanghai(2, 11)


class TestTwice:
    def test_the_same_key_gives_the_same_ticket(self, make_ticket: MakeTicket) -> None:
        first = make_ticket(origin_key="form:1")
        again = make_ticket(origin_key="form:1", body="other words")
        assert again == first
        assert Ticket.objects.count() == Message.objects.count() == OutboxMail.objects.count() == 1

    def test_no_key_no_bond(self, make_ticket: MakeTicket) -> None:
        assert make_ticket() != make_ticket()

    def test_anothers_key_shows_nothing(self, make_ticket: MakeTicket, member: Customer) -> None:
        make_ticket(origin_key="form:1")
        with pytest.raises(IntegrityError), transaction.atomic():
            make_ticket(origin_key="form:1", customer=member)

    @pytest.mark.django_db(transaction=True)
    def test_at_once(self, brand: Brand, customer: Customer, category: Category) -> None:
        new = NewTicket(brand=brand, customer=customer, category=category, body="once", origin_key="form:1")
        opened = all_at_once([lambda: open_ticket(new, by=actors.customer(customer))] * 6)
        assert len({ticket.pk for ticket in opened}) == 1
        assert Ticket.objects.count() == Message.objects.count() == OutboxMail.objects.count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_many_different_at_once(self, make_ticket: MakeTicket) -> None:
        opened = all_at_once([make_ticket] * 6)
        assert len({ticket.number for ticket in opened}) == 6


class TestPriority:
    def test_the_new_promise_counts_from_the_start(self, make_ticket: MakeTicket, agent: User) -> None:
        with clock.frozen(shanghai(2, 10)):
            ticket = make_ticket()
        with clock.frozen(shanghai(2, 10, 20)):
            set_priority(ticket, priority=Priority.URGENT, by=actors.staff(agent))
        assert due(ticket, TimerKind.FIRST_RESPONSE) == shanghai(2, 10, 30)
        ticket.refresh_from_db()
        assert ticket.due_at == shanghai(2, 10, 30)
        assert kinds(ticket)[3:] == [
            EventKind.PRIORITY_CHANGED,
            EventKind.TIMER_CHANGED,
            EventKind.TIMER_CHANGED,
        ]
        changed = Event.objects.get(ticket=ticket, kind=EventKind.PRIORITY_CHANGED)
        assert changed.data == {"from": "normal", "to": "urgent"}

    def test_a_promise_that_is_over_at_once(self, make_ticket: MakeTicket, agent: User) -> None:
        with clock.frozen(shanghai(2, 10)):
            ticket = make_ticket()
        with clock.frozen(shanghai(2, 10, 50)):
            set_priority(ticket, priority=Priority.URGENT, by=actors.staff(agent))
        assert due(ticket, TimerKind.FIRST_RESPONSE) == shanghai(2, 10, 50)

    def test_there_and_back_changes_nothing(self, make_ticket: MakeTicket, agent: User) -> None:
        with clock.frozen(shanghai(2, 10)):
            ticket = make_ticket()
        with clock.frozen(shanghai(2, 10, 20)):
            set_priority(ticket, priority=Priority.LOW, by=actors.staff(agent))
        assert due(ticket, TimerKind.FIRST_RESPONSE) == shanghai(2, 12)
        with clock.frozen(shanghai(2, 10, 40)):
            set_priority(ticket, priority=Priority.NORMAL, by=actors.staff(agent))
        assert due(ticket, TimerKind.FIRST_RESPONSE) == shanghai(2, 11)

    def test_a_clock_that_is_done_keeps_its_promise(self, make_ticket: MakeTicket, agent: User) -> None:
        ticket = make_ticket()
        Timer.objects.filter(kind=TimerKind.FIRST_RESPONSE).update(state=TimerState.DONE, due_at=None)
        set_priority(ticket, priority=Priority.URGENT, by=actors.staff(agent))
        assert Timer.objects.get(kind=TimerKind.FIRST_RESPONSE).target_seconds == 3600
        assert Timer.objects.get(kind=TimerKind.RESOLUTION).target_seconds == 4 * 3600

    def test_the_same_is_no_change(self, ticket: Ticket, agent: User) -> None:
        set_priority(ticket, priority=Priority.NORMAL, by=actors.staff(agent))
        assert kinds(ticket) == OPENING

    def test_not_for_those_who_do_not_work_tickets(self, ticket: Ticket, officer: User) -> None:
        for by in (actors.staff(officer), actors.customer(ticket.customer)):
            with pytest.raises(NotAllowed):
                set_priority(ticket, priority=Priority.HIGH, by=by)


@pytest.fixture
def quick(category: Category) -> Category:
    """Answered in half an hour, solved in two; nothing promised for a low priority."""
    policy = SlaPolicy.objects.create(name="Quick")  # before the Standard one
    for kind, minutes in ((TimerKind.FIRST_RESPONSE, 30), (TimerKind.RESOLUTION, 120)):
        SlaTarget.objects.create(policy=policy, priority=Priority.NORMAL, kind=kind, minutes=minutes)
    made = Category.objects.create(slug="freeze", name_zh="冻结", name_en="Freeze")
    policy.categories.add(made)
    return made


class TestCategory:
    def test_it_works(self, make_ticket: MakeTicket, quick: Category, agent: User, team: Team) -> None:
        with clock.frozen(shanghai(2, 10)):
            ticket = make_ticket()
        with clock.frozen(shanghai(2, 10, 10)):
            set_category(ticket, category=quick, by=actors.staff(agent))
        assert due(ticket, TimerKind.FIRST_RESPONSE) == shanghai(2, 10, 30)
        assert due(ticket, TimerKind.RESOLUTION) == shanghai(2, 12)
        ticket.refresh_from_db()
        assert ticket.team == team, "people moved it there, or left it there"
        changed = Event.objects.get(ticket=ticket, kind=EventKind.CATEGORY_CHANGED)
        assert changed.data == {"from": "withdrawal", "to": "freeze"}

    def test_a_policy_without_such_a_promise_ends_the_clock(
        self, make_ticket: MakeTicket, quick: Category, agent: User
    ) -> None:
        ticket = make_ticket(priority=Priority.LOW)
        set_category(ticket, category=quick, by=actors.staff(agent))
        states = set(Timer.objects.filter(ticket=ticket).values_list("state", flat=True))
        assert states == {TimerState.CANCELLED}
        ticket.refresh_from_db()
        assert ticket.due_at is None

    def test_a_promise_that_was_not_there_before_begins_with_the_ticket(
        self, make_ticket: MakeTicket, quick: Category, category: Category, agent: User
    ) -> None:
        with clock.frozen(shanghai(2, 10)):
            ticket = make_ticket(category=quick, priority=Priority.LOW)
            assert not Timer.objects.filter(ticket=ticket).exists()
        with clock.frozen(shanghai(2, 10, 10)):
            set_category(ticket, category=category, by=actors.staff(agent))
        assert due(ticket, TimerKind.FIRST_RESPONSE) == shanghai(2, 12)

    def test_a_cancelled_clock_runs_again_when_the_promise_is_back(
        self, make_ticket: MakeTicket, quick: Category, category: Category, agent: User
    ) -> None:
        with clock.frozen(shanghai(2, 10)):
            ticket = make_ticket(priority=Priority.LOW)
        with clock.frozen(shanghai(2, 10, 10)):
            set_category(ticket, category=quick, by=actors.staff(agent))
        with clock.frozen(shanghai(2, 10, 30)):
            set_category(ticket, category=category, by=actors.staff(agent))
        assert due(ticket, TimerKind.FIRST_RESPONSE) == shanghai(2, 12, 20), (
            "the time without a promise does not count"
        )


class TestTags:
    def test_it_works(self, ticket: Ticket, agent: User) -> None:
        set_tags(ticket, tags=["VIP", "second  line", "vip"], by=actors.staff(agent))
        set_tags(ticket, tags=["vip", "大额"], by=actors.staff(agent))
        ticket.refresh_from_db()
        assert ticket.tags == ["vip", "大额"]
        changed = Event.objects.filter(ticket=ticket, kind=EventKind.TAGS_CHANGED).order_by("pk")
        assert [event.data for event in changed] == [
            {"added": ["vip", "second-line"], "removed": []},
            {"added": ["大额"], "removed": ["second-line"]},
        ]

    def test_the_same_is_no_change(self, ticket: Ticket, agent: User) -> None:
        version = ticket.version
        set_tags(ticket, tags=[], by=actors.staff(agent))
        ticket.refresh_from_db()
        assert ticket.version == version


def test_a_category_of_another_brand_is_refused(
    ticket: Ticket, category: Category, other_brand: Brand, agent: User
) -> None:
    foreign = Category.objects.create(slug="foreign", name_zh="别家", name_en="Foreign")
    foreign.brands.add(other_brand)
    with pytest.raises(Invalid) as refused:
        set_category(ticket, category=foreign, by=actors.staff(agent))
    assert "category" in refused.value.fields
    foreign.brands.add(ticket.brand)
    assert set_category(ticket, category=foreign, by=actors.staff(agent)).category == foreign

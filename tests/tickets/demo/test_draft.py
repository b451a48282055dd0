"""The writer and the verbs tell the same story: every row must be the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Model

from accounts.models import Brand, Customer, User
from helpdesk.lib import clock
from tickets import actors
from tickets.actions import assignment, escalation, messages, status, tickets
from tickets.actions.tickets import NewTicket
from tickets.choices import Channel, Priority, Status
from tickets.demo import writer
from tickets.demo.story import Act, Moment, Story
from tickets.models import Category, StepTaken, Ticket, TicketSearch, Timer

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 9:00 in Shanghai
NOW = MONDAY + timedelta(days=20)

pytestmark = pytest.mark.django_db


def hours(count: float) -> datetime:
    return MONDAY + timedelta(hours=count)


def a_whole_life(ann: str, lea: str) -> tuple[Moment, ...]:
    """Given, answered late, paused, raised, held, solved, reopened, solved again late, closed."""
    return (
        Moment(hours(0.5), Act.ASSIGN, lea, to=ann),
        Moment(hours(2.5), Act.REPLY, ann, "请告诉我交易编号。", status=Status.PENDING),
        Moment(hours(2.6), Act.TAGS, ann, tags=("withdrawal", "pending")),
        Moment(hours(5), Act.CUSTOMER_REPLY, "", "编号是 TX20260302-77。"),
        Moment(hours(5.5), Act.PRIORITY, ann, priority=Priority.URGENT),
        Moment(hours(6), Act.NOTE, ann, "银行退回，等财务核对。"),
        Moment(hours(6.5), Act.STATUS, ann, status=Status.ON_HOLD),
        Moment(hours(24 * 2), Act.STATUS, ann, status=Status.OPEN),
        Moment(hours(24 * 2 + 1), Act.REPLY, ann, "款项已经付出。", status=Status.SOLVED),
        Moment(hours(24 * 3), Act.CUSTOMER_REPLY, "", "还是没有收到。"),
        Moment(hours(24 * 3 + 3), Act.REPLY, ann, "银行已补记，请再看一下。"),
        Moment(hours(24 * 3 + 5), Act.CUSTOMER_STATUS, status=Status.SOLVED),
        Moment(hours(24 * 11), Act.CLOSE, status=Status.CLOSED),
    )


@pytest.fixture
def story(brand: Brand, customer: Customer, category: Category, agent: User, lead: User) -> Story:
    return Story(
        number="222222228",
        brand=brand.slug,
        customer=customer.email,
        category=category.slug,
        language="zh-hans",
        subject="提现三天没有到账",
        body="我周一提现 500 元，到今天还没有到账。",
        opened_at=MONDAY,
        answers={"amount": {"amount": "500", "currency": "CNY"}},
        moments=a_whole_life(agent.email, lead.email),
    )


def test_the_writer_and_the_verbs_agree(
    story: Story, lead: User, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = act_out(story, NOW, monkeypatch)
    kinds = set(done.events.values_list("kind", flat=True))
    assert {
        "breached",
        "escalated",
        "timer_missed",
        "timer_paused",
        "timer_resumed",
        "timer_changed",
    } <= kinds
    assert done.status == Status.CLOSED
    expected = rows_of(done)
    done.delete()
    assert rows_of(written(story, NOW)) == expected


@pytest.mark.parametrize("count", range(14))
def test_they_agree_wherever_the_story_stands(
    story: Story, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = story.moments[count].at + timedelta(minutes=1) if count < len(story.moments) else NOW
    done = act_out(story, now, monkeypatch)
    expected = rows_of(done)
    done.delete()
    assert rows_of(written(story, now)) == expected


def test_they_agree_on_a_case_that_nobody_answered(
    story: Story, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settled by the customer before a first reply, then taken up again and left alone."""
    moments = (
        Moment(hours(0.5), Act.CUSTOMER_STATUS, status=Status.SOLVED),
        Moment(hours(1), Act.CUSTOMER_REPLY, "", "又出现了。"),
        Moment(hours(7), Act.NOTE, agent.email, "还没人回复客户。"),
        Moment(hours(30), Act.REPLY, agent.email, "抱歉久等，已经处理好。"),
    )
    story = replace(story, moments=moments)
    done = act_out(story, NOW, monkeypatch)
    expected = rows_of(done)
    done.delete()
    assert rows_of(written(story, NOW)) == expected


def test_a_sweep_right_after_finds_nothing_to_do(story: Story) -> None:
    for count in (2, 4, 9):
        now = story.moments[count].at + timedelta(days=2)
        ticket = written(story, now, number=f"44444444{count}", moments=story.moments[:count])
        before = ticket.events.count()
        with clock.frozen(now):
            assert escalation.sweep() == 0
        assert ticket.events.count() == before


def test_it_streams_in_batches(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "BATCH", 2)
    many = (replace(story, number=f"5555555{count:02}") for count in range(5))
    assert writer.write(many, now=NOW)["tickets"] == 5
    assert Ticket.objects.count() == TicketSearch.objects.count() == 5


def test_nothing_is_mailed(story: Story) -> None:
    ticket = written(story, NOW)
    assert ticket.mails.count() == 0


# The two ways of telling a story ──────────────────────────────────────────────────────────────────────────────────
def written(story: Story, now: datetime, **changes: Any) -> Ticket:
    story = replace(story, **changes)
    writer.write([story], now=now)
    return Ticket.objects.get(number=story.number)


def act_out(story: Story, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Ticket:
    """The story by the real verbs, with the sweep running whenever a clock asks for it."""
    monkeypatch.setattr("tickets.rules.numbers.new_number", lambda: story.number)
    customer = Customer.objects.get(email=story.customer)
    with clock.frozen(story.opened_at):
        new = NewTicket(
            brand=Brand.objects.get(slug=story.brand),
            customer=customer,
            category=Category.objects.get(slug=story.category),
            subject=story.subject,
            body=story.body,
            answers=story.answers,
            channel=Channel(story.channel),
            language=story.language,
        )
        ticket = tickets.open_ticket(new, by=actors.customer(customer))
    for moment in story.up_to(now).moments:
        sweep_until(moment.at)
        with clock.frozen(moment.at):
            act(ticket, moment, customer)
    sweep_until(now)
    ticket.refresh_from_db()
    return ticket


def sweep_until(until: datetime) -> None:
    while True:
        timer = Timer.objects.filter(check_at__lte=until).order_by("check_at").first()
        if timer is None or timer.check_at is None:
            return
        with clock.frozen(timer.check_at):
            escalation.sweep(limit=1)


def act(ticket: Ticket, moment: Moment, customer: Customer) -> None:
    by = actors.staff(User.objects.get(email=moment.by)) if moment.by else actors.customer(customer)
    to = User.objects.filter(email=moment.to).first()
    verbs: dict[Act, Callable[[], object]] = {
        Act.ASSIGN: lambda: assignment.assign(ticket, to=to, by=by),
        Act.REPLY: lambda: messages.reply(ticket, body=moment.text, by=by, then=moment.status),
        Act.NOTE: lambda: messages.note(ticket, body=moment.text, by=by),
        Act.CUSTOMER_REPLY: lambda: messages.customer_reply(ticket, body=moment.text, by=by),
        Act.TAGS: lambda: tickets.set_tags(ticket, tags=moment.tags, by=by),
        Act.PRIORITY: lambda: tickets.set_priority(ticket, priority=moment.priority or Priority.LOW, by=by),
        Act.STATUS: lambda: status.change_status(ticket, to=moment.status or Status.OPEN, by=by),
        Act.CUSTOMER_STATUS: lambda: status.change_status(ticket, to=moment.status or Status.OPEN, by=by),
        Act.CLOSE: status.close_solved,
    }
    verbs[moment.act]()


def rows_of(ticket: Ticket) -> dict[str, Any]:
    """All that hangs on a ticket, without ids, which differ by nature."""
    ticket.refresh_from_db()
    messages = {row.pk: place for place, row in enumerate(ticket.messages.order_by("id"))}
    events = ticket.events.order_by("id")
    return {
        "ticket": plain(ticket),
        "messages": [plain(row) for row in ticket.messages.order_by("id")],
        "events": [plain(row, "message") | {"said": messages.get(row.message_id or 0)} for row in events],
        "timers": [plain(row) for row in ticket.timers.order_by("kind")],
        "steps": list(
            StepTaken.objects.filter(timer__ticket=ticket)
            .order_by("timer__kind", "id")
            .values_list("timer__kind", "step", "at")
        ),
        "links": [plain(row) for row in ticket.links.order_by("id")],
        "words": ticket.search.document,
    }


def plain(row: Model, *without: str) -> dict[str, Any]:
    skipped = {"id", "ticket", *without}
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in skipped
    }

"""The writer and the verbs tell the same story: every row must be the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Model

from accounts.models import Brand, Customer, Team, User
from helpdesk.lib import clock
from tests.cast import step_of
from tickets import actors
from tickets.actions import assignment, escalation, messages, status, tickets
from tickets.actions.tickets import NewTicket
from tickets.choices import (
    Channel,
    Complaints,
    Counting,
    EscalationAct,
    Nature,
    Priority,
    Status,
    TimerKind,
)
from tickets.demo import writer
from tickets.demo.story import Act, Moment, Story
from tickets.models import (
    Calendar,
    Category,
    Event,
    SlaPolicy,
    SlaTarget,
    StepTaken,
    Ticket,
    TicketSearch,
    Timer,
)

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


@pytest.fixture
def rich(story: Story, policy: SlaPolicy, agent: User, lead: User, other_team: Team, brand: Brand) -> Story:
    """The same case under promises of every kind, lived through by the same people."""
    agent.teams.add(other_team)
    lead.teams.add(other_team)
    Calendar.objects.create(name="Day and night", team=other_team, always_open=True)
    promise(policy, TimerKind.NEXT_RESPONSE, 120)
    promise(policy, TimerKind.PERIODIC_UPDATE, 300)
    step_of(policy, TimerKind.FIRST_RESPONSE, at_percent=50, act=EscalationAct.TELL_ASSIGNEE)
    step_of(policy, TimerKind.NEXT_RESPONSE, at_percent=80, act=EscalationAct.TELL_PERSON, person=lead)
    # Raising moves the due time; what else that sweep does still names the one it began with.
    promise(policy, TimerKind.NEXT_RESPONSE, 60, priority=Priority.HIGH)
    for act in (EscalationAct.RAISE_PRIORITY, EscalationAct.ADD_NOTE):
        step_of(policy, TimerKind.NEXT_RESPONSE, after_minutes=30, act=act, text="逾期未答复")
    step_of(policy, TimerKind.PERIODIC_UPDATE, act=EscalationAct.MOVE_TO_TEAM, team=other_team)
    step_of(policy, TimerKind.PERIODIC_UPDATE, after_minutes=10, act=EscalationAct.ASSIGN, person=agent)
    statute = SlaPolicy.objects.create(
        name="15 days", is_statutory=True, pauses_on=[], complaints=Complaints.ONLY, position=1
    )
    promise(statute, TimerKind.RESOLUTION, 15 * 24 * 60, counting=Counting.ELAPSED)
    step_of(statute, TimerKind.RESOLUTION, at_percent=1, act=EscalationAct.TELL_LEAD)
    ann, lea = agent.email, lead.email
    return replace(
        story,
        moments=(
            Moment(hours(0.7), Act.REPLY, ann, "我来查一下。"),
            Moment(hours(0.8), Act.CUSTOMER_REPLY, "", "谢谢", nature=Nature.THANKS),
            Moment(hours(2), Act.CUSTOMER_REPLY, "", "有消息了吗？"),
            Moment(hours(6), Act.TEAM, ann, to=other_team.slug),
            Moment(hours(7), Act.REPLY, ann, "还在等银行。", status=Status.ON_HOLD),
            Moment(hours(8), Act.CUSTOMER_REPLY, "", "我要投诉。"),
            Moment(hours(8.2), Act.COMPLAINT, lea),
            Moment(hours(26), Act.REPLY, ann, "请补充回单。", status=Status.PENDING),
            Moment(hours(27), Act.CUSTOMER_REPLY, "", "好的，谢谢！", nature=Nature.THANKS),
            Moment(hours(28), Act.CUSTOMER_REPLY, "", "这是回单。"),
            Moment(hours(48.5), Act.STATUS, ann, status=Status.SOLVED),
            Moment(hours(50), Act.CUSTOMER_REPLY, "", "还是不对。"),
            Moment(hours(51), Act.PRIORITY, lea, priority=Priority.LOW),
            Moment(hours(76), Act.REPLY, ann, "已更正。", status=Status.SOLVED),
            Moment(hours(77), Act.CUSTOMER_REPLY, "", "谢谢！", nature=Nature.THANKS),
        ),
    )


def promise(policy: SlaPolicy, kind: TimerKind, minutes: int, **values: Any) -> None:
    SlaTarget.objects.create(policy=policy, kind=kind, minutes=minutes, **values)


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


def test_they_agree_with_every_clock_and_act(
    rich: Story, lead: User, manager: User, other_team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Next replies, regular updates, a statute, steps ahead of time, thanks, teams, a complaint made on the way."""
    done = act_out(rich, NOW, monkeypatch)
    told = list(done.events.values_list("kind", "data"))
    assert {data["timer"] for kind, data in told if kind == "timer_started"} == set(TimerKind.values)
    assert {data["why"] for _kind, data in told if "why" in data} >= {
        "customer_wrote",
        "our_reply",
        "team_changed",
        "complaint_changed",
        "priority_changed",
        "reopened",
        "withdrawn",
    }
    assert {data["act"] for kind, data in told if kind == "escalated"} >= {
        "tell_assignee",
        "tell_person",
        "add_note",
        "assign",
        "move_to_team",
        "raise_priority",
    }
    expected = rows_of(done)
    done.delete()
    assert rows_of(written(rich, NOW)) == expected


def test_causes_are_those_of_the_story(rich: Story, agent: User, second_agent: User) -> None:
    """Nobody had it at first; then it was taken late, and answered late."""

    def causes(number: str, *moments: Moment) -> list[str]:
        ticket = written(rich, NOW, number=number, moments=moments)
        assert {
            event.data["timer_id"]: event.data["cause"] for event in ticket.events.filter(kind="breached")
        } == dict(ticket.timers.exclude(breached_at=None).values_list("id", "breach_cause"))
        return list(ticket.timers.filter(kind="first_response").values_list("breach_cause", flat=True))

    assert causes("666666661") == ["nobody"]
    taken = Moment(hours(0.8), Act.ASSIGN, agent.email, to=agent.email)
    assert causes("666666662", taken) == ["taken_late"]
    assert causes("666666663", replace(taken, at=hours(0.2))) == ["answered_late"]


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
        # A promise that was shortened may have been due before it was given: the sweep finds it after.
        said = Event.objects.filter(ticket=timer.ticket_id).latest("id").at
        with clock.frozen(max(timer.check_at, said)):
            escalation.sweep(limit=1)


def act(ticket: Ticket, moment: Moment, customer: Customer) -> None:
    by = actors.staff(User.objects.get(email=moment.by)) if moment.by else actors.customer(customer)
    to = User.objects.filter(email=moment.to).first()
    verbs: dict[Act, Callable[[], object]] = {
        Act.ASSIGN: lambda: assignment.assign(ticket, to=to, by=by),
        Act.REPLY: lambda: messages.reply(ticket, body=moment.text, by=by, then=moment.status),
        Act.NOTE: lambda: messages.note(ticket, body=moment.text, by=by),
        Act.CUSTOMER_REPLY: lambda: messages.customer_reply(
            ticket, body=moment.text, by=by, nature=moment.nature
        ),
        Act.TEAM: lambda: assignment.move_to_team(ticket, team=Team.objects.get(slug=moment.to), by=by),
        Act.COMPLAINT: lambda: tickets.mark_complaint(ticket, is_complaint=True, by=by),
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
    timers = {row.pk: place for place, row in enumerate(ticket.timers.order_by("id"))}
    events = ticket.events.order_by("id")
    return {
        "ticket": plain(ticket),
        "messages": [plain(row) for row in ticket.messages.order_by("id")],
        "events": [
            plain(row, "message")
            | {"said": messages.get(row.message_id or 0), "data": known(row.data, timers)}
            for row in events
        ],
        "timers": [plain(row) for row in ticket.timers.order_by("id")],
        "steps": [
            (timers[timer], step, at)
            for timer, step, at in StepTaken.objects.filter(timer__ticket=ticket)
            .order_by("timer", "step")
            .values_list("timer", "step", "at")
        ],
        "links": [plain(row) for row in ticket.links.order_by("id")],
        "words": ticket.search.document,
    }


def known(data: dict[str, Any], timers: dict[int, int]) -> dict[str, Any]:
    """The data of an event; clocks by their place."""
    return data | {"timer_id": timers[data["timer_id"]]} if "timer_id" in data else data


def plain(row: Model, *without: str) -> dict[str, Any]:
    skipped = {"id", "ticket", *without}
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in skipped
    }

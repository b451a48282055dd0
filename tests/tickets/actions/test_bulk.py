"""One act on many tickets: each on its own, nothing twice, nothing that its author may not do, and back again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import translation

from accounts.actions import customers
from accounts.models import Brand, Customer, Team, User
from accounts.rules.capabilities import Role
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid, NotAllowed
from tests.crowd import all_at_once
from tickets import actors
from tickets.actions import bulk, bulk_items, messages
from tickets.actions.assignment import assign, move_to_team
from tickets.actions.bulk import TooLateToUndo, begin, undo, work, work_off
from tickets.actions.bulk_outlook import last_seen, outlook, texts
from tickets.actions.bulk_readers import act_of
from tickets.actions.status import change_status
from tickets.actions.tickets import set_priority, set_tags
from tickets.choices import AssigneeAct, BulkAct, BulkItemState, EventKind, Priority, RunState, Status
from tickets.models import BulkItem, BulkRun, Category, Event, Macro, Message, OutboxMail, Ticket

Make = Callable[..., Ticket]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


D, S, F, U, K = (
    BulkItemState.DONE,
    BulkItemState.SKIPPED,
    BulkItemState.FAILED,
    BulkItemState.UNDONE,
    BulkItemState.KEPT,
)


@pytest.fixture
def three(make_ticket: Make) -> list[int]:
    return [make_ticket().pk for _ in range(3)]


def run(pks: list[int], act: BulkAct, user: User, seen: dict[int, int] | None = None, **data: Any) -> BulkRun:
    return work_off(begin(pks, act=act, data=data, by=actors.staff(user), seen=seen))


def states(done: BulkRun) -> list[str]:
    return list(done.items.order_by("pk").values_list("state", flat=True))


def get(pk: int) -> Ticket:
    return Ticket.objects.get(pk=pk)


def test_it_works(three: list[int], agent: User) -> None:
    done = run(three, BulkAct.STATUS, agent, status="pending")
    assert states(done) == [D, D, D]
    assert (done.state, done.finished_at is None) == (RunState.DONE, False)
    assert {get(pk).status for pk in three} == {Status.PENDING}
    events = Event.objects.filter(kind=EventKind.STATUS_CHANGED)
    assert sorted(pk for item in done.items.all() for pk in item.events) == sorted(e.pk for e in events)


@pytest.mark.parametrize(
    ("act", "data", "field", "value"),
    [
        (BulkAct.PRIORITY, {"priority": "urgent"}, "priority", Priority.URGENT),
        (BulkAct.ADD_TAGS, {"tags": ["VIP", "two words"]}, "tags", ["old", "vip", "two-words"]),
        (BulkAct.REMOVE_TAGS, {"tags": ["old", "none"]}, "tags", []),
    ],
)
def test_each_act(
    three: list[int], agent: User, act: BulkAct, data: dict[str, Any], field: str, value: object
) -> None:
    set_tags(get(three[0]), tags=["old"], by=actors.staff(agent))
    run(three[:1], act, agent, **data)
    assert getattr(get(three[0]), field) == value


def test_the_acts_that_name_somebody_or_something(
    three: list[int], agent: User, lead: User, other_team: Team
) -> None:
    category = Category.objects.create(slug="x", name_zh="x", name_en="x")
    run(three, BulkAct.ASSIGN, lead, assignee=agent.pk)
    run(three, BulkAct.CATEGORY, lead, category=category.pk)
    assert {(get(pk).assignee, get(pk).category) for pk in three} == {(agent, category)}
    run(three, BulkAct.TEAM, lead, team=other_team.pk)
    assert {(get(pk).assignee, get(pk).team) for pk in three} == {(None, other_team)}
    macro = Macro.objects.create(name_zh="x", name_en="x", add_tags=["m"])
    Ticket.objects.update(team=None)
    run(three, BulkAct.MACRO, lead, macro=macro.pk)
    assert {tuple(get(pk).tags) for pk in three} == {("m",)}


def test_what_is_so_already_is_left_alone(three: list[int], agent: User) -> None:
    set_priority(get(three[1]), priority=Priority.LOW, by=actors.staff(agent))
    assert states(run(three, BulkAct.PRIORITY, agent, priority="low")) == [D, S, D]


def test_a_refusal_is_kept_in_words_and_stops_nobody_else(three: list[int], agent: User) -> None:
    for to in (Status.SOLVED, Status.CLOSED):
        change_status(get(three[1]), to=to, by=actors.staff(agent))
    done = run(three, BulkAct.STATUS, agent, status="pending")
    assert states(done) == [D, F, D]
    assert done.items.get(state=F).problem == (
        "A case with the status “closed” cannot be changed to “waiting for customer”."
    )


def test_an_agent_gives_nothing_away(three: list[int], agent: User, second_agent: User) -> None:
    assert states(run(three, BulkAct.ASSIGN, agent, assignee=second_agent.pk)) == [F, F, F]
    assert states(run(three, BulkAct.ASSIGN, agent, assignee=agent.pk)) == [D, D, D]
    mine = Macro.objects.create(name_zh="x", name_en="x", set_assignee=AssigneeAct.ME)
    for act, data in ((BulkAct.MACRO, {"macro": mine.pk}), (BulkAct.ASSIGN, {"assignee": None})):
        done = run(three, act, second_agent, **data)
        assert {item.problem for item in done.items.all()} == {
            "Ann has this case. A team lead can reassign it, or ask Ann to hand it back."
        }


def test_who_does_not_work_on_tickets_asks_for_nothing(three: list[int], officer: User) -> None:
    with pytest.raises(NotAllowed):
        run(three, BulkAct.NOTE, officer, body="x")


def test_hidden_tickets_cannot_be_named(
    three: list[int], make_ticket: Make, agent: User, other_team: Team, lead: User
) -> None:
    move_to_team(get(three[0]), team=other_team, by=actors.staff(lead))
    done = run([*three, 10**9], BulkAct.PRIORITY, agent, priority="low")
    assert set(done.items.values_list("ticket_id", flat=True)) == set(three[1:])
    with pytest.raises(Invalid):
        run(three[:1], BulkAct.PRIORITY, agent, priority="low")


def test_a_ticket_that_went_away_meanwhile(
    three: list[int], agent: User, lead: User, other_team: Team
) -> None:
    asked = begin(three, act=BulkAct.PRIORITY, data={"priority": "low"}, by=actors.staff(agent))
    move_to_team(get(three[0]), team=other_team, by=actors.staff(lead))
    done = work_off(asked)
    assert states(done) == [F, D, D]
    assert done.items.get(state=F).problem == "You do not see this case any more."


def test_somebody_who_left_does_nothing_more(three: list[int], agent: User) -> None:
    asked = begin(three, act=BulkAct.PRIORITY, data={"priority": "low"}, by=actors.staff(agent))
    User.objects.filter(pk=agent.pk).update(role=Role.SECURITY_OFFICER)
    assert states(work_off(asked)) == [F, F, F]


def test_no_more_than_ten_thousand(three: list[int], agent: User) -> None:
    with pytest.raises(Invalid) as refused:
        begin(range(10_001), act=BulkAct.NOTE, data={"body": "x"}, by=actors.staff(agent))
    assert "10,000" in str(refused.value.fields["ticket"])
    assert not BulkRun.objects.exists()


@pytest.mark.parametrize(
    ("act", "data", "field"),
    [
        (BulkAct.STATUS, {"status": "new"}, "status"),
        (BulkAct.STATUS, {}, "status"),
        (BulkAct.ASSIGN, {"assignee": 10**8}, "assignee"),
        (BulkAct.TEAM, {"team": None}, "team"),
        (BulkAct.CATEGORY, {"category": 10**8}, "category"),
        (BulkAct.PRIORITY, {"priority": "huge"}, "priority"),
        (BulkAct.ADD_TAGS, {"tags": [" "]}, "tags"),
        (BulkAct.ADD_TAGS, {"tags": ["x" * 41]}, "tags"),
        (BulkAct.MACRO, {"macro": 10**8}, "macro"),
        (BulkAct.REPLY, {"zh": " ", "en": ""}, "zh"),
        (BulkAct.REPLY, {"zh": "您好", "then": "new"}, "then"),
        (BulkAct.REPLY, {"en": "Dear {costumer}"}, "en"),
        (BulkAct.NOTE, {"body": ""}, "body"),
    ],
)
def test_nonsense_is_not_begun(
    three: list[int], agent: User, act: BulkAct, data: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        begin(three, act=act, data=data, by=actors.staff(agent))
    assert list(refused.value.fields) == [field]


def test_the_same_form_twice_is_one_run(three: list[int], agent: User, second_agent: User) -> None:
    wanted: dict[str, Any] = {"act": BulkAct.NOTE, "data": {"body": "x"}, "origin_key": "k"}
    first = begin(three, by=actors.staff(agent), **wanted)
    assert begin(three, by=actors.staff(agent), **wanted) == first
    assert BulkItem.objects.count() == 3


class TestReplies:
    def test_each_in_their_language(
        self, three: list[int], make_ticket: Make, customer: Customer, agent: User
    ) -> None:
        english = make_ticket(language="en").pk
        done = run(
            [*three, english], BulkAct.REPLY, agent, zh="{customer}您好", en="Dear {customer}", then="pending"
        )
        assert states(done) == [D] * 4
        said = dict(Message.objects.filter(author=agent).values_list("ticket_id", "body"))
        assert said == dict.fromkeys(three, "王小明您好") | {english: "Dear 王小明"}
        assert {get(pk).status for pk in three} == {Status.PENDING}

    def test_nobody_is_answered_in_another_language(
        self, three: list[int], make_ticket: Make, agent: User
    ) -> None:
        english = make_ticket(language="en").pk
        done = run([three[0], english], BulkAct.REPLY, agent, zh="您好")
        assert states(done) == [D, F]
        assert "no text in English" in done.items.get(state=F).problem

    def test_who_wrote_meanwhile_is_not_answered(
        self, three: list[int], customer: Customer, agent: User
    ) -> None:
        seen = last_seen(three)
        messages.customer_reply(get(three[1]), body="已经到账了，谢谢？", by=actors.customer(customer))
        done = run(three, BulkAct.REPLY, agent, seen, zh="您好")
        assert states(done) == [D, F, D]
        assert "wrote here after you had looked" in done.items.get(state=F).problem

    def test_taken_back_while_held(self, three: list[int], agent: User, settings: Any) -> None:
        settings.MAIL_UNDO_SECONDS = 60
        done = run(three, BulkAct.REPLY, agent, zh="您好", then="solved")
        undo(done, by=actors.staff(agent))
        assert states(work_off(done)) == [U, U, U]
        assert not OutboxMail.objects.exclude(purpose="receipt").exists()
        assert {(get(pk).status, get(pk).assignee) for pk in three} == {(Status.NEW, None)}

    def test_what_has_left_stays(self, three: list[int], agent: User, settings: Any) -> None:
        settings.MAIL_UNDO_SECONDS = 60
        done = run(three, BulkAct.REPLY, agent, zh="您好")
        undo(done, by=actors.staff(agent))
        with clock.frozen(clock.now() + timedelta(seconds=61)):
            done = work_off(done)
        assert states(done) == [K, K, K]
        assert "has left" in done.items.first().problem  # type: ignore[union-attr]


class TestKilled:
    def test_between_two_tickets(self, three: list[int], agent: User) -> None:
        """What was done is kept, what was being done is not half done, and the next round goes on there."""
        asked = begin(three, act=BulkAct.NOTE, data={"body": "x"}, by=actors.staff(agent))
        real, calls = bulk_items._done, []

        def dies_at_the_second(*args: Any) -> list[int]:
            calls.append(args)
            done = real(*args)
            if len(calls) == 2:
                raise OperationalError("killed")
            return done

        with (
            mock.patch.object(bulk_items, "_done", dies_at_the_second),
            pytest.raises(OperationalError),
        ):
            work(asked.pk)
        assert states(asked) == [D, BulkItemState.WAITING, BulkItemState.WAITING]
        assert bulk.under_way() == [asked.pk]
        assert states(work_off(asked)) == [D, D, D]
        assert Message.objects.filter(author=agent).count() == 3

    def test_a_fault_of_ours_stops_nobody_else(self, three: list[int], agent: User) -> None:
        asked = begin(three, act=BulkAct.NOTE, data={"body": "x"}, by=actors.staff(agent))
        with mock.patch.object(bulk_items, "_done", side_effect=[ZeroDivisionError, [1], [2]]):
            assert states(work_off(asked)) == [F, D, D]


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_run(make_ticket: Make, agent: User) -> None:
    pks = [make_ticket().pk for _ in range(8)]
    asked = begin(pks, act=BulkAct.NOTE, data={"body": "x"}, by=actors.staff(agent))
    results = all_at_once([lambda: work_off(asked) for _ in range(3)])
    assert not [result for result in results if isinstance(result, Exception)]
    asked.refresh_from_db()
    assert (asked.state, states(asked)) == (RunState.DONE, [D] * 8)
    assert Message.objects.filter(author=agent).count() == 8


class TestUndoing:
    def test_all_is_as_it_was(self, three: list[int], lead: User, agent: User, other_team: Team) -> None:
        for pk in three:
            change_status(get(pk), to=Status.OPEN, by=actors.staff(agent))
        assign(get(three[0]), to=agent, by=actors.staff(agent))
        before = [snapshot(pk) for pk in three]
        for act, data in (
            (BulkAct.ASSIGN, {"assignee": lead.pk}),
            (BulkAct.TEAM, {"team": other_team.pk}),
            (BulkAct.STATUS, {"status": "solved"}),
            (BulkAct.PRIORITY, {"priority": "urgent"}),
            (BulkAct.ADD_TAGS, {"tags": ["a", "b"]}),
        ):
            done = run(three, act, lead, **data)
            assert [snapshot(pk) for pk in three] != before, act
            undo(done, by=actors.staff(lead))
            assert states(work_off(done)) == [U, U, U], (act, list(done.items.values("problem")))
            assert [snapshot(pk) for pk in three] == before, act

    def test_what_changed_since_is_left_as_it_is(
        self, three: list[int], agent: User, second_agent: User
    ) -> None:
        done = run(three, BulkAct.PRIORITY, agent, priority="low")
        set_priority(get(three[1]), priority=Priority.HIGH, by=actors.staff(second_agent))
        undo(done, by=actors.staff(agent))
        assert states(work_off(done)) == [U, K, U]
        assert "Bo" in done.items.get(state=K).problem
        assert get(three[1]).priority == Priority.HIGH

    def test_whom_a_category_led_out_of_ones_sight_come_back(
        self, three: list[int], agent: User, other_team: Team
    ) -> None:
        freeze = Category.objects.create(slug="freeze", name_zh="冻结", name_en="Freeze", team=other_team)
        before = [snapshot(pk) for pk in three]
        done = run(three, BulkAct.CATEGORY, agent, category=freeze.pk)
        assert not Ticket.objects.visible_to(agent).filter(pk__in=three).exists()
        undo(done, by=actors.staff(agent))
        assert states(work_off(done)) == [U, U, U]
        assert [snapshot(pk) for pk in three] == before

    def test_twice_is_once(self, three: list[int], agent: User) -> None:
        done = run(three, BulkAct.PRIORITY, agent, priority="low")
        for _ in range(2):
            undo(done, by=actors.staff(agent))
            assert states(work_off(done)) == [U, U, U]

    def test_in_the_middle(self, three: list[int], agent: User) -> None:
        asked = begin(three, act=BulkAct.PRIORITY, data={"priority": "low"}, by=actors.staff(agent))
        assert work(asked.pk, most=1)
        undo(asked, by=actors.staff(agent))
        assert states(work_off(asked)) == [U, S, S]

    def test_stopped_in_the_middle(self, three: list[int], agent: User) -> None:
        asked = begin(three, act=BulkAct.PRIORITY, data={"priority": "low"}, by=actors.staff(agent))
        work(asked.pk, most=1)
        bulk.stop(asked, by=actors.staff(agent))
        assert states(work_off(asked)) == [D, S, S]
        assert asked.state == RunState.DONE

    def test_only_by_its_author_and_in_time(self, three: list[int], agent: User, administrator: User) -> None:
        done = run(three, BulkAct.PRIORITY, agent, priority="low")
        for act in (undo, bulk.stop):
            with pytest.raises(NotAllowed):
                act(done, by=actors.staff(administrator))
        with clock.frozen(clock.now() + timedelta(days=1, minutes=1)), pytest.raises(TooLateToUndo):
            undo(done, by=actors.staff(agent))

    def test_notes_stay(self, three: list[int], agent: User) -> None:
        done = run(three, BulkAct.NOTE, agent, body="x")
        undo(done, by=actors.staff(agent))
        assert states(work_off(done)) == [K, K, K]
        assert "note stays" in done.items.first().problem  # type: ignore[union-attr]


def snapshot(pk: int) -> tuple[object, ...]:
    row = get(pk)
    return row.status, row.priority, row.team_id, row.assignee_id, tuple(row.tags), row.solved_at


class TestOutlook:
    """What is foretold is what happens."""

    @pytest.mark.parametrize("who", ["agent", "lead"])
    def test_the_same_rules(
        self,
        make_ticket: Make,
        second_agent: User,
        other_brand: Brand,
        other_team: Team,
        who: str,
        request: pytest.FixtureRequest,
    ) -> None:
        user: User = request.getfixturevalue(who)
        by = actors.staff(second_agent)
        fresh, theirs, closed, tagged, merged, unproved, english = (make_ticket().pk for _ in range(7))
        assign(get(theirs), to=second_agent, by=by)
        for to in (Status.SOLVED, Status.CLOSED):
            change_status(get(closed), to=to, by=by)
        set_tags(get(tagged), tags=[f"t{number}" for number in range(19)], by=by)
        Ticket.objects.filter(pk=merged).update(merged_into=fresh)
        Ticket.objects.filter(pk=unproved).update(unproved_sender="who@example.com")
        Ticket.objects.filter(pk=english).update(language="en")
        everything = [fresh, theirs, closed, tagged, merged, unproved, english]
        elsewhere = Category.objects.create(slug="elsewhere", name_zh="x", name_en="x")
        elsewhere.brands.set([other_brand])
        macro = Macro.objects.create(name_zh="x", name_en="x", statuses=["new"], set_priority=10)
        asks = Macro.objects.create(name_zh="x", name_en="x", body_zh="请提供验证码", body_en="Hello")
        acts: list[tuple[BulkAct, dict[str, Any]]] = [
            (BulkAct.ASSIGN, {"assignee": user.pk}),
            (BulkAct.ASSIGN, {"assignee": None}),
            (BulkAct.TEAM, {"team": other_team.pk}),
            (BulkAct.STATUS, {"status": "pending"}),
            (BulkAct.STATUS, {"status": "closed"}),
            (BulkAct.PRIORITY, {"priority": "normal"}),
            (BulkAct.CATEGORY, {"category": elsewhere.pk}),
            (BulkAct.ADD_TAGS, {"tags": ["a", "b"]}),
            (BulkAct.REMOVE_TAGS, {"tags": ["t1"]}),
            (BulkAct.MACRO, {"macro": macro.pk}),
            (BulkAct.NOTE, {"body": "x"}),
            (BulkAct.REPLY, {"zh": "您好", "then": "pending"}),
            (BulkAct.REPLY, {"zh": "{number} 请提供验证码"}),
            (BulkAct.MACRO, {"macro": asks.pk}),
        ]
        for kind, data in acts:
            foretold = outlook(everything, act_of(kind, data), by=actors.staff(user))
            with rolled_back():
                came = states(run(everything, kind, user, **data))
            assert (foretold.will, foretold.has, foretold.refusals) == (
                came.count(D),
                came.count(S),
                came.count(F),
            ), (kind, data)
            assert foretold.total == len(everything)

    def test_reasons_name_their_tickets(self, three: list[int], agent: User, second_agent: User) -> None:
        act = act_of(BulkAct.ASSIGN, {"assignee": second_agent.pk})
        found = outlook(three, act, by=actors.staff(agent))
        (reason,) = found.refused.values()
        assert reason.why.startswith("Only team leads give cases to others.")
        assert reason.count == 3
        assert [ticket.pk for ticket in reason.tickets] == three

    def test_the_send_gate_is_foretold(
        self, make_ticket: Make, customer: Customer, agent: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """By the language of each, with what is meant; whose case it is makes a difference."""
        somebody = customers.find_or_create(email="zhao@example.org", name="赵", language="zh-hans")
        chinese, theirs, english = make_ticket(), make_ticket(customer=somebody), make_ticket(language="en")
        data = {"zh": "请提供验证码，写给 zhao@example.org", "en": "Hello {number}"}
        act, by = act_of(BulkAct.REPLY, data), actors.staff(agent)
        found = outlook([chinese.pk, theirs.pk, english.pk], act, by=by)
        assert found.will == 1
        told = {ticket.pk: why for why, one in found.refused.items() for ticket in one.tickets}
        assert all("验证码" in why and "asks the customer for a secret" in why for why in told.values())
        assert "“zhao@example.org”: This belongs to another customer" in told[chinese.pk]
        assert "zhao@example.org" not in told[theirs.pk]
        monkeypatch.setattr("tickets.actions.bulk_gate.EXACT", 0)
        assert outlook([chinese.pk, theirs.pk], act, by=by).refusals == 2

    def test_the_first_texts_show_each_language(
        self, three: list[int], make_ticket: Make, agent: User
    ) -> None:
        english = make_ticket(language="en").pk
        act = act_of(BulkAct.REPLY, {"zh": "您好 {number}", "en": "Hi {number}"})
        found = outlook([*three, english], act, by=actors.staff(agent))
        said = texts(found, act, by=actors.staff(agent))
        assert [ticket.language for ticket, _text in said] == ["zh-hans", "zh-hans", "en"]
        assert said[2][1] == f"Hi {get(english).display_number}"

    def test_it_asks_no_more_for_more_tickets(
        self, three: list[int], make_ticket: Make, agent: User, django_assert_num_queries: Any
    ) -> None:
        act = act_of(BulkAct.STATUS, {"status": "pending"})
        by = actors.staff(agent)
        for pks in (three[:1], three):
            with django_assert_num_queries(2):
                outlook(pks, act, by=by)


class rolled_back:
    """What is done within it is not."""

    def __enter__(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, *args: Any) -> None:
        connection.set_rollback(True)
        self.atomic.__exit__(*args)

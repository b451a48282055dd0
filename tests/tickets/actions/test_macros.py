"""Macros: what they say and change, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Brand, Customer, Team, User
from helpdesk.lib.errors import DomainError, NotAllowed
from tickets import actors
from tickets.actions import macros, messages
from tickets.actions.assignment import assign
from tickets.actions.macros import DoesNotFit, apply
from tickets.actions.messages import NewerMessages
from tickets.actions.status import change_status
from tickets.actions.tickets import set_priority, set_tags
from tickets.actions.undoing_acts import undo_all
from tickets.choices import AssigneeAct, EventKind, Priority, Status, Visibility
from tickets.models import Category, Event, Macro, Message, OutboxMail, Ticket

Make = Callable[..., Ticket]


def macro(**values: Any) -> Macro:
    return Macro.objects.create(**{"name_zh": "宏", "name_en": "Macro", **values})


def kinds(events: list[Event]) -> list[str]:
    return [event.kind for event in events]


def test_it_works(ticket: Ticket, agent: User, other_team: Team) -> None:
    made = macro(
        body_zh="{customer}您好，{number}",
        body_en="Dear {customer}",
        set_status=Status.PENDING,
        set_priority=Priority.HIGH,
        add_tags=["vip", "late"],
    )
    events = apply(ticket, made, by=actors.staff(agent))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.priority, ticket.tags) == (Status.PENDING, Priority.HIGH, ["vip", "late"])
    said = Message.objects.latest("pk")
    assert said.body == f"王小明您好，{ticket.display_number}", "in the customer's language"
    assert said.is_public
    assert kinds(events) == ["replied", "status_changed", "priority_changed", "tags_changed", "macro_applied"]
    assert events[-1].data["name_en"] == "Macro"


def test_a_reply_that_solves_is_one_mail(ticket: Ticket, agent: User) -> None:
    apply(ticket, macro(body_zh="好了", set_status=Status.SOLVED), by=actors.staff(agent))
    purposes = OutboxMail.objects.exclude(purpose="receipt").values_list("purpose", flat=True)
    assert list(purposes) == ["solved"]


def test_a_note_tells_the_customer_nothing(ticket: Ticket, agent: User) -> None:
    apply(ticket, macro(body_zh="内部", is_note=True, set_status=Status.OPEN), by=actors.staff(agent))
    assert Message.objects.latest("pk").visibility == Visibility.INTERNAL
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee) == (Status.OPEN, None)


def test_changes_alone_say_nothing(ticket: Ticket, agent: User) -> None:
    events = apply(ticket, macro(set_priority=Priority.LOW), by=actors.staff(agent))
    assert kinds(events) == ["priority_changed", "macro_applied"]
    assert Message.objects.count() == 1


def test_where_nothing_is_to_do_nothing_is_told(ticket: Ticket, agent: User) -> None:
    assert apply(ticket, macro(set_priority=ticket.priority, remove_tags=["x"]), by=actors.staff(agent)) == []
    assert not Event.objects.filter(kind=EventKind.MACRO_APPLIED).exists()


def test_the_edited_text_is_sent(ticket: Ticket, agent: User) -> None:
    apply(ticket, macro(body_zh="原文"), by=actors.staff(agent), body="改过的 {customer}")
    assert Message.objects.latest("pk").body == "改过的 {customer}", "what the agent sees is what is sent"


def test_a_move_after_the_reply_takes_the_case_along(ticket: Ticket, agent: User, other_team: Team) -> None:
    """Whoever answers has it; with the move it is nobody's of the new team."""
    apply(ticket, macro(body_zh="转给同事", set_team=other_team), by=actors.staff(agent))
    ticket.refresh_from_db()
    assert (ticket.team, ticket.assignee) == (other_team, None)


@pytest.mark.parametrize("to", [AssigneeAct.ME, AssigneeAct.NOBODY])
def test_who_has_it_then(ticket: Ticket, agent: User, to: AssigneeAct) -> None:
    assign(ticket, to=agent if to == AssigneeAct.NOBODY else None, by=actors.staff(agent))
    apply(ticket, macro(set_assignee=to), by=actors.staff(agent))
    ticket.refresh_from_db()
    assert ticket.assignee == (agent if to == AssigneeAct.ME else None)


def test_one_refusal_undoes_the_rest(ticket: Ticket, agent: User, second_agent: User) -> None:
    """Taking a case from a colleague is a lead's right."""
    assign(ticket, to=second_agent, by=actors.staff(second_agent))
    made = macro(body_zh="您好", add_tags=["vip"], set_assignee=AssigneeAct.ME)
    with pytest.raises(NotAllowed):
        apply(ticket, made, by=actors.staff(agent))
    ticket.refresh_from_db()
    assert (ticket.tags, Message.objects.count()) == ([], 1)


def test_somebody_wrote_meanwhile(ticket: Ticket, agent: User, customer: Customer) -> None:
    seen = Message.objects.latest("pk").pk
    messages.customer_reply(ticket, body="已经到了", by=actors.customer(customer))
    with pytest.raises(NewerMessages):
        apply(ticket, macro(body_zh="您好", add_tags=["x"]), by=actors.staff(agent), seen=seen)
    ticket.refresh_from_db()
    assert ticket.tags == []


def test_the_same_act_twice_is_done_once(ticket: Ticket, agent: User) -> None:
    made, by = macro(body_zh="您好", add_tags=["vip"]), actors.staff(agent)
    first = apply(ticket, made, by=by, origin_key="k")
    set_tags(ticket, tags=[], by=by)
    assert kinds(apply(ticket, made, by=by, origin_key="k")) == kinds(first)
    ticket.refresh_from_db()
    assert ticket.tags == [], "not done again"
    assert Message.objects.count() == 2


def test_who_may_not_work_may_not_apply(ticket: Ticket, officer: User) -> None:
    with pytest.raises(NotAllowed):
        apply(ticket, macro(add_tags=["x"]), by=actors.staff(officer))


@pytest.mark.parametrize("what", ["brand", "category", "team", "channel", "statuses", "off"])
def test_only_where_it_fits(
    ticket: Ticket, agent: User, other_brand: Brand, other_team: Team, what: str
) -> None:
    kept_to: dict[str, dict[str, Any]] = {
        "brand": {"brand": other_brand},
        "category": {"category": Category.objects.create(slug="x", name_zh="x", name_en="x")},
        "team": {"team": other_team},
        "channel": {"channel": "email"},
        "statuses": {"statuses": [Status.SOLVED]},
        "off": {"is_active": False},
    }
    with pytest.raises(DoesNotFit):
        apply(ticket, macro(add_tags=["x"], **kept_to[what]), by=actors.staff(agent))


def test_a_manager_uses_every_teams_macros(ticket: Ticket, manager: User, other_team: Team) -> None:
    assert apply(ticket, macro(add_tags=["x"], team=other_team), by=actors.staff(manager))


class TestChecking:
    """``check`` refuses what ``apply`` refuses, and nothing else."""

    MADE: dict[str, dict[str, Any]] = {
        "text": {"body_zh": "您好"},
        "note": {"body_zh": "您好", "is_note": True},
        "solve": {"body_zh": "您好", "set_status": "solved"},
        "close": {"set_status": "closed"},
        "open": {"set_status": "open"},
        "mine": {"set_assignee": "me"},
        "nobody": {"set_assignee": "nobody"},
        "away": {"set_team": "risk"},
        "away and mine": {"set_team": "risk", "set_assignee": "me"},
        "say and away and nobody": {"body_zh": "您好", "set_team": "risk", "set_assignee": "nobody"},
        "category": {"set_category": "elsewhere"},
        "tags": {"add_tags": [f"t{number}" for number in range(18)]},
        "not here": {"statuses": ["pending"], "add_tags": ["x"]},
    }

    @pytest.mark.parametrize("state", ["new", "theirs", "solved", "unproved", "tagged", "merged"])
    def test_the_same_rules(
        self,
        state: str,
        make_ticket: Make,
        agent: User,
        lead: User,
        manager: User,
        second_agent: User,
        other_brand: Brand,
        other_team: Team,
    ) -> None:
        elsewhere = Category.objects.create(slug="elsewhere", name_zh="x", name_en="x")
        elsewhere.brands.set([other_brand])
        named: dict[str, Any] = {"set_team": other_team, "set_category": elsewhere}
        ticket = in_state(state, make_ticket, second_agent)
        for name, values in self.MADE.items():
            made = macro(**values | {key: row for key, row in named.items() if key in values})
            for user in (agent, lead, manager):
                foreseen = refusal(check, ticket, made, user, {other_brand.pk})
                assert refusal(apply_and_forget, ticket, made, user) == foreseen, (name, user)


def check(ticket: Ticket, made: Macro, user: User, offered_by: set[int]) -> None:
    macros.check(ticket, made, by=actors.staff(user), offered_by=offered_by)


def apply_and_forget(ticket: Ticket, made: Macro, user: User) -> None:
    with transaction.atomic():
        apply(ticket, made, by=actors.staff(user))
        transaction.set_rollback(True)


def refusal(act: Callable[..., object], *args: object) -> type[DomainError] | None:
    try:
        act(*args)
    except DomainError as problem:
        return type(problem)
    return None


def in_state(state: str, make_ticket: Make, holder: User) -> Ticket:
    ticket, by = make_ticket(), actors.staff(holder)
    if state == "theirs":
        assign(ticket, to=holder, by=by)
    elif state == "solved":
        change_status(ticket, to=Status.SOLVED, by=by)
    elif state == "tagged":
        set_tags(ticket, tags=["a", "b", "c"], by=by)
    elif state == "unproved":
        Ticket.objects.filter(pk=ticket.pk).update(unproved_sender="who@example.com")
    elif state == "merged":
        Ticket.objects.filter(pk=ticket.pk).update(merged_into=make_ticket())
    return Ticket.objects.select_related("category", "assignee", "team").get(pk=ticket.pk)


class TestUndoing:
    def before_and_after(self, ticket: Ticket, made: Macro, by: User) -> tuple[object, object, object]:
        def look() -> object:
            now = Ticket.objects.get(pk=ticket.pk)
            return (
                *(now.status, now.priority, now.category_id, now.team_id, now.assignee_id),
                *(sorted(now.tags), now.first_response_at),
            )

        before = look()
        events = apply(ticket, made, by=actors.staff(by))
        changed = look()
        undo_all(events, by=actors.staff(by))
        return before, changed, look()

    @pytest.mark.parametrize(
        "values",
        [
            {"set_priority": 40, "add_tags": ["a"], "remove_tags": ["old"]},
            {"set_team": True},
            {"set_team": True, "set_assignee": "nobody"},
            {"set_assignee": "me", "set_status": "pending"},
            {"body_zh": "您好", "set_status": "solved", "add_tags": ["a"]},
            {"body_zh": "您好", "set_assignee": "nobody"},
            {"body_zh": "您好", "set_team": True, "set_status": "pending"},
        ],
    )
    @pytest.mark.parametrize("held", [False, True])
    def test_all_is_as_it_was(
        self,
        ticket: Ticket,
        lead: User,
        agent: User,
        other_team: Team,
        values: dict[str, Any],
        held: bool,
        settings: Any,
    ) -> None:
        settings.MAIL_UNDO_SECONDS = 60
        set_tags(ticket, tags=["old"], by=actors.staff(lead))
        change_status(ticket, to=Status.OPEN, by=actors.staff(lead))
        if held:
            assign(ticket, to=agent, by=actors.staff(agent))
        values = {**values, **({"set_team": other_team} if "set_team" in values else {})}
        before, changed, after = self.before_and_after(ticket, macro(**values), lead)
        assert changed != before
        assert after == before

    def test_what_was_changed_since_stops_all_of_it(
        self, ticket: Ticket, agent: User, second_agent: User
    ) -> None:
        events = apply(ticket, macro(add_tags=["a"], set_priority=Priority.URGENT), by=actors.staff(agent))
        set_priority(ticket, priority=Priority.LOW, by=actors.staff(second_agent))
        with pytest.raises(DomainError, match="Bo"):
            undo_all(events, by=actors.staff(agent))
        ticket.refresh_from_db()
        assert ticket.tags == ["a"]

"""Where cases go: by rules when they come in, and again when somebody says what they are about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import Customer, Team, User
from helpdesk.lib import clock
from tests.times import shanghai
from tickets import actors
from tickets.actions.recalculation import request, work
from tickets.actions.tickets import set_priority
from tickets.choices import ActorKind, EventKind, Priority, TimerKind
from tickets.models import Category, Event, RoutingRule, SlaPolicy, SlaTarget, Ticket, Timer
from tickets.queries.timeline import Names, sentence

Make = Callable[..., Ticket]


@pytest.fixture
def quick(policy: SlaPolicy) -> SlaPolicy:
    """For VIPs only; answered in ten minutes on the clock."""
    made = SlaPolicy.objects.create(name="Quick", position=2000, tiers=["vip"])
    SlaTarget.objects.create(policy=made, kind=TimerKind.FIRST_RESPONSE, minutes=10, counting="elapsed")
    return made


def rule(name: str = "Chinese withdrawals", **values: Any) -> RoutingRule:
    return RoutingRule.objects.create(name=name, **values)


def told(ticket: Ticket) -> list[dict[str, Any]]:
    rows = Event.objects.filter(ticket=ticket, kind=EventKind.ROUTED).order_by("pk")
    assert all(row.actor_kind == ActorKind.SYSTEM for row in rows)
    return [row.data for row in rows]


class TestOpening:
    def test_it_works(
        self, make_ticket: Make, other_team: Team, quick: SlaPolicy, category: Category
    ) -> None:
        made = rule(
            languages=["zh-hans"],
            words="到账",
            team=other_team,
            priority=Priority.HIGH,
            policy=quick,
            tags=["late"],
        )
        made.categories.add(category)
        with clock.frozen(shanghai(2, 10)):
            ticket = make_ticket(tags=["vip"])
        ticket.refresh_from_db()
        assert (ticket.team, ticket.priority, ticket.tags) == (other_team, Priority.HIGH, ["vip", "late"])
        assert ticket.chosen_policy == quick
        [timer] = Timer.objects.filter(ticket=ticket)
        assert (timer.policy, timer.due_at) == (quick, shanghai(2, 10, 10))
        assert told(ticket) == [
            {
                "rule": made.pk,
                "name": "Chinese withdrawals",
                "team": "risk",
                "priority": "high",
                "policy": "Quick",
                "tags": ["late"],
            }
        ]
        event = Event.objects.get(ticket=ticket, kind=EventKind.ROUTED)
        with translation.override("en"):
            told_as = sentence(event, Names.load())
        assert told_as == (
            "routed by the rule “Chinese withdrawals”: team Risk, priority high, policy Quick, tag late"
        )

    def test_no_rule_fits(self, make_ticket: Make, team: Team) -> None:
        rule(languages=["en"], tags=["english"])
        ticket = make_ticket()
        assert ticket.team == team, "the category's own"
        assert told(ticket) == []

    def test_several(self, make_ticket: Make, team: Team, other_team: Team) -> None:
        rule("second", position=2, team=other_team, tags=["b"])
        rule("first", position=1, tags=["a"], ends=False)
        rule("third", position=3, tags=["c"])
        ticket = make_ticket()
        assert (ticket.team, ticket.tags) == (other_team, ["a", "b"])
        assert [data["name"] for data in told(ticket)] == ["first", "second"]

    def test_switched_off(self, make_ticket: Make, team: Team, other_team: Team) -> None:
        rule("off", is_active=False, team=other_team)
        other_team.is_active = False
        other_team.save()
        rule("to a team that is no more", team=other_team)
        assert make_ticket().team == team

    def test_a_priority_that_somebody_chose_stays(self, make_ticket: Make) -> None:
        rule(priority=Priority.URGENT)
        assert make_ticket(priority=Priority.LOW).priority == Priority.LOW

    def test_who_is_not_proved_is_not_the_sender(self, make_ticket: Make, customer: Customer) -> None:
        rule(senders="@example.com", tags=["partner"])
        assert make_ticket().tags == ["partner"]
        assert make_ticket(unproved_sender="wang@example.com").tags == []

    def test_one_query_for_all_rules(self, make_ticket: Make) -> None:
        make_ticket()
        with CaptureQueriesContext(connection) as none:
            make_ticket()
        for number in range(20):
            rule(f"r{number}", words="absent", team=Team.objects.first())
        with CaptureQueriesContext(connection) as many:
            make_ticket()
        assert len(many) == len(none)
        assert sum("routingrule r" in query["sql"] for query in many.captured_queries) == 1


class TestChosenPolicy:
    def test_it_stays_when_the_priority_changes(
        self, make_ticket: Make, quick: SlaPolicy, agent: User
    ) -> None:
        rule(policy=quick)
        ticket = make_ticket()
        set_priority(ticket, priority=Priority.URGENT, by=actors.staff(agent))
        assert {timer.policy for timer in Timer.objects.filter(ticket=ticket)} == {quick}

    def test_a_recalculation_keeps_it(self, make_ticket: Make, quick: SlaPolicy, manager: User) -> None:
        rule(policy=quick)
        ticket = make_ticket()
        request(policy=None, by=actors.staff(manager))
        while work():
            pass
        assert {timer.policy for timer in Timer.objects.filter(ticket=ticket)} == {quick}
        assert Timer.objects.filter(ticket=ticket, state="running").count() == 1

    def test_switched_off_it_is_as_if_none_was_chosen(
        self, make_ticket: Make, quick: SlaPolicy, policy: SlaPolicy
    ) -> None:
        rule(policy=quick)
        SlaPolicy.objects.filter(pk=quick.pk).update(is_active=False)
        assert {timer.policy for timer in Timer.objects.filter(ticket=make_ticket())} == {policy}

"""On and off duty, and what becomes of the cases of whoever goes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from unittest import mock

import pytest
from django.db import transaction

from accounts.choices import AssignmentMode
from accounts.models import Brand, Team, User
from accounts.rules.capabilities import Role
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid, NotAllowed
from tests.cast import person
from tests.crowd import all_at_once
from tests.times import shanghai
from tickets import actors
from tickets.actions import duty
from tickets.actions.assignment import assign, take
from tickets.actions.giving import assign_waiting
from tickets.actions.messages import customer_reply, note, reply
from tickets.actions.taking import take_next
from tickets.choices import EventKind, Status
from tickets.models import Event, Ticket, TicketRead
from tickets.rules.duty import Handing, Why

Make = Callable[..., Ticket]


def mine(user: User) -> set[int]:
    return set(Ticket.objects.filter(assignee=user).values_list("pk", flat=True))


@pytest.fixture
def cases(make_ticket: Make, agent: User) -> dict[str, Ticket]:
    """One nobody answered, one answered, one in which the customer waits again, one that waits for the customer."""
    by = actors.staff(agent)
    found = {name: take(make_ticket(), by=by) for name in ("fresh", "answered", "asked", "pending")}
    for name in ("answered", "asked", "pending"):
        reply(found[name], body="ok", by=by, then=Status.PENDING if name == "pending" else None)
    customer_reply(found["asked"], body="And now?", by=actors.customer(found["asked"].customer))
    return found


def test_it_works(cases: dict[str, Ticket], agent: User) -> None:
    assert duty.go_off_duty(agent, by=actors.staff(agent)) == 1
    agent.refresh_from_db()
    assert not agent.is_on_duty
    assert agent.duty_changed_at is not None
    assert mine(agent) == {cases[name].pk for name in ("answered", "asked", "pending")}
    events = Event.objects.filter(ticket=cases["fresh"]).order_by("-pk")[:2]
    assert [(one.kind, one.data) for one in events] == [
        (EventKind.ASSIGNED, {"from": "Ann", "to": None}),
        (EventKind.HANDED_BACK, {"who": "Ann", "why": "off_duty"}),
    ]
    duty.go_on_duty(agent, by=actors.staff(agent))
    agent.refresh_from_db()
    assert agent.is_on_duty


def test_those_in_which_the_customer_waits_too(cases: dict[str, Ticket], agent: User) -> None:
    assert duty.go_off_duty(agent, by=actors.staff(agent), handing=Handing.WAITING) == 2
    assert mine(agent) == {cases[name].pk for name in ("answered", "pending")}


def test_a_team_that_hands_nothing_back(cases: dict[str, Ticket], agent: User, team: Team) -> None:
    team.hands_back = False
    team.save()
    assert duty.go_off_duty(agent, by=actors.staff(agent)) == 0
    assert cases["fresh"].pk in mine(agent)


def test_others_get_them(make_ticket: Make, agent: User, second_agent: User, team: Team) -> None:
    ticket = take(make_ticket(), by=actors.staff(agent))
    Team.objects.filter(pk=team.pk).update(assignment=AssignmentMode.LEAST_LOADED)
    duty.go_off_duty(agent, by=actors.staff(agent))
    assert assign_waiting() == 1
    assert mine(second_agent) == {ticket.pk}


def test_hand_over(cases: dict[str, Ticket], agent: User, lead: User) -> None:
    assert duty.hand_over(agent, by=actors.staff(lead)) == 4
    assert mine(agent) == set()
    agent.refresh_from_db()
    assert agent.is_on_duty
    data = Event.objects.get(ticket=cases["pending"], kind=EventKind.HANDED_BACK).data
    assert data == {"who": "Ann", "why": Why.HANDED_OVER}


class TestWhoMay:
    def acts(self, who: User, of: User) -> list[Callable[[], Any]]:
        by = actors.staff(who)
        return [
            partial(duty.go_off_duty, of, by=by),
            partial(duty.go_on_duty, of, by=by),
            partial(duty.set_terms, of, capacity=3, speaks=["en"], skills=["Cards "], by=by),
        ]

    def test_a_lead_of_ones_team_and_who_sees_the_brand(
        self, agent: User, lead: User, manager: User, administrator: User
    ) -> None:
        for who in (lead, manager, administrator):
            for act in self.acts(who, agent):
                act()
        agent.refresh_from_db()
        assert (agent.capacity, agent.speaks, agent.skills) == (3, ["en"], ["cards"])

    def test_nobody_else(
        self,
        agent: User,
        second_agent: User,
        officer: User,
        brand: Brand,
        other_brand: Brand,
        other_team: Team,
    ) -> None:
        strangers = [
            second_agent,
            officer,
            person(Role.LEAD, "Far", brands=[brand], teams=[other_team]),
            person(Role.MANAGER, "Elsewhere", brands=[other_brand]),
        ]
        for who in strangers:
            acts = self.acts(who, agent)
            acts.append(partial(duty.hand_over, agent, by=actors.staff(who)))
            for act in acts:
                with pytest.raises(NotAllowed):
                    act()

    def test_an_agent_hands_over_nothing_in_bulk(self, agent: User) -> None:
        with pytest.raises(NotAllowed):
            duty.hand_over(agent, by=actors.staff(agent))

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"capacity": None}, "capacity"),
            ({"capacity": -1}, "capacity"),
            ({"capacity": 1001}, "capacity"),
            ({"speaks": ["xx"]}, "speaks"),
            ({"skills": [str(number) for number in range(31)]}, "skills"),
        ],
    )
    def test_nonsense(self, agent: User, lead: User, values: dict[str, Any], field: str) -> None:
        usual: dict[str, Any] = {"capacity": 5, "speaks": [], "skills": []}
        with pytest.raises(Invalid) as refused:
            duty.set_terms(agent, **{**usual, **values}, by=actors.staff(lead))
        assert list(refused.value.fields) == [field]


class TestIdle:
    @pytest.fixture
    def since_nine(self, agent: User, make_ticket: Make) -> Ticket:
        """On duty at nine, with a case that nobody answered."""
        with clock.frozen(shanghai(2, 8)):
            ticket = make_ticket()
            duty.go_off_duty(agent, by=actors.staff(agent))
        with clock.frozen(shanghai(2, 9)):
            duty.go_on_duty(agent, by=actors.staff(agent))
            return take(ticket, by=actors.staff(agent))

    def test_it_works(self, since_nine: Ticket, agent: User) -> None:
        with clock.frozen(shanghai(2, 12, 59)):
            assert duty.end_idle_duty() == 0
        with clock.frozen(shanghai(2, 13, 1)):
            assert duty.end_idle_duty() == 1
            assert duty.end_idle_duty() == 0
        agent.refresh_from_db()
        assert not agent.is_on_duty
        assert mine(agent) == set()
        event = Event.objects.get(ticket=since_nine, kind=EventKind.HANDED_BACK)
        assert (event.data["why"], event.actor_name) == ("idle", "duty")

    def test_an_act_is_a_sign_of_work(self, since_nine: Ticket, agent: User) -> None:
        with clock.frozen(shanghai(2, 12)):
            note(since_nine, body="still here", by=actors.staff(agent))
        with clock.frozen(shanghai(2, 15)):
            assert duty.end_idle_duty() == 0
        with clock.frozen(shanghai(2, 16, 1)):
            assert duty.end_idle_duty() == 1

    def test_so_is_a_reading(self, since_nine: Ticket, agent: User) -> None:
        TicketRead.objects.create(person=agent, ticket=since_nine, event_id=1, at=shanghai(2, 12))
        with clock.frozen(shanghai(2, 15)):
            assert duty.end_idle_duty() == 0

    def test_who_never_used_the_switch_stays(self, agent: User) -> None:
        with clock.frozen(clock.now() + timedelta(days=30)):
            assert duty.end_idle_duty() == 0

    def test_never(self, since_nine: Ticket, settings: Any) -> None:
        settings.DUTY_IDLE_HOURS = 0
        with clock.frozen(shanghai(5, 9)):
            assert duty.end_idle_duty() == 0


@pytest.mark.django_db(transaction=True)
def test_off_duty_while_cases_are_taken_and_given(
    make_ticket: Make, brand: Brand, team: Team, lead: User
) -> None:
    """No circle of waiting, and whoever is off duty has no case that nobody answered."""
    Team.objects.filter(pk=team.pk).update(assignment=AssignmentMode.ROUND_ROBIN)
    people = [person(Role.AGENT, f"Agent{number}", brands=[brand], teams=[team]) for number in range(4)]
    for _number in range(12):
        make_ticket()
    Team.objects.filter(pk=team.pk).update(assignment=AssignmentMode.PULL)
    waiting = [make_ticket() for _number in range(8)]
    Team.objects.filter(pk=team.pk).update(assignment=AssignmentMode.ROUND_ROBIN)
    acts: list[Callable[[], Any]] = [
        partial(duty.go_off_duty, who, by=actors.staff(who)) for who in people[:3]
    ]
    acts += [partial(take_next, who) for who in people] + [assign_waiting, assign_waiting]
    acts += [make_ticket] * 6
    acts += [partial(assign, one, to=people[3], by=actors.staff(lead)) for one in waiting[:3]]
    results = all_at_once(acts)
    problems = [result for result in results if isinstance(result, Exception)]
    assert [type(problem).__name__ for problem in problems if problem.__class__.__name__ != "OffDuty"] == []
    for who in people[:3]:
        assert mine(who) == set()


@pytest.mark.django_db(transaction=True)
def test_a_case_that_somebody_holds_follows(make_ticket: Make, brand: Brand, team: Team) -> None:
    """It is given when the person's cases are held already, and held by somebody else when the person is."""
    who = person(Role.AGENT, "Wei", brands=[brand], teams=[team])
    one = make_ticket()
    begun, held, left = (threading.Event() for _number in range(3))
    hold, rest = duty._hold, duty._hand_back_rest

    def somebody() -> None:
        assert begun.wait(30)
        Ticket.objects.filter(pk=one.pk).update(assignee=who)
        with transaction.atomic():
            Ticket.objects.select_for_update().get(pk=one.pk)
            held.set()
            assert left.wait(30)

    def hold_person(who: User) -> User:
        begun.set()
        assert held.wait(30)
        return hold(who)

    def hand_back_rest(*about: Any) -> None:
        left.set()
        rest(*about)

    with (
        mock.patch.object(duty, "_hold", hold_person),
        mock.patch.object(duty, "_hand_back_rest", hand_back_rest),
    ):
        go = partial(duty.go_off_duty, who, by=actors.staff(who))
        assert all_at_once([somebody, go]) == [None, 0]
    assert mine(who) == set()
    assert Event.objects.filter(ticket=one, kind=EventKind.HANDED_BACK).count() == 1

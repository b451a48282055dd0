"""The desk gives out a team's cases: in turn, or to whoever has the most room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from django.utils import translation

from accounts.choices import AssignmentMode
from accounts.models import Brand, Team, User
from accounts.rules.capabilities import Role
from tests.cast import person
from tests.crowd import all_at_once
from tickets import actors
from tickets.actions import duty
from tickets.actions.assignment import assign
from tickets.actions.giving import TASK, assign_waiting
from tickets.actions.status import change_status
from tickets.choices import Channel, EventKind, Status
from tickets.models import Category, Event, Ticket
from tickets.queries.timeline import Names, sentence

Make = Callable[..., Ticket]


@pytest.fixture
def sharing(team: Team) -> Team:
    team.assignment = AssignmentMode.ROUND_ROBIN
    team.save()
    return team


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr("tickets.actions.giving.wake", names.append)
    return names


def staff(name: str, brand: Brand, team: Team, **values: object) -> User:
    return person(Role.AGENT, name, brands=[brand], teams=[team], **values)


def test_in_turn(
    make_ticket: Make, sharing: Team, agent: User, second_agent: User, category: Category
) -> None:
    category.refresh_from_db()
    given = [make_ticket().assignee for _number in range(4)]
    assert given == [agent, second_agent, agent, second_agent]


def test_it_is_told(make_ticket: Make, sharing: Team, agent: User) -> None:
    ticket = make_ticket()
    kinds = Event.objects.filter(ticket=ticket).order_by("pk").values_list("kind", flat=True)
    assert list(kinds)[-2:] == [EventKind.ROUTED, EventKind.ASSIGNED]
    event = Event.objects.get(ticket=ticket, kind=EventKind.ROUTED)
    assert event.data == {"mode": "round_robin", "team": "funds", "to": "Ann", "load": 1, "capacity": 20}
    with translation.override("en"):
        assert "Ann has it (1 of 20)" in sentence(event, Names.load())


def test_least_loaded(make_ticket: Make, team: Team, brand: Brand) -> None:
    team.assignment = AssignmentMode.LEAST_LOADED
    team.save()
    small, big = staff("Small", brand, team, capacity=1), staff("Big", brand, team, capacity=3)
    assert [make_ticket().assignee for _number in range(5)] == [big, big, small, big, None]


def test_people_take_by_themselves_where_the_team_says_so(make_ticket: Make, agent: User) -> None:
    assert make_ticket().assignee is None


@pytest.mark.parametrize(
    "values",
    [
        {"is_on_duty": False},
        {"capacity": 0},
        {"is_active": False},
        {"speaks": ["en"]},
    ],
)
def test_not_to_those_who_cannot(
    make_ticket: Make, sharing: Team, agent: User, values: dict[str, object]
) -> None:
    User.objects.filter(pk=agent.pk).update(**values)
    assert make_ticket().assignee is None


def test_not_to_strangers(
    make_ticket: Make, sharing: Team, other_brand_agent: User, other_team_agent: User, officer: User
) -> None:
    officer.teams.add(sharing)
    assert make_ticket().assignee is None


def test_what_comes_from_another_system_waits_for_its_import(
    make_ticket: Make, sharing: Team, agent: User
) -> None:
    from tests.times import shanghai

    assert make_ticket(opened_at=shanghai(2, 10), channel=Channel.IMPORT).assignee is None


class TestWaiting:
    def test_until_somebody_comes(
        self, make_ticket: Make, sharing: Team, agent: User, woken: list[str]
    ) -> None:
        duty.go_off_duty(agent, by=actors.staff(agent))
        ticket = make_ticket()
        assert ticket.assignee is None
        assert assign_waiting() == 0
        duty.go_on_duty(agent, by=actors.staff(agent))
        assert assign_waiting() == 1
        ticket.refresh_from_db()
        assert ticket.assignee == agent

    def test_until_somebody_has_room(
        self, make_ticket: Make, sharing: Team, agent: User, woken: list[str]
    ) -> None:
        User.objects.filter(pk=agent.pk).update(capacity=1)
        first, second = make_ticket(), make_ticket()
        assert (first.assignee, second.assignee) == (agent, None)
        assert assign_waiting() == 0
        change_status(first, to=Status.SOLVED, by=actors.staff(agent))
        assert woken == [TASK]
        assert assign_waiting() == 1
        second.refresh_from_db()
        assert second.assignee == agent

    def test_who_can_do_none_is_passed_over(
        self, make_ticket: Make, sharing: Team, agent: User, second_agent: User
    ) -> None:
        User.objects.filter(pk=agent.pk).update(speaks=["en"])
        User.objects.filter(pk=second_agent.pk).update(capacity=0)
        tickets = [make_ticket() for _number in range(3)]
        User.objects.filter(pk=second_agent.pk).update(capacity=2)
        assert assign_waiting() == 2
        found = Ticket.objects.filter(pk__in=[one.pk for one in tickets]).values_list("assignee", flat=True)
        assert sorted(found, key=str) == sorted([second_agent.pk, second_agent.pk, None], key=str)

    def test_the_task_is_known_by_its_name(self) -> None:
        from helpdesk.celery import SCHEDULE
        from tickets import tasks

        assert tasks.assign_waiting.name == TASK
        assert TASK in {entry["task"] for entry in SCHEDULE.values()}


def test_laid_down_it_waits_for_the_sweep(
    make_ticket: Make, sharing: Team, agent: User, woken: list[str]
) -> None:
    ticket = make_ticket()
    assign(ticket, to=None, by=actors.staff(agent))
    assert woken == [TASK]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mode", [AssignmentMode.ROUND_ROBIN, AssignmentMode.LEAST_LOADED])
def test_twenty_at_once(make_ticket: Make, brand: Brand, team: Team, mode: AssignmentMode) -> None:
    """Sixty cases opened by twenty at once; people have room for fifty, and some take the next one meanwhile."""
    team.assignment = mode
    team.save()
    people = [staff(f"Agent{number}", brand, team, capacity=10) for number in range(5)]

    def opens() -> None:
        for _number in range(3):
            make_ticket()

    results = all_at_once([opens] * 20 + [partial(assign_waiting)] * 2)
    assert not [result for result in results if isinstance(result, Exception)]
    while assign_waiting():
        pass
    held = Counter(Ticket.objects.exclude(assignee=None).values_list("assignee", flat=True))
    assert held == {who.pk: 10 for who in people}
    assert Ticket.objects.filter(assignee=None).count() == 10


@pytest.mark.django_db(transaction=True)
def test_turns_are_kept_under_twenty(make_ticket: Make, brand: Brand, team: Team) -> None:
    team.assignment = AssignmentMode.ROUND_ROBIN
    team.save()
    people = [staff(f"Agent{number}", brand, team) for number in range(4)]
    results = all_at_once([make_ticket] * 20)
    assert not [result for result in results if isinstance(result, Exception)]
    held = Counter(Ticket.objects.values_list("assignee", flat=True))
    assert held == {who.pk: 5 for who in people}

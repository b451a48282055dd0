"""Taking the next case: which one, for whom, and never twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import Brand, Team, User
from accounts.rules.capabilities import Role
from helpdesk.lib.errors import NotAllowed
from tests.cast import person
from tests.crowd import all_at_once
from tests.times import shanghai
from tickets import actors
from tickets.actions import duty
from tickets.actions.assignment import assign
from tickets.actions.messages import reply
from tickets.actions.taking import AtCapacity, OffDuty, take_next
from tickets.actions.undoing import undo
from tickets.choices import EventKind, Priority, Status
from tickets.models import Category, Event, Ticket
from tickets.queries import workers
from tickets.rules.assignment import can_do

pytestmark = pytest.mark.usefixtures("in_english")
Make = Callable[..., Ticket]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def put(ticket: Ticket, **values: object) -> Ticket:
    Ticket.objects.filter(pk=ticket.pk).update(**values)
    return ticket


def test_it_works(ticket: Ticket, agent: User) -> None:
    taken = take_next(agent)
    assert taken == ticket
    assert taken.assignee == agent
    agent.refresh_from_db()
    assert agent.last_assigned_at is not None
    told = Event.objects.get(ticket=ticket, kind=EventKind.ASSIGNED)
    assert told.data == {"from": None, "to": "Ann", "from_id": None, "to_id": agent.pk}
    undo(told, by=actors.staff(agent))
    ticket.refresh_from_db()
    assert ticket.assignee is None


def test_the_order(make_ticket: Make, agent: User) -> None:
    """Urgent first, then due soonest, none due last; then the higher priority, then the older."""
    wanted = [
        put(make_ticket(), priority=Priority.URGENT, due_at=shanghai(5, 10)),
        put(make_ticket(), priority=Priority.URGENT, due_at=None),
        put(make_ticket(), priority=Priority.LOW, due_at=shanghai(2, 10)),
        put(make_ticket(), priority=Priority.HIGH, due_at=shanghai(3, 10)),
        put(make_ticket(), priority=Priority.NORMAL, due_at=shanghai(3, 10)),
        put(make_ticket(), priority=Priority.NORMAL, due_at=shanghai(3, 10)),
        put(make_ticket(), priority=Priority.HIGH, due_at=None),
        put(make_ticket(), priority=Priority.NORMAL, due_at=None),
    ]
    others = [put(make_ticket(), status=status) for status in (Status.PENDING, Status.ON_HOLD, Status.SOLVED)]
    assert [take_next(agent) for _turn in wanted] == wanted
    assert take_next(agent) is None
    assert not Ticket.objects.filter(pk__in=[one.pk for one in others]).exclude(assignee=None).exists()


def test_of_several_teams_and_of_none(make_ticket: Make, agent: User, team: Team, other_team: Team) -> None:
    agent.teams.add(other_team)
    third = Team.objects.create(slug="third", name_zh="三", name_en="Third")
    mine = put(make_ticket(), team=team, due_at=shanghai(4, 10))
    other = put(make_ticket(), team=other_team, due_at=shanghai(2, 10))
    nobodys = put(make_ticket(), team=None, due_at=shanghai(3, 10))
    put(make_ticket(), team=third, due_at=shanghai(1, 10))
    assert [take_next(agent) for _turn in range(4)] == [other, nobodys, mine, None]


def test_only_in_languages_that_the_person_answers_in(make_ticket: Make, agent: User) -> None:
    make_ticket(language="zh-hans")
    english = make_ticket(language="en")
    agent.speaks = ["en"]
    agent.save()
    assert [take_next(agent), take_next(agent)] == [english, None]


def test_only_with_the_skill_of_the_category_or_of_the_one_above(
    make_ticket: Make, category: Category, agent: User
) -> None:
    Category.objects.filter(pk=category.pk).update(skill="chargebacks")
    child = Category.objects.create(
        slug="child", name_zh="子", name_en="Child", parent=category, team=category.team
    )
    hard = make_ticket(category=child)
    easy = put(make_ticket(), category=None)
    assert [take_next(agent), take_next(agent)] == [easy, None]
    agent.skills = ["chargebacks"]
    agent.save()
    assert take_next(agent) == hard


def test_managers_take_from_every_team_of_their_brands(
    ticket: Ticket, manager: User, administrator: User
) -> None:
    assert take_next(manager) == ticket
    assign(ticket, to=None, by=actors.staff(manager))
    assert take_next(administrator) == ticket


def test_who_watches_takes_nothing(ticket: Ticket, officer: User) -> None:
    with pytest.raises(NotAllowed):
        take_next(officer)


def test_off_duty(ticket: Ticket, agent: User) -> None:
    duty.go_off_duty(agent, by=actors.staff(agent))
    with pytest.raises(OffDuty):
        take_next(agent)
    duty.go_on_duty(agent, by=actors.staff(agent))
    assert take_next(agent) == ticket


def test_capacity_counts_what_waits_for_us(make_ticket: Make, agent: User) -> None:
    agent.capacity = 2
    agent.save()
    make_ticket()
    make_ticket()
    first, _second = take_next(agent), take_next(agent)
    last = make_ticket()
    with pytest.raises(AtCapacity) as refused:
        take_next(agent)
    assert str(refused.value.message) == "You have 2 open cases, of at most 2. Finish or hand back one first."
    User.objects.filter(pk=agent.pk).update(capacity=1)
    with pytest.raises(AtCapacity, match="You have 2 open cases, of at most 1"):
        take_next(agent)
    User.objects.filter(pk=agent.pk).update(capacity=2)
    assert first is not None
    reply(first, body="Which bank?", by=actors.staff(agent), then=Status.PENDING)
    assert take_next(agent) == last, "what waits for the customer leaves room"


def test_whose_capacity_is_nothing(ticket: Ticket, agent: User) -> None:
    agent.capacity = 0
    agent.save()
    with pytest.raises(AtCapacity, match="Your capacity is 0"):
        take_next(agent)


def test_queries(make_ticket: Make, agent: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """Savepoint; hold, load; skills, claim; the ticket, write, last assigned, event; release."""
    for _number in range(3):
        make_ticket()
    with django_assert_num_queries(10):
        take_next(agent)


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_over_two_hundred(make_ticket: Make, brand: Brand, team: Team) -> None:
    """Each ticket is taken once, and nobody goes beyond their capacity, though each asks from two windows."""
    for _number in range(200):
        make_ticket()
    people = [
        person(Role.AGENT, f"Agent{number}", brands=[brand], teams=[team], capacity=9 if number < 5 else 7)
        for number in range(25)
    ]

    def work(who: User) -> list[Ticket]:
        found: list[Ticket] = []
        while True:
            try:
                ticket = take_next(who)
            except AtCapacity:
                return found
            if ticket is None:
                return found
            found.append(ticket)

    results = all_at_once([partial(work, who) for who in people for _window in range(2)])
    assert not [result for result in results if isinstance(result, Exception)]
    taken = Counter(ticket.pk for result in results for ticket in result)
    assert set(taken.values()) == {1}
    assert len(taken) == 5 * 9 + 20 * 7, "all of the capacity was used"
    loads = {one.person: one.load for one in workers.of_team(team.pk)}
    assert loads == {who.pk: who.capacity for who in people}
    assert Event.objects.filter(kind=EventKind.ASSIGNED).count() == len(taken)


@pytest.fixture
def mixed(brand: Brand, other_brand: Brand, team: Team, other_team: Team, make_ticket: Make) -> list[Ticket]:
    """A ticket of each brand, team, language and skill."""
    hard = Category.objects.create(slug="hard", name_zh="难", name_en="Hard", skill="hard")
    found = []
    for its_brand in (brand, other_brand):
        for its_team in (team, other_team, None):
            for language in ("en", "zh-hans"):
                for category in (hard, None):
                    ticket = make_ticket(brand=its_brand, category=None, language=language)
                    found.append(put(ticket, team=its_team, category=category))
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([Role.AGENT, Role.LEAD, Role.MANAGER, Role.ADMINISTRATOR]),
    st.sets(st.sampled_from(["btp", "bobao"])),
    st.sets(st.sampled_from(["funds", "risk"])),
    st.sets(st.sampled_from(["en", "zh-hans"])),
    st.booleans(),
)
def test_rows_and_rule_say_the_same(
    mixed: list[Ticket], role: Role, brands: set[str], teams: set[str], speaks: set[str], able: bool
) -> None:
    """What is taken is what ``can_do`` allows, and nothing that the person may not see."""
    who, _made = User.objects.get_or_create(email="any@demo.test", defaults={"name": "Any"})
    who.role, who.capacity, who.speaks, who.skills = role, 1000, sorted(speaks), ["hard"] if able else []
    who.save()
    who.brands.set(Brand.objects.filter(slug__in=brands))
    who.teams.set(Team.objects.filter(slug__in=teams))
    who = User.objects.get(pk=who.pk)
    worker = workers.one(who.pk)
    assert worker is not None
    rows = Ticket.objects.filter(pk__in=[one.pk for one in mixed])
    rows.update(assignee=None)
    wanted = {ticket.pk for ticket in rows if can_do(worker, workers.wanted_of(ticket))}
    taken = set()
    while (ticket := take_next(who)) is not None:
        taken.add(ticket.pk)
    assert taken == wanted
    assert taken <= set(Ticket.objects.visible_to(who).values_list("pk", flat=True))

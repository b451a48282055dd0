"""May this person see this ticket? Said twice, once for one ticket and once for rows; both must say the same."""

from __future__ import annotations

from itertools import product

import pytest

from accounts.actions import customers
from accounts.models import Brand, Customer, Team, User
from accounts.rules.capabilities import Role
from tests.cast import person
from tickets import actors
from tickets.actions.tickets import NewTicket, open_ticket
from tickets.models import SlaPolicy, Ticket
from tickets.rules.visibility import may_see


@pytest.fixture
def people(brand: Brand, other_brand: Brand, team: Team, other_team: Team) -> list[User]:
    """Every role with every mix of brands and teams."""
    brands, teams = (
        [[], [brand], [other_brand], [brand, other_brand]],
        [[], [team], [other_team], [team, other_team]],
    )
    made = [
        person(role, f"{role}-{i}-{j}", brands=brands[i], teams=teams[j])
        for role, i, j in product(Role, range(4), range(4))
    ]
    return [*made, person(Role.ADMINISTRATOR, "asleep", is_active=False)]


@pytest.fixture
def tickets(
    people: list[User],
    brand: Brand,
    other_brand: Brand,
    team: Team,
    other_team: Team,
    customer: Customer,
    policy: SlaPolicy,
) -> list[Ticket]:
    """Every brand with every team or none, of guests and members, with and without an assignee."""
    member = customers.of_user(next(user for user in people if user.role == Role.CUSTOMER))
    agents = [user for user in people if user.role == Role.AGENT]
    assignees = [None, agents[5], agents[10]]
    made = []
    for of_brand, of_team, of, assignee in product(
        [brand, other_brand], [None, team, other_team], [customer, member], assignees
    ):
        ticket = open_ticket(NewTicket(brand=of_brand, customer=of, body="hello"), by=actors.customer(of))
        Ticket.objects.filter(pk=ticket.pk).update(team=of_team, assignee=assignee)
        made.append(ticket.pk)
    return list(Ticket.objects.select_related("customer").filter(pk__in=made))


def test_rows_and_rule_say_the_same(people: list[User], tickets: list[Ticket]) -> None:
    for who in people:
        by_rule = {ticket.pk for ticket in tickets if may_see(who, ticket)}
        by_rows = list(Ticket.objects.visible_to(who).values_list("pk", flat=True))
        assert sorted(by_rule) == sorted(by_rows), f"{who.role} {who.brand_ids} {who.team_ids}"


SEES = [
    # role, serves the brand, serves the team, sees it
    (Role.AGENT, True, True, True),
    (Role.AGENT, True, False, False),
    (Role.AGENT, False, True, False),
    (Role.LEAD, True, True, True),
    (Role.LEAD, True, False, False),
    (Role.MANAGER, True, False, True),
    (Role.MANAGER, False, True, False),
    (Role.SECURITY_OFFICER, True, False, True),
    (Role.SECURITY_OFFICER, False, False, False),
    (Role.ADMINISTRATOR, False, False, True),
    (Role.CUSTOMER, True, True, False),
]


@pytest.mark.parametrize(("role", "of_brand", "of_team", "sees"), SEES)
def test_it_works(
    role: Role, of_brand: bool, of_team: bool, sees: bool, ticket: Ticket, brand: Brand, team: Team
) -> None:
    who = person(role, "Who", brands=[brand] * of_brand, teams=[team] * of_team)
    assert may_see(who, ticket) is sees


def test_a_ticket_of_no_team_is_everybodys_in_the_brand(ticket: Ticket, other_team_agent: User) -> None:
    assert not may_see(other_team_agent, ticket)
    Ticket.objects.update(team=None)
    assert may_see(other_team_agent, Ticket.objects.get())


def test_who_has_it_sees_it_wherever_it_went(ticket: Ticket, other_team_agent: User) -> None:
    Ticket.objects.update(assignee=other_team_agent)
    assert may_see(other_team_agent, Ticket.objects.get())


def test_customers_see_their_own(ticket: Ticket, member: Customer) -> None:
    assert member.user is not None
    assert not may_see(member.user, ticket)
    Ticket.objects.update(customer=member)
    assert may_see(member.user, Ticket.objects.select_related("customer").get())


def test_nobody_sees_through_an_account_that_was_closed(ticket: Ticket, administrator: User) -> None:
    administrator.is_active = False
    assert not may_see(administrator, ticket)
    assert not Ticket.objects.visible_to(administrator).exists()


def test_strangers_see_nothing(ticket: Ticket) -> None:
    from django.contrib.auth.models import AnonymousUser

    assert not Ticket.objects.visible_to(AnonymousUser()).exists()  # type: ignore[arg-type]

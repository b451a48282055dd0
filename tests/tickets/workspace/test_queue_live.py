"""Rows and counts that the queue's page asks for by itself."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Team, User
from tickets import actors
from tickets.actions import assignment
from tickets.models import Ticket
from tickets.rules.numbers import new_number

pytestmark = pytest.mark.django_db
ROWS, COUNTS = "/admin/queue/rows/", "/admin/queue/counts/"
Make = Callable[..., Ticket]


def ask(desk: Client, *tickets: Ticket, **query: str) -> tuple[list[str], list[str]]:
    """The numbers of the rows that came, and of those that are gone."""
    response = desk.get(ROWS, {**query, "numbers": ",".join(ticket.number for ticket in tickets)})
    assert response.status_code == 200
    came = re.findall(r'<tr id="ws-row-([0-9A-Z]{9})" data-ticket="\1" data-version="\d+"', response.text)
    return came, [number for number in response["X-Gone"].split(",") if number]


def test_it_works(desk: Client, agent: User, second_agent: User, make_ticket: Make) -> None:
    mine, other = make_ticket(), make_ticket()
    assignment.take(other, by=actors.staff(second_agent))
    assert ask(desk, mine, other, view="unassigned") == ([mine.number], [other.number])
    came, gone = ask(desk, mine, other, view="all")
    assert (sorted(came), gone) == (sorted([mine.number, other.number]), [])


def test_what_one_may_not_see_is_gone_like_what_never_was(
    desk: Client, ticket: Ticket, other_team: Team
) -> None:
    Ticket.objects.update(team=other_team)
    unknown = Ticket(number=new_number())
    assert ask(desk, ticket, unknown, view="all") == ([], [ticket.number, unknown.number])


def test_nonsense_is_nothing(desk: Client, ticket: Ticket) -> None:
    for numbers in ("", ",", "x", "'; DROP TABLE", "\x00", ticket.number.lower()):
        response = desk.get(ROWS, {"view": "all", "numbers": numbers})
        assert (response.status_code, response.text.strip(), response["X-Gone"]) == (200, "", "")


def test_rows_cost_the_same_however_many(
    desk: Client, make_ticket: Make, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tickets = [make_ticket() for _ in range(5)]
    with django_assert_num_queries(5):
        assert len(ask(desk, *tickets, view="all")[0]) == 5


def test_counts_are_swapped_in_where_they_stand(desk: Client, ticket: Ticket) -> None:
    text = desk.get(COUNTS, {"view": "mine"}).text
    assert '<span class="ws-count" id="ws-count-all" hx-swap-oob="true">1</span>' in text
    assert 'id="ws-count-all"' in desk.get("/admin/queue/").text

"""Merging from the ticket's page, and the page of a case that went elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Customer, Team, User
from tests.tickets.workspace.conftest import LogIn
from tickets import actors
from tickets.actions.assignment import move_to_team
from tickets.actions.merging import merge
from tickets.models import Message, Ticket

HTMX = {"HX-Request": "true"}
MakeTicket = Callable[..., Ticket]


@pytest.fixture
def other(make_ticket: MakeTicket) -> Ticket:
    return make_ticket(subject="The first one")


def address(ticket: Ticket, rest: str = "") -> str:
    return f"/admin/tickets/{ticket.number}/{rest}"


def page_of(client: Client, ticket: Ticket, **headers: str) -> str:
    return client.get(address(ticket), headers=headers).content.decode()


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


@pytest.mark.parametrize("typed", ["display", "stored"])
def test_it_works(desk: Client, ticket: Ticket, other: Ticket, typed: str) -> None:
    into = other.display_number.lower() if typed == "display" else other.number
    response = desk.post(address(ticket, "merge/"), {"into": into}, follow=True)
    assert response.redirect_chain == [(address(other), 302)]
    text = f"Case {ticket.display_number} was merged into this one, which goes on."
    assert text in response.content.decode()
    assert fresh(ticket).merged_into == other


def test_by_htmx_from_the_cases_that_are_offered(desk: Client, ticket: Ticket, other: Ticket) -> None:
    assert f'name="chosen" value="{other.number}"' in page_of(desk, ticket)
    response = desk.post(address(ticket, "merge/"), {"into": "", "chosen": other.number}, headers=HTMX)
    assert response["HX-Redirect"] == address(other)
    assert fresh(ticket).merged_into == other


def test_only_open_cases_of_the_same_brand_are_offered(
    desk: Client, ticket: Ticket, other: Ticket, make_ticket: MakeTicket, agent: User
) -> None:
    gone = make_ticket()
    merge(gone, into=other, by=actors.staff(agent))
    assert re.findall(r'name="chosen" value="(\w+)"', page_of(desk, ticket)) == [other.number]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_refusal_stands_at_the_field(
    desk: Client, ticket: Ticket, member: Customer, make_ticket: MakeTicket, headers: dict[str, str]
) -> None:
    theirs = make_ticket(customer=member)
    response = desk.post(address(ticket, "merge/"), {"into": theirs.display_number}, headers=headers)
    page = response.content.decode()
    assert response.status_code == 422
    assert re.search(r'id="ws-into-error">Only cases of the same customer with the same brand', page)
    assert f'name="into" value="{theirs.display_number}"' in page, "nothing typed is lost"
    assert '<details class="ws-merge" open>' in page
    assert fresh(ticket).merged_into is None


@pytest.mark.parametrize(
    ("into", "said"),
    [
        ("", "Say into which case."),
        ("222222222", "You see no case"),
        ("x", "You see no case"),
        ("own", "into itself"),
    ],
)
def test_refusals(desk: Client, ticket: Ticket, into: str, said: str) -> None:
    into = ticket.number if into == "own" else into
    response = desk.post(address(ticket, "merge/"), {"into": into})
    assert (response.status_code, said in response.content.decode()) == (422, True)


def test_a_case_that_one_does_not_see_is_not_there(
    desk: Client, ticket: Ticket, other: Ticket, lead: User, other_team: Team
) -> None:
    move_to_team(other, team=other_team, by=actors.staff(lead))
    response = desk.post(address(ticket, "merge/"), {"into": other.number})
    assert "You see no case with this number." in response.content.decode()
    assert fresh(ticket).merged_into is None


def test_the_officer_merges_nothing(log_in: LogIn, officer: User, ticket: Ticket, other: Ticket) -> None:
    client = log_in(officer)
    assert address(ticket, "merge/") not in page_of(client, ticket)
    assert client.post(address(ticket, "merge/"), {"into": other.number}).status_code == 403


class TestMergedCase:
    @pytest.fixture(autouse=True)
    def gone(self, ticket: Ticket, other: Ticket, agent: User) -> None:
        merge(ticket, into=other, by=actors.staff(agent))

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_it_leads_to_where_it_goes_on(
        self, desk: Client, ticket: Ticket, other: Ticket, language: str
    ) -> None:
        page = page_of(desk, ticket, **{"accept-language": language})
        head = page.partition('id="ws-head"')[2].partition("</header>")[0]
        assert f'<a href="{address(other)}">{other.display_number} The first one</a>' in head
        for gone in ("<textarea", 'id="ws-set-status"', 'id="ws-take"', 'id="ws-into"'):
            assert gone not in page

    def test_a_page_that_is_older_says_so_and_changes_nothing(
        self, desk: Client, ticket: Ticket, other: Ticket
    ) -> None:
        said = f"This case was merged into {other.display_number}. Please go on there."
        forms = [
            ("set/priority/", {"value": "urgent", "was": "normal"}),
            ("set/complaint/", {"value": "yes", "was": ""}),
            ("take/", {}),
            ("reply/", {"kind": "reply", "body": "我的回复"}),
        ]
        for rest, values in forms:
            response = desk.post(address(ticket, rest), values, headers=HTMX)
            assert response.status_code == 409, rest
            assert said in response.content.decode(), rest
        assert Message.objects.filter(ticket=ticket).count() == 1

    def test_to_a_team_whose_cases_one_does_not_see(
        self, desk: Client, ticket: Ticket, other: Ticket, lead: User, other_team: Team
    ) -> None:
        move_to_team(other, team=other_team, by=actors.staff(lead))
        page = page_of(desk, ticket)
        assert other.display_number in page
        assert "The first one" not in page
        assert f'href="{address(other)}"' not in page

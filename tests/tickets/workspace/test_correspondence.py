"""Accepting a sender, and who is in copy, from the ticket's page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Brand, Customer, User
from tests.tickets.mail_copies import unproved
from tests.tickets.workspace.conftest import LogIn
from tickets import actors
from tickets.actions import correspondence
from tickets.models import Message, Participant, Ticket

HTMX = {"HX-Request": "true"}
FORMS = ("sender/accept/", "copies/add/", "copies/remove/")


def address(ticket: Ticket, rest: str = "") -> str:
    return f"/admin/tickets/{ticket.number}/{rest}"


def copies(page: str) -> str:
    return page.partition('data-card="copies"')[2].partition('data-card="tracking"')[0]


def test_accepting_the_sender(desk: Client, brand: Brand, customer: Customer, ticket: Ticket) -> None:
    case = unproved(brand, claims_ticket=ticket)
    response = desk.post(address(case, "sender/accept/"), follow=True)
    case.refresh_from_db()
    assert (case.customer, case.unproved_sender) == (customer, "")
    page = response.content.decode()
    assert "The case is 王小明’s now; answers go to w***@e***.com." in page
    assert f"belongs to case {ticket.display_number}: merge it there if so." in page
    assert "ws-unproved" not in page
    assert "accepted w***@e***.com as the sender" in page
    assert f'name="chosen" value="{ticket.number}"' in page, "and it can be merged at once"


def test_accepting_with_htmx(desk: Client, brand: Brand, customer: Customer) -> None:
    case = unproved(brand)
    part = desk.post(address(case, "sender/accept/"), headers=HTMX).content.decode()
    assert '<span id="ws-to" class="ws-quiet ws-to" hx-swap-oob="true">to 王小明</span>' in part
    assert "answers go to" in part
    assert "belongs to case" not in part


def test_accepted_twice(desk: Client, ticket: Ticket) -> None:
    response = desk.post(address(ticket, "sender/accept/"), headers=HTMX)
    assert response.status_code == 409
    assert "This case has its customer already." in response.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_no_answer_before_that_and_the_text_is_kept(
    desk: Client, brand: Brand, headers: dict[str, str]
) -> None:
    case = unproved(brand)
    form = {"kind": "reply", "body": "We sent it there.", "origin_key": "k", "seen": ""}
    response = desk.post(address(case, "reply/"), form, headers=headers)
    page = response.content.decode()
    assert response.status_code == 409
    assert "accept the sender; then answer" in page
    assert Message.objects.filter(ticket=case).count() == 1
    if headers:
        assert "<textarea" not in page, "what was typed stays where it is"
    else:
        assert re.search(r"<textarea[^>]*>We sent it there\.</textarea>", page)
    note = desk.post(address(case, "reply/"), {**form, "kind": "note"}, headers=headers)
    assert note.status_code in (200, 302), "colleagues may be told"


def test_putting_somebody_in_copy(desk: Client, ticket: Ticket) -> None:
    assert "Nobody else gets the answers." in copies(desk.get(address(ticket)).content.decode())
    response = desk.post(address(ticket, "copies/add/"), {"email": " Li@Example.com "}, follow=True)
    page = response.content.decode()
    assert "l***@e***.com" in copies(page)
    assert "to 王小明, copy to 1 person" in page
    assert "l***@e***.com is in copy now" in page
    assert Participant.objects.get().email == "li@example.com"


def test_the_line_above_the_text_follows(desk: Client, agent: User, ticket: Ticket) -> None:
    correspondence.put_in_copy(ticket, email="li@example.com", by=actors.staff(agent))
    part = desk.post(
        address(ticket, "copies/add/"), {"email": "su@example.com"}, headers=HTMX
    ).content.decode()
    assert 'hx-swap-oob="true">to 王小明, copies to 2 people</span>' in part


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter an e-mail address"),
        ("li@", "Enter an e-mail address"),
        ('"><script>x</script>@example.com', "Enter an e-mail address"),
        ("wang@example.com", "gets every answer already"),
    ],
)
def test_what_is_wrong_stands_at_the_field(
    desk: Client, ticket: Ticket, typed: str, said: str, headers: dict[str, str]
) -> None:
    response = desk.post(address(ticket, "copies/add/"), {"email": typed}, headers=headers)
    assert response.status_code == 422
    panel = copies(response.content.decode())
    assert said in panel.partition('id="ws-copy-error"')[2]
    assert 'aria-describedby="ws-copy-error"' in panel
    assert '<details class="ws-merge" open>' in panel
    assert "<script>x" not in panel
    if typed.isascii() and '"' not in typed:
        assert f'value="{typed}"' in panel
    assert not Participant.objects.exists()


def test_taking_somebody_out(desk: Client, agent: User, ticket: Ticket) -> None:
    correspondence.put_in_copy(ticket, email="li@example.com", name="李华", by=actors.staff(agent))
    assert "李华" in copies(desk.get(address(ticket)).content.decode())
    # Their address is masked on the page: its form names their row.
    form = {"person": Participant.objects.get().pk}
    page = desk.post(address(ticket, "copies/remove/"), form, follow=True).content.decode()
    assert "李华" not in copies(page)
    assert "l***@e***.com is no longer in copy" in page


def test_the_officer_sees_and_does_not_touch(
    log_in: LogIn, officer: User, agent: User, ticket: Ticket
) -> None:
    correspondence.put_in_copy(ticket, email="li@example.com", by=actors.staff(agent))
    client = log_in(officer)
    panel = copies(client.get(address(ticket)).content.decode())
    assert "l***@e***.com" in panel
    assert "<form" not in panel
    for rest in FORMS:
        assert client.post(address(ticket, rest), {"email": "x@example.com"}).status_code == 403


@pytest.mark.parametrize("who", ["other_brand_agent", "other_team_agent"])
def test_a_stranger_finds_nothing(
    log_in: LogIn, request: pytest.FixtureRequest, ticket: Ticket, who: str
) -> None:
    client = log_in(request.getfixturevalue(who))
    for rest in FORMS:
        assert client.post(address(ticket, rest), {"email": "x@example.com"}).status_code == 404
    assert not Participant.objects.exists()


def test_a_merged_case_takes_nobody(
    desk: Client, agent: User, ticket: Ticket, make_ticket: Callable[..., Ticket]
) -> None:
    from tickets.actions.merging import merge

    merge(ticket, into=make_ticket(), by=actors.staff(agent))
    assert "<form" not in copies(desk.get(address(ticket)).content.decode())

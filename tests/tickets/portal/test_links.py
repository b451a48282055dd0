from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Brand, User
from helpdesk.lib import clock
from tests.tickets.portal.pages import fields_of, text_of
from tickets import actors
from tickets.actions.links import issue_link, revoke_links
from tickets.choices import MailPurpose
from tickets.models import OutboxMail, Ticket, TrackingLink
from tickets.queries.links import link_of, newest_link, token_of, tracking_path

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(ticket: Ticket) -> str:
    link = newest_link(ticket)
    assert link is not None
    return tracking_path(link, "btp")


def link_mails() -> int:
    return OutboxMail.objects.filter(purpose=MailPurpose.LINK).count()


def ask(client: Client, **typed: Any) -> Any:
    return client.post("/btp/find/", {**fields_of(client.get("/btp/find/"), "find-form"), **typed})


def test_it_opens_the_case_and_leaves_the_address_bar(guest: Client, ticket: Ticket, path: str) -> None:
    response = guest.get(path)
    assert response["Location"] == f"/btp/cases/{ticket.display_number}/"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert guest.get(response["Location"]).status_code == 200


def test_opening_it_changes_the_session_key(guest: Client, path: str) -> None:
    guest.get(path)
    before = guest.session.session_key
    guest.get(path)
    assert guest.session.session_key != before


def test_a_forged_token_is_not_there(guest: Client, ticket: Ticket, path: str) -> None:
    token = path.split("/")[3]
    for forged in (token[:-2] + "AA", token + "A", token[1:], "1", "x" * 32):
        assert guest.get(f"/btp/t/{forged}/").status_code == 404
    assert link_of("") is None


def test_a_link_opens_under_its_own_brand_only(guest: Client, path: str, other_brand: Brand) -> None:
    assert guest.get(path.replace("/btp/", "/bobao/")).status_code == 404


def test_an_expired_link_offers_a_fresh_one_by_mail(guest: Client, ticket: Ticket, path: str) -> None:
    with clock.frozen(clock.now() + timedelta(days=91)):
        response = guest.get(path)
        assert response.status_code == 410
        assert "This link has run out" in text_of(response)
        assert response["Referrer-Policy"] == "same-origin", "or browsers send its form with Origin: null"
        assert guest.get(f"/btp/cases/{ticket.display_number}/").status_code == 404
        sent = guest.post(path + "renew/")
        assert "on its way" in text_of(sent)
        assert ticket.customer.email not in text_of(sent)
        assert link_mails() == 1
        fresh = newest_link(ticket)
        assert fresh is not None
        assert guest.get(tracking_path(fresh, "btp")).status_code == 302


def test_what_it_opened_ends_with_it(guest: Client, ticket: Ticket, path: str) -> None:
    place = guest.get(path)["Location"]
    with clock.frozen(clock.now() + timedelta(days=91)):
        assert guest.get(place).status_code == 404


def test_a_revoked_link_opens_nothing_and_sends_nothing(
    guest: Client, ticket: Ticket, path: str, lead: User
) -> None:
    revoke_links(ticket, by=actors.staff(lead))
    assert "This link no longer works" in text_of(guest.get(path))
    assert guest.post(path + "renew/").status_code == 410
    assert link_mails() == 0


def test_only_as_many_mails_as_are_bearable(guest: Client, ticket: Ticket, path: str) -> None:
    for _ in range(8):
        guest.post(path + "renew/")
    assert link_mails() == 5


def test_newest_link_is_one_that_holds(ticket: Ticket) -> None:
    fresh = issue_link(ticket)
    assert newest_link(ticket) == fresh
    TrackingLink.objects.filter(ticket=ticket).update(revoked_at=clock.now())
    assert newest_link(ticket) is None
    assert link_of(token_of(fresh)) == fresh


def test_where_is_my_case(guest: Client, ticket: Ticket) -> None:
    response = ask(guest, number=f" {ticket.display_number.lower()} ", email="WANG@example.com")
    assert "Look into your mail" in text_of(response)
    assert link_mails() == 1


def test_it_never_tells_whether_there_is_such_a_case(
    guest: Client, ticket: Ticket, other_brand: Brand
) -> None:
    right = ask(guest, number=ticket.number, email="wang@example.com")
    wrong = ask(guest, number=ticket.number, email="somebody@example.com")
    assert text_of(right) == text_of(wrong)
    assert right.status_code == wrong.status_code
    assert link_mails() == 1


def test_where_is_my_case_asks_for_both(guest: Client, brand: Brand) -> None:
    response = ask(guest, number="123", email="x")
    assert response.status_code == 422
    assert "not a case number of ours" in text_of(response)
    assert fields_of(response, "find-form")["number"] == "123"


def test_where_is_my_case_is_not_for_guessing(guest: Client, ticket: Ticket) -> None:
    for _ in range(20):
        ask(guest, number=ticket.number, email="nobody@example.com")
    response = ask(guest, number=ticket.number, email="nobody@example.com")
    assert response.status_code == 429
    assert fields_of(response, "find-form")["email"] == "nobody@example.com"

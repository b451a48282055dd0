"""What customers see of mails: their own, whole; of others' only what was said."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import Customer
from tests.tickets.mail_copies import HTML, inline, somebody, write
from tests.tickets.portal.pages import text_of
from tickets.choices import Proof
from tickets.models import Ticket
from tickets.queries.links import newest_link, tracking_path

pytestmark = pytest.mark.django_db
MORE = "Show the whole mail"


@pytest.fixture
def holder(guest: Client, ticket: Ticket) -> Client:
    link = newest_link(ticket)
    assert link is not None
    guest.get(tracking_path(link, "btp"))
    return guest


def path(ticket: Ticket, rest: str = "") -> str:
    return f"/btp/cases/{ticket.display_number}/{rest}"


def test_their_own_mail(holder: Client, ticket: Ticket) -> None:
    write(ticket, files=[inline()], html=HTML, text="Still nothing.\n\n> You wrote <b>\n\nWang")
    response = holder.get(path(ticket))
    page = response.content.decode()
    assert "It has still not come." in page
    assert "shot.png" in page
    assert f'href="{path(ticket, "letters/2/mail/")}"' in page
    assert "You wrote" not in page
    whole = holder.get(path(ticket, "letters/2/mail/"))
    assert "&gt; You wrote &lt;b&gt;" in whole.content.decode()
    assert whole["Cache-Control"] == "private, no-store"


def test_logos_of_a_signature_are_no_files_of_theirs(holder: Client, ticket: Ticket) -> None:
    files = [inline("logo@x", size=900, name="logo.png"), inline(), inline("", size=900, name="sent.png")]
    write(ticket, files=files)
    page = holder.get(path(ticket)).content.decode()
    assert "logo.png" not in page
    for place, name in ((2, "shot.png"), (3, "sent.png")):
        assert name in page
        response = holder.get(path(ticket, f"files/{place}/"))
        assert name in response["Content-Disposition"]


def test_no_click_where_there_is_no_more(holder: Client, ticket: Ticket) -> None:
    write(ticket, text="It has still not come.")
    assert MORE not in text_of(holder.get(path(ticket)))


def test_nothing_of_proof_and_headers(holder: Client, ticket: Ticket) -> None:
    write(
        ticket, cc=[{"name": "李华", "address": "li@example.com"}], proof=Proof.NOTHING, subject="Re: secret"
    )
    for rest in ("", "letters/2/mail/"):
        page = holder.get(path(ticket, rest)).content.decode()
        assert "li@example.com" not in page
        assert "李华" not in page
        assert "proved" not in page


@pytest.mark.parametrize("by_stranger", [False, True])
def test_somebody_elses_mail(holder: Client, ticket: Ticket, by_stranger: bool) -> None:
    who = somebody("Li", "li@example.com")
    write(ticket, by=who, from_address="li@example.com", by_stranger=by_stranger, body="I saw it too.")
    response = holder.get(path(ticket))
    assert "Somebody else, by mail" in text_of(response)
    assert "I saw it too." in text_of(response)
    assert "li@example.com" not in response.content.decode()
    assert MORE not in text_of(response)
    assert holder.get(path(ticket, "letters/2/mail/")).status_code == 404


def test_a_confirmed_address_of_theirs(client: Client, member: Customer, make_ticket: object) -> None:
    assert member.user is not None
    own = make_ticket(customer=member)  # type: ignore[operator]
    EmailAddress.objects.create(user=member.user, email="mia2@demo.test", verified=True)
    EmailAddress.objects.create(user=member.user, email="mia3@demo.test", verified=False)
    write(own, from_address="mia2@demo.test")
    write(own, from_address="mia3@demo.test")
    client.force_login(member.user)
    assert client.get(path(own, "letters/2/mail/")).status_code == 200
    assert client.get(path(own, "letters/3/mail/")).status_code == 404


@pytest.mark.parametrize("place", ["0", "1", "9", "99999999999999999999"])
def test_letters_without_a_mail(holder: Client, ticket: Ticket, place: str) -> None:
    write(ticket)
    assert holder.get(path(ticket, f"letters/{place}/mail/")).status_code == 404


def test_a_stranger_finds_nothing(guest: Client, ticket: Ticket) -> None:
    write(ticket)
    assert guest.get(path(ticket, "letters/2/mail/")).status_code == 404

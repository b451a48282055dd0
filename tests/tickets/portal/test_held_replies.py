"""What may still be taken back, or was, is not there for the customer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from helpdesk.lib import clock
from tests.pictures import PNG
from tests.tickets.portal.pages import text_of
from tickets import actors
from tickets.actions import messages
from tickets.actions.taking_back import take_back
from tickets.choices import Markup, Status
from tickets.models import Message, Ticket
from tickets.queries import customer_page
from tickets.queries.links import newest_link, tracking_path

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ten_seconds(settings: Any) -> None:
    settings.MAIL_UNDO_SECONDS = 10


@pytest.fixture
def holder(guest: Client, ticket: Ticket) -> Client:
    link = newest_link(ticket)
    assert link is not None
    guest.get(tracking_path(link, "btp"))
    return guest


def path(ticket: Ticket) -> str:
    return f"/btp/cases/{ticket.display_number}/"


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.png", PNG)


def test_it_works(holder: Client, ticket: Ticket, agent: User) -> None:
    messages.reply(ticket, body="Which bank?", by=actors.staff(agent))
    assert "Which bank?" not in text_of(holder.get(path(ticket)))
    with clock.frozen(clock.now() + timedelta(seconds=10)):
        assert "Which bank?" in text_of(holder.get(path(ticket)))


def test_taken_back_it_never_was(holder: Client, ticket: Ticket, agent: User) -> None:
    by = actors.staff(agent)
    take_back(messages.reply(ticket, body="Which bank?", by=by, then=Status.SOLVED), by=by)
    with clock.frozen(clock.now() + timedelta(hours=1)):
        page = text_of(holder.get(path(ticket)))
    assert "Which bank?" not in page
    assert customer_page.turns_of(ticket) == [], "nor that it was solved, and opened again"


def test_that_it_is_solved_comes_with_the_words(ticket: Ticket, agent: User) -> None:
    messages.reply(ticket, body="Done.", by=actors.staff(agent), then=Status.SOLVED)
    assert customer_page.turns_of(ticket) == []
    with clock.frozen(clock.now() + timedelta(seconds=10)):
        assert [turn.to for turn in customer_page.turns_of(ticket)] == ["solved"]


def test_files_keep_their_numbers(holder: Client, ticket: Ticket, agent: User) -> None:
    by = actors.staff(agent)
    held = messages.reply(ticket, body="x", by=by, files=[picture()])
    messages.customer_reply(ticket, body="y", by=actors.customer(ticket.customer), files=[picture()])
    assert holder.get(f"{path(ticket)}files/1/").status_code == 404
    assert holder.get(f"{path(ticket)}files/2/").status_code == 200
    [last] = [letter for letter in customer_page.letters_of(ticket) if letter.files]
    assert [number for number, _file in last.files] == [2]
    take_back(held, by=by)
    with clock.frozen(clock.now() + timedelta(hours=1)):
        assert holder.get(f"{path(ticket)}files/1/").status_code == 404
        assert holder.get(f"{path(ticket)}files/2/").status_code == 200


def test_the_place_of_a_letter(ticket: Ticket, agent: User) -> None:
    by = actors.staff(agent)
    take_back(messages.reply(ticket, body="x", by=by), by=by)
    said = messages.customer_reply(ticket, body="y", by=actors.customer(ticket.customer))
    assert customer_page.place_of(said) == 2
    assert [letter.number for letter in customer_page.letters_of(ticket)] == [1, 2]
    assert Message.objects.filter(ticket=ticket).count() == 3


def test_what_is_marked_is_shown_so_and_customers_stay_plain(
    holder: Client, ticket: Ticket, agent: User, settings: Any
) -> None:
    settings.MAIL_UNDO_SECONDS = 0
    by = actors.staff(agent)
    messages.reply(ticket, body="**请看** [页面](https://a.test)", by=by, markup=Markup.MARKDOWN)
    messages.reply(ticket, body="2*3*4 **old**", by=by)
    messages.customer_reply(ticket, body="**mine**", by=actors.customer(ticket.customer))
    page = holder.get(path(ticket)).content.decode()
    assert '<strong>请看</strong> <a href="https://a.test" rel="noopener nofollow">页面</a>' in page
    assert "<p>2*3*4 **old**</p>" in page
    assert "<p>**mine**</p>" in page

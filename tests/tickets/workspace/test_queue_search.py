"""Searching in the queue: operators become chips, and what was found is shown with its words marked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tickets import actors
from tickets.actions import messages
from tickets.models import Ticket

QUEUE = "/admin/queue/"


def test_operators_become_filters(desk: Client, make_ticket: Callable[..., Ticket]) -> None:
    make_ticket(subject="A zebra")
    response = desk.get(QUEUE, {"q": "zebra status:new is:overdue"})
    assert response.status_code == 302
    assert "q=zebra" in response["Location"]
    assert "status=new" in response["Location"]
    assert "overdue=yes" in response["Location"]


def test_what_is_not_understood_is_said_and_left_out(
    desk: Client, make_ticket: Callable[..., Ticket]
) -> None:
    make_ticket(subject="A zebra")
    page = desk.get(QUEUE, {"q": "zebra status:purple"}, follow=True).content.decode()
    assert "status:purple" in page
    assert "is not understood" in page
    assert "ws-row-" in page


def test_the_hit_is_marked(desk: Client, agent: User, make_ticket: Callable[..., Ticket]) -> None:
    ticket = make_ticket(subject="Striped", body="Nothing.")
    messages.note(ticket, body="It was a <b>zebra</b>.", by=actors.staff(agent))
    page = desk.get(QUEUE, {"q": "zebra"}).content.decode()
    assert "&lt;b&gt;<mark>zebra</mark>&lt;/b&gt;" in page
    assert "Internal note" in page


def test_a_customer_of_whom_one_sees_nothing_has_no_name(
    desk: Client, make_ticket: Callable[..., Ticket], agent: User
) -> None:
    ticket = make_ticket()
    agent.brands.clear()
    page = desk.get(QUEUE, {"customer": str(ticket.customer_id)}).content.decode()
    assert ticket.customer.name not in page


@pytest.mark.parametrize(
    "asked", ["customer:a\x00b@c", "tag:\x00 x", "\x00", '"\x00"', "status:\x00", "brand:\x00"]
)
def test_what_no_text_holds_is_no_trouble(desk: Client, ticket: Ticket, asked: str) -> None:
    assert desk.get(QUEUE, {"q": asked}, follow=True).status_code == 200

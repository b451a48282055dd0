"""Searching in the queue: operators become chips, and what was found is shown with its words marked."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlsplit

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


@pytest.mark.parametrize(
    ("asked", "statuses"),
    [
        ("after:7d", "any"),
        ("is:unassigned", "any"),
        ("after:7d is:open", "new,open,pending,on_hold"),
        ("after:7d status:solved", "solved"),
    ],
)
def test_operators_alone_look_at_every_status(
    desk: Client, ticket: Ticket, asked: str, statuses: str
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(status="closed")
    response = desk.get(QUEUE, {"q": asked})
    assert parse_qs(urlsplit(response["Location"]).query)["status"] == [statuses]
    page = desk.get(response["Location"]).content.decode()
    assert ("ws-row-" in page) == (statuses == "any")


def test_what_is_not_known_finds_nothing_and_is_said(
    desk: Client, make_ticket: Callable[..., Ticket]
) -> None:
    make_ticket(subject="A zebra")
    for asked in ("zebra status:purple", "status:purple", "status:purple is:unassigned", "from:nobody@x.org"):
        page = desk.get(QUEUE, {"q": asked}, follow=True).content.decode()
        assert page.count("it is not known here") == 1
        assert "ws-row-" not in page
        search_box = page[page.index('id="ws-search"') :].partition(">")[0]
        assert "status:purple" in search_box or "from:nobody@x.org" in search_box


def test_unknown_and_invisible_customers_answer_the_same(
    log_in: Callable[[User], Client], other_brand_agent: User, ticket: Ticket
) -> None:
    client, answers = log_in(other_brand_agent), set()
    for email in (ticket.customer.email, f"{ticket.customer.email[:-1]}x"):
        page = client.get(QUEUE, {"q": f"customer:{email}"}, follow=True).content.decode()
        assert "ws-row-" not in page
        shown = page[page.index('id="ws-main"') :].replace(email, "…").replace(quote(email), "…")
        answers.add(re.sub(r'name="csrfmiddlewaretoken"[^>]*|data-now="[^"]*"', "", shown))
    assert len(answers) == 1


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

"""What no keyboard types, NUL above all, is answered by every door and never by an error of ours."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Brand, User
from tests.tickets.portal.pages import GOOD, fields_of
from tickets.models import Category, Ticket

pytestmark = pytest.mark.django_db
NUL = "a\x00b"


def browser(user: User | None = None) -> Client:
    client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


@pytest.mark.parametrize(
    "query",
    [
        {"tag": NUL},
        {"q": NUL},
        {"view": "all", "sort": "subject", "after": f"1.{NUL}"},
        {"view": "all", "sort": "priority", "after": "1.99999999999"},
        {"q": "x", "after": f"{'9' * 30}.id"},
        {"assignee": "٣"},
    ],
)
def test_the_queue(agent: User, ticket: Ticket, query: dict[str, str]) -> None:
    assert browser(agent).get("/admin/queue/", query).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/admin/tickets/new/customer/?email=a%00b@x.de&phone=%00",
        "/admin/tickets/new/?category=%00&email=%00",
        "/admin/analytics/?period=%00&category=%00&team=%00&channel=%00&brand=%00",
        "/btp/help/search/?q=%00",
        "/btp/help/search/?q=:*%26!%7C'%22%22%22",
        "/btp/t/%00/",
        "/btp/cases/%00/",
        "/api/v1/tickets/?tag=%00&q=%00&assignee=%00&cursor=%00",
    ],
)
def test_addresses(manager: User, ticket: Ticket, path: str) -> None:
    assert browser(manager).get(path).status_code < 500


def test_the_portals_forms(brand: Brand, category: Category) -> None:
    guest = browser()
    path = "/btp/new/withdrawal/"
    form = fields_of(guest.get(path))
    for name in [*GOOD, "key", "kept", "remove"]:
        assert guest.post(path, {**form, **GOOD, name: NUL}).status_code < 500, name
    assert guest.post("/btp/suggest/", {"subject": NUL, "topic": NUL}).status_code == 200
    assert guest.post("/btp/find/", {"number": "4H7QX92CP", "email": f"{NUL}@x.de"}).status_code < 500
    assert guest.post("/accounts/login/", {"login": f"{NUL}@x.de", "password": NUL}).status_code < 500


def test_the_agents_forms(agent: User, ticket: Ticket, category: Category) -> None:
    desk, base = browser(agent), f"/admin/tickets/{ticket.number}/"
    for said in ({"body": NUL}, {"body": "x", "origin_key": NUL}, {"kind": "note", "seen": NUL, "body": "x"}):
        assert desk.post(f"{base}reply/", said).status_code < 500, said
    for what in ("status", "priority", "assignee", "team", "category", "tags"):
        for value in (NUL, "-1", "9" * 20):
            assert desk.post(f"{base}set/{what}/", {"value": value, "was": ""}).status_code < 500, what
    form = {"brand": ticket.brand_id, "category": category.pk, "email": "q@x.de", "body": "x"}
    form |= {"field-amount": "5", "field-amount-currency": "CNY"}
    for name in (*form, "phone", "name", "subject", "language", "channel", "priority", "origin_key"):
        assert desk.post("/admin/tickets/new/", {**form, name: NUL}).status_code < 500, name

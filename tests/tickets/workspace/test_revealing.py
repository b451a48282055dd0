"""Masked contact data on a case's page, and having them shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.choices import AuditKind
from accounts.models import AuditEntry, Customer, User
from tests.cast import stale
from tests.tickets.workspace.conftest import LogIn
from tickets.models import Ticket

EMAIL, PHONE = "wang@example.com", "13800138000"


@pytest.fixture
def ticket(make_ticket: Callable[..., Ticket], customer: Customer) -> Ticket:
    Customer.objects.filter(pk=customer.pk).update(phone=f"+86{PHONE}")
    return make_ticket(
        body=f"请打 138-0013-8000，或写信到 {EMAIL}，我哥哥的电话是 13912345678。订单号 202611260001234567"
    )


def page(client: Client, ticket: Ticket, part: str = "") -> str:
    return client.get(f"/admin/tickets/{ticket.number}/{part}").content.decode()


def reveal(client: Client, ticket: Ticket, *, htmx: bool = False, **form: str) -> tuple[int, str]:
    said = {"reason": "call_back", "words": "the customer asked us to call", **form}
    headers = {"HX-Request": "true"} if htmx else {}
    response = client.post(f"/admin/tickets/{ticket.number}/customer/reveal/", said, headers=headers)
    return response.status_code, response.content.decode()


def test_masked_everywhere_until_somebody_asks(desk: Client, ticket: Ticket) -> None:
    shown = page(desk, ticket)
    for contact in (EMAIL, PHONE, "138-0013-8000", "13912345678"):
        assert contact not in shown
    assert "w***@e***.com" in shown
    assert "+86 138****8000" in shown
    assert "202611260001234567" in shown  # work is done by it
    assert "mailto:" not in shown


def test_it_works(desk: Client, ticket: Ticket, make_ticket: Callable[..., Ticket], agent: User) -> None:
    other = make_ticket(subject="Another")
    assert reveal(desk, ticket)[0] == 302
    shown = page(desk, ticket)
    assert f"mailto:{EMAIL}" in shown
    assert "13912345678" in shown
    # Elsewhere it stays masked: on the customer's other case, in the queue.
    assert EMAIL not in page(desk, other)
    assert EMAIL not in desk.get("/admin/queue/?view=all").content.decode()
    desk.post(f"/admin/tickets/{ticket.number}/customer/hide/")
    assert EMAIL not in page(desk, ticket)
    assert AuditEntry.objects.get(kind=AuditKind.REVEALED).actor == agent


def test_with_htmx_the_parts_come_unmasked(desk: Client, ticket: Ticket) -> None:
    status, html = reveal(desk, ticket, htmx=True)
    assert status == 200
    assert EMAIL in html


def test_nothing_typed_is_lost(desk: Client, ticket: Ticket) -> None:
    status, html = reveal(desk, ticket, reason="", words="since the caller asks")
    assert status == 422
    assert "Choose why you need it." in html
    assert 'value="since the caller asks"' in html
    assert EMAIL not in html


def test_beyond_the_budget(desk: Client, ticket: Ticket, settings: Settings) -> None:
    settings.REVEALS_PER_SHIFT = 0
    status, html = reveal(desk, ticket)
    assert status == 409
    assert "Please ask your lead" in html
    assert EMAIL not in html


def test_the_administrator_cannot(log_in: LogIn, administrator: User, ticket: Ticket) -> None:
    client = log_in(administrator)
    assert "Show contact data" not in page(client, ticket)
    assert reveal(client, ticket)[0] == 403


def test_a_draft_keeps_what_its_author_wrote(desk: Client, ticket: Ticket) -> None:
    desk.post(f"/admin/tickets/{ticket.number}/draft/", {"body": f"We wrote to {EMAIL}.", "kind": "reply"})
    shown = page(desk, ticket)
    assert f"We wrote to {EMAIL}." in shown
    assert shown.count(EMAIL) == 1


class TestReadLog:
    def reads(self, ticket: Ticket) -> list[tuple[str, str]]:
        rows = AuditEntry.objects.filter(ticket=ticket.number).order_by("pk")
        return list(rows.values_list("kind", "way"))

    def test_every_view_with_its_way(
        self, desk: Client, ticket: Ticket, customer: Customer, agent: User
    ) -> None:
        address = f"/admin/tickets/{ticket.number}/"
        desk.get(address, headers={"Referer": "http://testserver/admin/queue/?view=mine"})
        desk.get(f"{address}?by=next", headers={"Referer": "http://testserver/admin/queue/?view=mine"})
        desk.get(address, headers={"Referer": "http://testserver/admin/queue/?q=500"})
        desk.get(address, headers={"Sec-Fetch-Site": "none"})
        ways = ["queue view=mine", "take next", "search", "address"]
        assert self.reads(ticket) == [("ticket_read", way) for way in ways]
        entry = AuditEntry.objects.filter(ticket=ticket.number).latest("pk")
        assert (entry.actor, entry.customer, entry.brand_id) == (agent, customer.pk, ticket.brand_id)

    def test_parts_of_an_open_page_are_the_same_reading(self, desk: Client, ticket: Ticket) -> None:
        page(desk, ticket)
        page(desk, ticket, "live/")
        page(desk, ticket, "earlier/?before=1")
        assert len(self.reads(ticket)) == 1

    def test_a_part_asked_for_alone_is_a_reading(self, desk: Client, ticket: Ticket) -> None:
        page(desk, ticket, "live/")
        page(desk, ticket, "live/")
        assert len(self.reads(ticket)) == 1

    def test_who_is_refused_reads_nothing(
        self, log_in: LogIn, other_team_agent: User, ticket: Ticket
    ) -> None:
        ticket.team_id and log_in(other_team_agent).get(f"/admin/tickets/{ticket.number}/")
        assert self.reads(ticket) == []

    def test_a_search_is_written_with_what_it_showed(self, desk: Client, ticket: Ticket) -> None:
        desk.get("/admin/queue/", {"q": "提现"})
        entry = AuditEntry.objects.get(kind=AuditKind.SEARCHED)
        assert entry.data == {"where": "queue", "words": "提现", "shown": [ticket.number]}

    def test_one_customers_cases(self, desk: Client, ticket: Ticket, customer: Customer) -> None:
        desk.get(f"/admin/queue/?view=all&customer={customer.pk}")
        entry = AuditEntry.objects.get(kind=AuditKind.CUSTOMER_READ)
        assert (entry.customer, entry.data["shown"]) == (customer.pk, [ticket.number])

    def test_the_palette(self, desk: Client, ticket: Ticket, customer: Customer) -> None:
        found = desk.get("/admin/palette/", {"q": EMAIL}).content.decode()
        assert "w***@e***.com" in found
        assert AuditEntry.objects.get(kind=AuditKind.SEARCHED).data["customers"] == [customer.pk]


def test_it_asks_for_no_confirmation(desk: Client, ticket: Ticket) -> None:
    """Work is done by it: reason, budget and log guard it, not a password each time."""
    assert reveal(stale(desk), ticket)[0] == 302
    assert f"mailto:{EMAIL}" in page(desk, ticket)

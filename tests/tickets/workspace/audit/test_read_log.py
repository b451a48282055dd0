"""Whatever shows a case is in the read log: also a form that is refused, and an act on it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.choices import AuditKind
from accounts.models import AuditEntry, SecurityAlarm, User
from tests.api_client import Api
from tests.wallet import AskFor, ask_for, known_customer
from tickets import actors
from tickets.actions import messages
from tickets.actions.decoys import make
from tickets.models import Ticket

__all__ = ["ask_for", "known_customer"]
pytestmark = pytest.mark.django_db
REFUSED: dict[str, dict[str, str]] = {
    "set/status/": {"value": "nonsense"},
    "reply/": {"kind": "reply", "body": "", "then": "open"},
    "merge/": {"typed": "x"},
}


def reads(ticket: Ticket) -> int:
    return AuditEntry.objects.filter(kind=AuditKind.TICKET_READ, ticket=ticket.number).count()


@pytest.fixture
def desk(agent: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(agent)
    return client


@pytest.mark.parametrize("form", REFUSED)
def test_a_refused_form_that_shows_the_case(desk: Client, ticket: Ticket, form: str) -> None:
    answer = desk.post(f"/admin/tickets/{ticket.number}/{form}", REFUSED[form])
    assert answer.status_code in (409, 422)
    assert ticket.subject in answer.content.decode()
    assert reads(ticket) == 1


def test_newer_messages_that_a_program_is_told(ticket: Ticket, agent: User) -> None:
    messages.customer_reply(ticket, body="And one thing more.", by=actors.customer(ticket.customer))
    answer = Api(agent).send(f"/tickets/{ticket.number}/messages/", {"body": "x", "seen": 1})
    assert answer.status_code == 409
    assert "And one thing more." in answer.content.decode()
    assert reads(ticket) == 1


def test_a_refused_form_on_a_decoy_alarms(desk: Client, brand: Any, officer: User) -> None:
    case = Ticket.objects.get(
        customer=make(1, brand=brand, domain="customers.btp.test", by=officer)[0].customer
    )
    desk.post(f"/admin/tickets/{case.number}/set/status/", {"value": "nonsense"})
    assert SecurityAlarm.objects.filter(kind=AuditKind.DECOY_READ).count() == 1


def test_what_shows_nothing_is_no_reading(desk: Client, ticket: Ticket) -> None:
    assert desk.get(f"/admin/tickets/{ticket.number}/files/1/").status_code == 404
    assert reads(ticket) == 0


def test_an_act_and_the_lists_of_them(ticket: Ticket, lead: User, ask_for: AskFor) -> None:
    act = ask_for(account="somebody.else@example.net")
    listed = Api(lead).get("/acts/").content.decode()
    assert "s…@example.net" in listed
    assert "somebody.else" not in listed
    entry = AuditEntry.objects.get(kind=AuditKind.SEARCHED)
    assert (entry.data["where"], entry.data["shown"]) == ("acts", [ticket.number])
    assert reads(ticket) == 0
    assert Api(lead).get(f"/acts/{act.key}/").json()["account"] == "somebody.else@example.net"
    assert reads(ticket) == 1

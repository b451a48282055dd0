"""Who tries what is not theirs, and who guesses, stands in the audit log; once a minute, not a thousand times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.choices import AuditKind
from accounts.models import AuditEntry, Customer, User
from helpdesk.lib import clock
from tests.cast import PASSWORD
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(other_brand_agent: User) -> Client:
    """Of another brand than the cases here."""
    client = Client()
    client.force_login(other_brand_agent)
    return client


def refused() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(kind=AuditKind.REFUSED).order_by("pk"))


def test_a_case_that_is_not_theirs(ann: Client, other_brand_agent: User, ticket: Ticket) -> None:
    assert ann.get(f"/admin/tickets/{ticket.number}/?q=secret").status_code == 404
    (entry,) = refused()
    assert (entry.actor, entry.address) == (other_brand_agent, "127.0.0.1")
    assert entry.session
    assert entry.data == {
        "route": "workspace:ticket",
        "path": f"/admin/tickets/{ticket.number}/",
        "method": "GET",
        "status": 404,
    }


def test_configuration_and_the_api(ann: Client, ticket: Ticket) -> None:
    assert ann.get("/admin/accounts/user/").status_code == 403
    assert ann.get(f"/api/v1/tickets/{ticket.number}/").status_code == 404
    assert [(row.data["route"], row.data["status"]) for row in refused()] == [
        ("admin:accounts_user_changelist", 403),
        ("api_ticket", 404),
    ]


def test_once_for_a_person_a_route_and_a_minute(
    ann: Client, other_team_agent: User, make_ticket: Callable[..., Ticket]
) -> None:
    other = Client()
    other.force_login(other_team_agent)
    paths = [f"/admin/tickets/{make_ticket().number}/" for _time in range(3)]
    now = clock.now().replace(second=5)
    with clock.frozen(now):
        assert [ann.get(path).status_code for path in paths] == [404] * 3
        assert other.get(paths[0]).status_code == 404
    assert len(refused()) == 2
    with clock.frozen(now + timedelta(minutes=1)):
        ann.get(paths[0])
    assert len(refused()) == 3


def test_not_customers_not_strangers_and_no_address_that_is_none(
    ann: Client, member: Customer, ticket: Ticket
) -> None:
    ann.get("/admin/nothing/of/that/kind/")
    ann.get("/favicon-that-is-not-there.ico")
    Client().get(f"/admin/tickets/{ticket.number}/")
    assert member.user is not None
    customer = Client()
    customer.force_login(member.user)
    customer.get(f"/admin/tickets/{ticket.number}/")
    customer.get(f"/btp/cases/{ticket.number}/")
    assert [row.data for row in refused()] == []


def test_guessing_passwords(agent: User) -> None:
    client = Client()
    for _time in range(8):
        client.post("/accounts/login/", {"login": agent.email, "password": "wrong"})
    (entry,) = refused()
    assert (entry.actor, entry.address) == (None, "127.0.0.1")
    assert (entry.data["user"], entry.data["route"], entry.data["status"]) == (agent.pk, "account_login", 429)
    assert PASSWORD not in str(entry.data)


def test_an_address_that_nobody_has_is_kept_nowhere(db: None) -> None:
    for _time in range(8):
        Client().post("/accounts/login/", {"login": "nobody@example.com", "password": "wrong"})
    assert refused()
    assert "nobody" not in str([entry.data for entry in refused()])


def test_the_gate_of_log_ins(monkeypatch: pytest.MonkeyPatch, agent: User) -> None:
    from helpdesk.lib.http import Limit

    monkeypatch.setattr(Limit, "spend", lambda self, who: False)
    assert Client().post("/accounts/login/", {}).status_code == 429
    assert Client().post("/btp/search/", {}).status_code != 200
    assert [row.data["route"] for row in refused()] == ["account_login"]
    assert clock.now() >= refused()[0].at

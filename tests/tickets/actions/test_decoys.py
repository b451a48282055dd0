"""Decoys: made like anybody, counted nowhere, mailed never, and an alarm when they are opened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from accounts.choices import AuditKind
from accounts.models import AuditEntry, Brand, Decoy, SecurityAlarm, User
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid, NotAllowed
from tickets.actions.decoys import make, remove
from tickets.choices import MailPurpose, MailState
from tickets.delivery.sender import deliver
from tickets.models import OutboxCall, OutboxMail, Ticket
from tickets.queries.analytics.scope import CaseScope
from tickets.rules.analytics import Period

pytestmark = pytest.mark.django_db


@pytest.fixture
def decoy(brand: Brand, officer: User) -> Decoy:
    return make(1, brand=brand, domain="customers.btp.test", by=officer)[0]


@pytest.fixture
def desk(agent: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(agent)
    return client


def test_it_works(decoy: Decoy, brand: Brand, agent: User) -> None:
    customer = decoy.customer
    assert customer.email.endswith("@customers.btp.test")
    case = Ticket.objects.get(customer=customer)
    assert case.status == "closed"
    assert case.created_at < clock.now() - timedelta(days=60)
    assert case.messages.count() == 2
    assert Ticket.objects.visible_to(agent).filter(pk=case.pk).exists()
    assert not OutboxMail.objects.filter(ticket=case).exists()
    assert not OutboxCall.objects.exists()


def test_opening_it_alarms(
    decoy: Decoy, desk: Client, agent: User, officer: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    case = Ticket.objects.get(customer=decoy.customer)
    response = desk.get(f"/admin/tickets/{case.number}/")
    assert response.status_code == 200
    assert "decoy" not in response.content.decode().lower()
    entry = AuditEntry.objects.get(kind=AuditKind.DECOY_READ)
    assert (entry.actor, entry.customer, entry.ticket) == (agent, decoy.pk, case.number)
    assert SecurityAlarm.objects.get().entry == entry.pk


def test_a_list_that_happens_to_show_it_alarms_nobody(decoy: Decoy, desk: Client) -> None:
    desk.get("/admin/queue/?view=all&status=any")
    assert not SecurityAlarm.objects.exists()


def test_looking_at_its_cases_alarms(decoy: Decoy, desk: Client) -> None:
    desk.get("/admin/queue/", {"view": "all", "status": "any", "customer": decoy.pk})
    assert SecurityAlarm.objects.count() == 1


def test_no_number_counts_it(decoy: Decoy, ticket: Ticket, lead: User) -> None:
    today = clock.now().date()
    scope = CaseScope(lead, Period(today - timedelta(days=500), today, "UTC"), clock.now())
    assert list(scope.tickets()) == [ticket]


def test_no_mail_goes_to_it(decoy: Decoy) -> None:
    case = Ticket.objects.get(customer=decoy.customer)
    mail = OutboxMail.objects.create(
        cause="reply:1", purpose=MailPurpose.REPLY, ticket=case, to=decoy.customer.email, language="en"
    )
    assert deliver() == 0
    mail.refresh_from_db()
    assert mail.state == MailState.SENT


def test_taken_away(decoy: Decoy, officer: User, desk: Client) -> None:
    case = Ticket.objects.get(customer=decoy.customer)
    remove(decoy, by=officer)
    changes = AuditEntry.objects.filter(kind=AuditKind.CONFIGURED, data__what="decoy").order_by("pk")
    assert [row.data["change"] for row in changes] == ["made", "removed"]
    assert Ticket.objects.filter(pk=case.pk).exists()


@pytest.mark.parametrize(
    ("count", "domain", "field"), [(0, "a.test", "count"), (51, "a.test", "count"), (1, "nonsense", "domain")]
)
def test_nonsense(brand: Brand, officer: User, count: int, domain: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        make(count, brand=brand, domain=domain, by=officer)
    assert set(refused.value.fields) == {field}


def test_only_who_watches_makes_them(brand: Brand, lead: User) -> None:
    with pytest.raises(NotAllowed):
        make(1, brand=brand, domain="a.test", by=lead)


def test_the_command(brand: Brand) -> None:
    call_command("make_decoys", "--brand", "btp", "--count", "2", "--domain", "a.test")
    assert Decoy.objects.count() == 2
    with pytest.raises(CommandError):
        call_command("make_decoys", "--brand", "none", "--domain", "a.test")

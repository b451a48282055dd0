"""The officers' pages: look up, grant, refuse, hold, lift, rules, and the copy."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import AuditKind
from accounts.models import AuditEntry, Brand, Customer, SecurityAlarm, User
from helpdesk.lib import clock
from tests.planted import EMAIL, NAME, Planted
from tickets import actors
from tickets.actions.decoys import make as make_decoys
from tickets.actions.privacy import exporting, requests
from tickets.choices import PrivacyKind, PrivacyState
from tickets.models import Category, LegalHold, PrivacyRequest, RetentionRule, RetentionRun, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(officer: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    return client


def path(name: str, *args: object) -> str:
    return reverse(f"workspace:{name}", args=args)


def test_who_is_looked_up_is_shown_with_what_is_known(planted: Planted, desk: Client) -> None:
    found = desk.get(path("privacy"), {"q": EMAIL})
    assert found["Location"] == path("privacy_person", planted.customer.pk)
    page = desk.get(found["Location"]).content.decode()
    assert NAME in page
    assert "What an erasure would reach" in page
    assert "attachments" in page.lower()
    read = AuditEntry.objects.get(kind=AuditKind.CUSTOMER_READ)
    assert (read.customer, read.data) == (planted.customer.pk, {"where": "privacy"})
    nobody = desk.get(path("privacy"), {"q": "nobody@nowhere.example"})
    assert "Nobody of your brands is known by this." in nobody.content.decode()


def test_looking_up_a_decoy_is_an_alarm(brand: Brand, officer: User, agent: User, desk: Client) -> None:
    [decoy] = make_decoys(1, brand=brand, domain="customers.btp.test", by=officer)
    desk.get(path("privacy_person", decoy.customer_id))
    entry = AuditEntry.objects.get(kind=AuditKind.DECOY_READ)
    assert (entry.customer, entry.actor) == (decoy.customer_id, officer)
    assert SecurityAlarm.objects.get().entry == entry.pk


def test_erasing_wants_a_tick(planted: Planted, desk: Client) -> None:
    where = path("privacy_ask", planted.customer.pk)
    refused = desk.post(where, {"kind": "erase"})
    assert refused.status_code == 422
    assert "Tick that you are sure" in refused.content.decode()
    assert desk.post(where, {"kind": "else", "sure": "1"}).status_code == 404
    asked = desk.post(where, {"kind": "erase", "sure": "1", "language": "zh-hans"})
    made = PrivacyRequest.objects.get()
    assert asked["Location"] == path("privacy_request", made.pk)
    assert (made.state, made.language) == (PrivacyState.QUEUED, "zh-hans")
    again = desk.post(where, {"kind": "erase", "sure": "1"})
    assert again.status_code == 409
    assert "asked for already" in again.content.decode()


def test_under_a_hold_the_page_says_why(planted: Planted, desk: Client) -> None:
    where = path("privacy_hold", planted.customer.pk)
    typed = {"reason": "", "until": "2031-01-31", "case": planted.tickets[0].number}
    refused = desk.post(where, typed)
    assert refused.status_code == 422
    assert 'value="2031-01-31"' in refused.content.decode()
    assert desk.post(where, typed | {"reason": "x", "until": "31.1."}).status_code == 422
    desk.post(where, typed | {"reason": "Lawsuit 12"})
    hold = LegalHold.objects.in_force().get()
    assert (hold.ticket, hold.customer) == (planted.tickets[0], None)
    page = desk.get(path("privacy_person", planted.customer.pk)).content.decode()
    assert "Lawsuit 12" in page
    assert "a legal hold keeps the data" in page
    kept = desk.post(path("privacy_ask", planted.customer.pk), {"kind": "erase", "sure": "1"})
    assert kept.status_code == 409
    assert "Lawsuit 12" in desk.get(path("privacy_holds")).content.decode()
    desk.post(path("privacy_lift", hold.pk))
    hold.refresh_from_db()
    assert hold.lifted_at


def test_what_a_customer_asked_is_granted_or_refused(planted: Planted, desk: Client, brand: Brand) -> None:
    by = actors.customer(planted.customer)
    made = requests.ask(planted.customer, kind=PrivacyKind.ERASE, brand=brand, language="en", by=by)
    page = desk.get(path("privacy")).content.decode()
    assert "1 request waits to be finished." in page
    PrivacyRequest.objects.update(due_at=clock.now() - timedelta(days=1))
    assert "1 is past its day." in desk.get(path("privacy")).content.decode()
    assert "Erase this person" in desk.get(path("privacy_request", made.pk)).content.decode()
    assert desk.post(path("privacy_refuse", made.pk), {"remark": "Kept."}).status_code == 422
    desk.post(path("privacy_refuse", made.pk), {"reason": "not_them", "remark": "Kept."})
    made.refresh_from_db()
    assert (made.state, made.refusal, made.remark) == (PrivacyState.REFUSED, "not_them", "Kept.")
    assert desk.post(path("privacy_grant", made.pk)).status_code == 409


def test_the_copy_is_fetched(planted: Planted, desk: Client) -> None:
    desk.post(path("privacy_ask", planted.customer.pk), {"kind": "export", "with_notes": "1"})
    made = PrivacyRequest.objects.get()
    assert desk.get(path("privacy_fetch", made.pk)).status_code == 404
    exporting.work()
    assert "Fetch the copy" in desk.get(path("privacy_request", made.pk)).content.decode()
    response = desk.get(path("privacy_fetch", made.pk))
    assert response["Cache-Control"] == "private, no-store"
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    assert "data.json" in archive.namelist()


def test_the_officer_of_another_brand_sees_nobody(
    planted: Planted, desk: Client, officer: User, other_brand: Brand, brand: Brand
) -> None:
    by = actors.customer(planted.customer)
    made = requests.ask(planted.customer, kind=PrivacyKind.ERASE, brand=brand, language="en", by=by)
    officer.brands.set([other_brand])
    assert desk.get(path("privacy_person", planted.customer.pk)).status_code == 404
    assert desk.get(path("privacy_request", made.pk)).status_code == 404
    assert NAME not in desk.get(path("privacy")).content.decode()


def test_rules_are_added_changed_looked_at_and_removed(
    desk: Client, brand: Brand, category: Category, make_ticket: Callable[..., Ticket]
) -> None:
    old = make_ticket()
    Ticket.objects.filter(pk=old.pk).update(status="closed", closed_at=clock.now() - timedelta(days=99))
    form: dict[str, Any] = {"rule-brand": brand.pk, "rule-category": category.pk, "rule-days": 30}
    assert desk.post(path("privacy_rule"), form | {"rule-days": 0}).status_code == 422
    desk.post(path("privacy_rule"), form | {"rule-is_active": "on"})
    twice = desk.post(path("privacy_rule"), form)
    assert twice.status_code == 422
    assert "already: change that one" in twice.content.decode()
    rule = RetentionRule.objects.get()
    desk.post(path("privacy_look"))
    page = desk.get(path("privacy_retention")).content.decode()
    assert "1 case would lose its words." in page
    assert old.number in page
    desk.post(path("privacy_rule"), form | {"pk": rule.pk, "rule-days": 300, "rule-is_active": "on"})
    rule.refresh_from_db()
    assert rule.days == 300
    desk.post(path("privacy_run"))
    assert RetentionRun.objects.filter(is_dry=False).count() == 1
    desk.post(path("privacy_rule_remove", rule.pk))
    assert not RetentionRule.objects.exists()


def test_a_person_without_cases_has_a_page(desk: Client, member: Customer) -> None:
    assert desk.get(path("privacy_person", member.pk)).status_code == 200

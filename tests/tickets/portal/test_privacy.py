"""What customers ask of us about their data: only who is signed in, only about themselves."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Brand, Customer, User
from accounts.rules.capabilities import Role
from tests.cast import person
from tickets import actors
from tickets.actions.privacy import exporting, requests
from tickets.choices import PrivacyKind, PrivacyState
from tickets.models import PrivacyRequest

pytestmark = pytest.mark.django_db
PAGE = "/btp/privacy/"


@pytest.fixture
def door(member: Customer) -> Client:
    assert member.user is not None
    return signed_in(member.user)


def signed_in(user: User) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_guests_are_asked_to_log_in(brand: Brand, client: Client) -> None:
    client.cookies["django_language"] = "en"
    page = client.get(PAGE).content.decode()
    assert "First show us that it is you" in page
    assert 'name="kind"' not in page
    sent = client.post(f"{PAGE}ask/", {"kind": "export"})
    assert sent["Location"].startswith("/accounts/login/?next=")
    assert not PrivacyRequest.objects.exists()


def test_staff_are_no_customers_here(brand: Brand, agent: User) -> None:
    assert signed_in(agent).post(f"{PAGE}ask/", {"kind": "export"})["Location"] == PAGE
    assert not PrivacyRequest.objects.exists()


def test_a_copy_is_made_at_once_and_fetched_by_them_alone(
    brand: Brand, member: Customer, door: Client
) -> None:
    assert door.post(f"{PAGE}ask/", {"kind": "export"})["Location"] == PAGE
    made = PrivacyRequest.objects.get()
    assert (made.state, made.language, made.by_themself) == (PrivacyState.QUEUED, "en", True)
    assert door.post(f"{PAGE}ask/", {"kind": "export"}).status_code == 409
    copy = f"{PAGE}{made.pk}/copy/"
    assert door.get(copy).status_code == 404
    exporting.work()
    assert copy in door.get(PAGE).content.decode()
    response = door.get(copy)
    assert b"".join(response.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert signed_in(person(Role.CUSTOMER, "Stan")).get(copy).status_code == 404
    assert Client().get(copy).status_code == 404


def test_a_copy_that_an_officer_had_made_is_not_theirs_to_fetch(
    brand: Brand, member: Customer, door: Client, officer: User
) -> None:
    by = actors.staff(officer)
    made = requests.ask(member, kind=PrivacyKind.EXPORT, brand=brand, language="en", by=by, with_notes=True)
    exporting.work()
    assert door.get(f"{PAGE}{made.pk}/copy/").status_code == 404


def test_to_be_erased_wants_a_tick_waits_and_may_be_taken_back(brand: Brand, door: Client) -> None:
    refused = door.post(f"{PAGE}ask/", {"kind": "erase"})
    assert refused.status_code == 422
    assert "Tick that you are sure" in refused.content.decode()
    door.post(f"{PAGE}ask/", {"kind": "erase", "sure": "1"})
    made = PrivacyRequest.objects.get()
    assert made.state == PrivacyState.ASKED
    stranger = signed_in(person(Role.CUSTOMER, "Stan"))
    assert stranger.post(f"{PAGE}{made.pk}/withdraw/").status_code == 404
    assert "Somebody of us looks at it" in door.get(PAGE).content.decode()
    door.post(f"{PAGE}{made.pk}/withdraw/")
    made.refresh_from_db()
    assert made.state == PrivacyState.WITHDRAWN
    assert door.post(f"{PAGE}{made.pk}/withdraw/").status_code == 409
    assert door.post(f"{PAGE}ask/", {"kind": "all"}).status_code == 404


def test_not_more_often_than_makes_sense(brand: Brand, door: Client) -> None:
    for _ in range(5):
        door.post(f"{PAGE}ask/", {"kind": "export"})
        PrivacyRequest.objects.all().delete()
    assert door.post(f"{PAGE}ask/", {"kind": "export"}).status_code == 429

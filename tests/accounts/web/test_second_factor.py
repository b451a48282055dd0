from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import Brand, Customer, User

pytestmark = pytest.mark.django_db
SET_UP = "/accounts/2fa/totp/activate/"


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = True


@pytest.fixture
def ann(agent: User) -> Client:
    client = Client()
    client.force_login(agent)
    return client


@pytest.mark.parametrize("path", ["/admin/", "/admin/accounts/brand/", "/btp/", "/api/v1/", "/nothing/"])
def test_every_door_but_setting_one_up_is_closed(ann: Client, path: str) -> None:
    assert ann.get(path)["Location"] == SET_UP


def test_the_way_out_is_open(ann: Client) -> None:
    for path in ("/accounts/logout/", "/accounts/2fa/", "/healthz/"):
        assert ann.get(path).get("Location", "") in ("", "/accounts/reauthenticate/?next=/accounts/2fa/"), (
            path
        )


@pytest.mark.parametrize("kind", [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
def test_with_one_the_doors_are_open(ann: Client, agent: User, kind: str) -> None:
    Authenticator.objects.create(user=agent, type=kind, data={})
    assert ann.get("/btp/").status_code == 200


def test_recovery_codes_alone_are_none(ann: Client, agent: User) -> None:
    Authenticator.objects.create(user=agent, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert ann.get("/admin/")["Location"] == SET_UP


def test_customers_and_guests_need_none(member: Customer, brand: Brand) -> None:
    client = Client()
    assert client.get("/btp/").status_code == 200
    assert member.user is not None
    client.force_login(member.user)
    assert client.get("/btp/").status_code == 200


def test_where_it_is_not_demanded_nobody_is_asked(ann: Client, settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = False
    assert ann.get("/btp/").status_code == 200

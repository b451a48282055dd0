"""Configuring what sensitive acts need, and the wallet cores that carry them out."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Brand, User
from tickets.models import ActPolicy, ActThreshold, WalletCore

SECRET = "thirty-two random characters, or more"


@pytest.fixture
def site(administrator: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(administrator)
    return client


def core_form(brand: Brand, **changed: str) -> dict[str, str]:
    start = {
        "brand": str(brand.pk),
        "url": "https://core.example.com/v1/",
        "key_id": "btp-1",
        "secret": SECRET,
        "is_active": "on",
    }
    return start | changed


def test_it_works(site: Client, brand: Brand) -> None:
    assert site.post(reverse("admin:tickets_walletcore_add"), core_form(brand)).status_code == 302
    core = WalletCore.objects.get()
    assert (core.url, core.secret) == ("https://core.example.com/v1", SECRET.encode())
    assert SECRET.encode() not in bytes(core.sealed_secret)
    page = site.get(reverse("admin:tickets_walletcore_change", args=[core.pk])).content.decode()
    assert SECRET not in page


def test_another_address_needs_the_secret_again(site: Client, brand: Brand) -> None:
    site.post(reverse("admin:tickets_walletcore_add"), core_form(brand))
    address = reverse("admin:tickets_walletcore_change", args=[WalletCore.objects.get().pk])
    moved = core_form(brand, url="https://elsewhere.example.com", secret="")
    assert "write its secret" in site.post(address, moved).content.decode()
    assert site.post(address, core_form(brand, secret="", is_active="")).status_code == 302
    assert WalletCore.objects.get().secret == SECRET.encode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"url": "http://core.example.com"}, "https://"),
        ({"url": "https://10.0.0.1"}, "private or reserved network"),
        ({"url": "https://u:p@core.example.com"}, "Leave name and password out"),
        ({"secret": "short"}, "32 or more"),
        ({"secret": ""}, "Write the secret"),
    ],
)
def test_what_is_wrong_with_a_core(changed: dict[str, str], words: str, site: Client, brand: Brand) -> None:
    page = site.post(reverse("admin:tickets_walletcore_add"), core_form(brand, **changed)).content.decode()
    assert words in page
    assert not WalletCore.objects.exists()


def test_a_host_that_the_operator_names(site: Client, brand: Brand, settings: Any) -> None:
    settings.WALLET_PRIVATE_HOSTS = ["core.internal:8080"]
    form = core_form(brand, url="http://core.internal:8080")
    assert site.post(reverse("admin:tickets_walletcore_add"), form).status_code == 302


def policy_form(brand: Brand, **changed: str) -> dict[str, str]:
    start = {
        "brand": str(brand.pk),
        "kind": "refund",
        "level": "10",
        "approvals": "1",
        "hours": "24",
        "thresholds-TOTAL_FORMS": "1",
        "thresholds-INITIAL_FORMS": "0",
        "thresholds-0-currency": "CNY",
        "thresholds-0-amount": "500",
        "thresholds-0-approvals": "2",
    }
    return start | changed


def test_a_policy(site: Client, brand: Brand) -> None:
    assert site.post(reverse("admin:tickets_actpolicy_add"), policy_form(brand)).status_code == 302
    assert (ActPolicy.objects.get().approvals, ActThreshold.objects.get().approvals) == (1, 2)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"level": "0"}, "at least “contact proved”"),
        ({"approvals": "0"}, "Between 1 and 5"),
        ({"approvals": "9"}, "Between 1 and 5"),
        ({"kind": "override_kyc", "level": "20"}, "Between 2 and 5"),
        ({"hours": "1000"}, "At most 720"),
        ({"thresholds-0-approvals": "9"}, "Between 1 and 5"),
        ({"thresholds-0-currency": "rmb"}, "capital letters"),
        ({"kind": "freeze"}, "freeze"),
    ],
)
def test_a_policy_that_asks_for_less(changed: dict[str, str], words: str, site: Client, brand: Brand) -> None:
    page = site.post(reverse("admin:tickets_actpolicy_add"), policy_form(brand, **changed)).content.decode()
    assert words in page
    assert not ActPolicy.objects.exists()

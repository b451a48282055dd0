"""Finding and keeping the people who have cases."""

from __future__ import annotations

import pytest

from accounts.actions import customers
from accounts.models import Customer, User
from accounts.rules.capabilities import Role
from helpdesk.lib.errors import Invalid
from tests.cast import person
from tests.tickets.rules.secrets.said import WIF

pytestmark = pytest.mark.django_db


def test_it_finds_who_is_known() -> None:
    first = customers.find_or_create(email=" Wang@Example.com ", name="王小明", language="zh-hans")
    again = customers.find_or_create(email="wang@example.com", name="Somebody else", language="en")
    assert again == first
    assert again.name == "王小明", "a form must not rename somebody by their address"


def test_a_phone_finds_too_in_any_spelling() -> None:
    first = customers.find_or_create(phone="138 0013 8000", language="zh-hans")
    assert customers.find_or_create(phone="+86-13800138000", language="en") == first


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "email"),
        ({"email": "nonsense"}, "email"),
        ({"email": f"{WIF}@example.com"}, "email"),
        ({"email": f"key.{WIF}@example.com"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"phone": "call me"}, "phone"),
    ],
)
def test_it_says_what_is_wrong(given: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        customers.find_or_create(**given, language="en")  # type: ignore[arg-type]
    assert field in refused.value.fields


def test_a_guests_cases_become_the_members() -> None:
    guest = customers.find_or_create(email="mia@demo.test", language="en")
    assert customers.of_user(person(Role.CUSTOMER, "Mia")) == guest
    guest.refresh_from_db()
    assert guest.user is not None


def test_an_address_that_changed_hands_brings_no_strangers_history() -> None:
    before = person(Role.CUSTOMER, "Before")
    theirs = customers.of_user(before)
    before.email = "moved@demo.test"
    before.save()
    newcomer = User.objects.create_user("before@demo.test", role=Role.CUSTOMER)
    mine = customers.of_user(newcomer)
    assert mine != theirs
    assert (mine.email, Customer.objects.get(pk=theirs.pk).email) == ("before@demo.test", "moved@demo.test")

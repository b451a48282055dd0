"""Who is calling?"""

from __future__ import annotations

import pytest

from accounts.models import Customer
from accounts.queries.customers import known_by


@pytest.fixture
def caller(customer: Customer) -> Customer:
    customer.phone = "+8613800138000"
    customer.save()
    return customer


@pytest.mark.parametrize(
    ("email", "phone"),
    [
        (" WANG@example.com", ""),
        ("", "138 0013 8000"),
        ("", "+86 138-0013-8000"),
        ("nobody@example.com", "13800138000"),
    ],
)
def test_known(caller: Customer, email: str, phone: str) -> None:
    assert known_by(email=email, phone=phone) == caller


@pytest.mark.parametrize(
    ("email", "phone"), [("", ""), ("x", ""), ("", "12"), ("", "x"), ("", "13900139000"), (" ", " ")]
)
def test_unknown(caller: Customer, email: str, phone: str) -> None:
    assert known_by(email=email, phone=phone) is None

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from accounts.models import Brand, Customer


@pytest.fixture
def guest(brand: Brand) -> Client:
    """A browser that nobody is logged in with, reading English."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def mia(member: Customer, brand: Brand) -> Client:
    """The browser of the customer with a log-in."""
    assert member.user is not None
    client = Client(headers={"accept-language": "en"})
    client.force_login(member.user)
    return client

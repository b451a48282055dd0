"""Clients logged in as each member of the cast."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:  # read before Django is ready
    from accounts.models import User

LogIn = Callable[["User"], Client]


@pytest.fixture
def log_in() -> LogIn:
    """``log_in(agent)``: a browser in which the agent works, in English."""

    def make(user: User) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        return client

    return make


@pytest.fixture
def desk(log_in: LogIn, agent: User) -> Client:
    return log_in(agent)

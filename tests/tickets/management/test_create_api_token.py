from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import ApiToken, User
from helpdesk.lib import clock


def create(*args: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command("create_api_token", *args, stdout=out, **options)
    return out.getvalue().strip()


def test_it_works(agent: User) -> None:
    secret = create("ANN@demo.test", name="nightly", scope=["tickets:read"], days=7)
    token = ApiToken.objects.get()
    assert (token.user, token.name, token.scopes) == (agent, "nightly", ["tickets:read"])
    assert token.expires_at is not None
    assert token.expires_at - clock.now() > timedelta(days=6)
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/tickets/").status_code == 200


@pytest.mark.parametrize(
    ("email", "options"),
    [("nobody@demo.test", {}), ("ann@demo.test", {"name": " "}), ("ann@demo.test", {"days": 0})],
)
def test_refusals(agent: User, email: str, options: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        create(email, **{"name": "x", "scope": ["tickets:read"], **options})
    assert not ApiToken.objects.exists()

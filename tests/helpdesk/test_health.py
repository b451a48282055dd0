from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client

pytestmark = pytest.mark.django_db


def test_healthy(client: Client) -> None:
    response = client.get("/healthz/")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "redis": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(("part", "name"), [("_database", "database"), ("_redis", "redis")])
def test_a_part_that_fails_is_named_and_nothing_else_is_said(client: Client, part: str, name: str) -> None:
    with patch(f"helpdesk.health.{part}", side_effect=OperationalError("password is hunter2")):
        response = client.get("/healthz/")
    assert response.status_code == 503
    assert response.json()[name] == "failing"
    assert b"hunter2" not in response.content


def test_it_only_reads(client: Client) -> None:
    assert client.post("/healthz/").status_code == 405

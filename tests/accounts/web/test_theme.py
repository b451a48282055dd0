from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Brand

pytestmark = pytest.mark.django_db
PATH = "/accounts/preferences/theme/"


def test_the_choice_is_kept_and_drawn_by_the_server(client: Client, brand: Brand) -> None:
    assert 'data-theme="auto"' in client.get("/btp/").content.decode()
    response = client.post(PATH, {"theme": "dark", "next": "/btp/help/"})
    assert response["Location"] == "/btp/help/"
    assert 'data-theme="dark"' in client.get("/btp/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_it_leads_nowhere_else(client: Client, brand: Brand, target: str) -> None:
    assert client.post(PATH, {"theme": "dark", "next": target})["Location"] == "/"


def test_nonsense_is_not_kept(client: Client, brand: Brand) -> None:
    assert "theme" not in client.post(PATH, {"theme": '"><script>', "next": "/"}).cookies
    client.cookies["theme"] = '"><script>'
    assert 'data-theme="auto"' in client.get("/btp/").content.decode()
    assert client.get(PATH).status_code == 405

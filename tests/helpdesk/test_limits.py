"""Every door has its limit; whoever comes too often is told so in their language, and keeps what they typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from helpdesk.lib import clock
from helpdesk.lib.http import Limit
from helpdesk.lib.limits import API_PREFIX, GATES, LOOKED_AT, WITHIN
from tests.test_doors import House, Route, address, door_of, house, routes
from tickets.models import Ticket

__all__ = ["house"]

from django.urls import get_resolver

ROUTES = {route.name: route for route in routes(get_resolver().url_patterns)}


@pytest.fixture
def spent(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Whatever is counted, it was too often."""
    monkeypatch.setattr(Limit, "spend", lambda self, who: False)
    monkeypatch.setattr(Limit, "is_spent", lambda self, who: True)
    settings.MAIL_HTTP_SECRET = "s" * 32


def test_the_table_names_addresses_that_there_are() -> None:
    assert set(GATES) | set(LOOKED_AT) | set(WITHIN) <= set(ROUTES)


def test_public_doors_that_take_something_in_have_a_line_of_their_own() -> None:
    """What is only caught by OTHERS stands behind a log-in."""
    lines = set(GATES) | set(WITHIN)
    public = {
        route.name
        for route in ROUTES.values()
        if (door := door_of(route)) is not None
        and door.method != "GET"
        and door.who.name in ("ANYBODY", "OWNER")
        and not route.name.startswith((API_PREFIX, "mfa_", "account_"))
    }
    assert public <= lines, f"Add to helpdesk/lib/limits.py: {public - lines}"


def _post(route: Route, client: Client, house: House) -> Any:
    if route.name.startswith(API_PREFIX):
        return client.post(address(route, house.values), "{}", content_type="application/json")
    return client.post(address(route, house.values))


@pytest.mark.usefixtures("spent")
def test_nothing_is_sent_past_the_limits(house: House) -> None:
    """By a stranger, and by the owner of the case, to every address of the site."""
    owner = Client()
    assert house.people["owner"] is not None
    owner.force_login(house.people["owner"], "django.contrib.auth.backends.ModelBackend")
    wrong = []
    for route in ROUTES.values():
        for client in (Client(), owner):
            answer = _post(route, client, house)
            #: Programs are asked first who they are; a form of no case is not there.
            before = {401, 403, 404, 405} if route.name.startswith(API_PREFIX) else {404}
            if route.name == "portal:search":
                before = {405}  # it is only asked
            if answer.status_code != 429 and answer.status_code not in before:
                wrong.append(f"{route.name}: {answer.status_code}")
            if answer.status_code == 429 and int(answer["Retry-After"]) < 1:
                wrong.append(f"{route.name}: says not when to come again")
    assert not wrong


@pytest.mark.usefixtures("spent")
def test_the_api_counts(house: House) -> None:
    owner = Client()
    assert house.people["owner"] is not None
    owner.force_login(house.people["owner"], "django.contrib.auth.backends.ModelBackend")
    assert owner.get("/api/v1/tickets/").status_code == 429
    told = Client().get("/api/v1/tickets/", headers={"Authorization": "Bearer hd_guessed"})
    assert (told.status_code, told.json()["code"]) == (429, "throttled")
    assert int(told["Retry-After"]) >= 1


def test_guessing_keys_ends(db: None) -> None:
    client, key = Client(), {"Authorization": "Bearer hd_guessed"}
    assert [client.get("/api/v1/tickets/", headers=key).status_code for _time in range(61)].count(429) == 1


@pytest.mark.usefixtures("spent")
@pytest.mark.parametrize(("language", "words"), [("en", "One moment, please"), ("zh-hans", "请稍")])
def test_in_the_readers_language_and_what_was_typed_is_kept(db: None, language: str, words: str) -> None:
    client = Client(headers={"accept-language": language})
    typed = {"login": "mia@demo.test", "password": "the secret one", "next": "/btp/?a=1&b=<2>"}
    answer = client.post("/accounts/login/", typed)
    page = answer.content.decode()
    assert answer.status_code == 429
    assert words in page
    assert 'name="login" value="mia@demo.test"' in page
    assert 'value="/btp/?a=1&amp;b=&lt;2&gt;"' in page
    assert "the secret one" not in page
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.usefixtures("spent")
def test_a_part_of_a_page_is_told_in_a_line(agent: User, ticket: Ticket) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(agent)
    answer = client.post(f"/admin/tickets/{ticket.number}/take/", headers={"hx-request": "true"})
    assert answer.status_code == 429
    assert answer.content.decode().startswith("Please try again in")


def test_the_window_ends(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = Limit("short", 2, 60)
    assert [limit.spend("x") for _time in range(3)] == [True, True, False]
    assert limit.spend("y"), "each is counted alone"
    with clock.frozen(clock.now().replace(second=0, microsecond=0)):
        assert limit.wait() == 60

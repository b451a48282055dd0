from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth
from django.core.cache import cache, caches
from django.test import Client

from accounts.models import Brand
from helpdesk.lib.cache import ForgivingRedisCache
from helpdesk.lib.http import Limit
from tests.tickets.portal.pages import GOOD, fields_of
from tickets.models import Category, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def redis_away(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody listens where the cache should be."""
    monkeypatch.setattr(ForgivingRedisCache, "_paused_until", 0.0)
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    ForgivingRedisCache._meanwhile.clear()
    yield
    ForgivingRedisCache._meanwhile.clear()
    ForgivingRedisCache._paused_until = 0.0


def test_it_remembers_while_redis_is_there() -> None:
    cache.set("one", 1)
    assert (cache.get("one"), cache.incr("one"), cache.add("one", 5)) == (1, 2, False)
    assert isinstance(caches["default"], ForgivingRedisCache)


def test_without_redis_it_remembers_nothing_and_says_no_word(redis_away: None) -> None:
    cache.set("one", 1)
    assert cache.get("one", "default") == "default"
    assert (cache.add("one", 1), cache.has_key("one"), cache.delete("one")) == (True, False, False)
    assert (cache.get_many(["one"]), cache.set_many({"one": 1})) == ({}, [])
    with pytest.raises(ValueError):
        cache.incr("one")


def test_limits_hold_without_redis(redis_away: None) -> None:
    limit = Limit("test", 2, 3600)
    assert [limit.spend("somebody") for _time in range(4)] == [True, True, False, False]
    assert (limit.is_spent("somebody"), limit.is_spent("another")) == (True, False)


def test_guessing_ends_without_redis(redis_away: None, agent: Any) -> None:
    """Passwords at the page's log-in; and a code that was used is used."""
    from tests.cast import PASSWORD

    guess, right = {"login": agent.email, "password": "wrong"}, {"login": agent.email, "password": PASSWORD}
    client = Client()
    for _time in range(5):
        assert client.post("/accounts/login/", guess).status_code == 200
    locked = client.post("/accounts/login/", right)
    assert locked.status_code == 200, "not in, though it is the right one"
    assert locked.context["form"].errors
    secret = auth.generate_totp_secret()
    totp = auth.TOTP.activate(agent, secret)
    code = auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time())))
    assert (totp.validate_code(code), totp.validate_code(code)) == (True, False)


def test_after_a_failure_nobody_waits_for_a_while(redis_away: None, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.get("one")
    asked: list[str] = []
    client = type(caches["default"]._cache)  # type: ignore[attr-defined]
    monkeypatch.setattr(client, "get", lambda *args, **kw: asked.append("asked"))
    assert cache.get("one") is None
    assert asked == []
    ForgivingRedisCache._paused_until = time.monotonic() - 1
    cache.get("one")
    assert asked == ["asked"]


def test_health_tells_the_truth(redis_away: None, client: Client) -> None:
    assert client.get("/healthz/").json()["redis"] == "failing"


def test_a_guest_files_a_case_and_follows_it_without_redis(
    redis_away: None, brand: Brand, category: Category
) -> None:
    guest = Client()
    path = "/btp/new/withdrawal/"
    sent = guest.post(path, {**fields_of(guest.get(path)), **GOOD})
    assert sent["Location"] == f"/btp/cases/{Ticket.objects.get().display_number}/received/"
    assert guest.get(sent["Location"]).status_code == 200


def test_people_log_in_and_work_without_redis(redis_away: None, agent: Any, ticket: Ticket) -> None:
    from tests.cast import PASSWORD

    desk = Client()
    entered = desk.post("/accounts/login/", {"login": agent.email, "password": PASSWORD})
    assert entered.status_code == 302
    assert desk.get("/admin/queue/?view=all").status_code == 200

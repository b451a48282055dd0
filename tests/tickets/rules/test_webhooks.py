from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest

from accounts.models import Brand
from helpdesk import env
from tests.times import shanghai
from tickets.models import Event, Ticket
from tickets.rules.webhooks import Verdict, payload_of, signed_headers, verdict, written_key

DOCS = (env.BASE_DIR / "docs" / "webhooks.md").read_text(encoding="utf-8")


def test_the_least_is_said() -> None:
    """Neither who the customer is nor a word that anybody wrote."""
    ticket = Ticket(number="7K2M9QX4", brand=Brand(slug="btp"), subject="secret", fields={"amount": "500"})
    data = {
        "act": "call_webhook",
        "timer": "first_response",
        "timer_id": 7,
        "at_percent": 80,
        "after_minutes": 0,
    }
    event = Event(ticket=ticket, at=shanghai(2, 10), actor_name="sla", data=data)
    assert payload_of(event) == {
        "type": "ticket.escalated",
        "timestamp": "2026-03-02T02:00:00+00:00",
        "data": {
            "ticket": "7K2M9QX4",
            "brand": "btp",
            "clock": "first_response",
            "due_at": None,
            "step": {"at_percent": 80, "after_minutes": 0},
            "url": "http://localhost:8000/admin/tickets/7K2M9QX4/",
        },
    }


def test_the_documented_call_has_the_same_keys() -> None:
    example, *_others = re.findall(r"```json\n(.*?)```", DOCS, flags=re.DOTALL)
    said = payload_of(Event(ticket=Ticket(brand=Brand()), at=shanghai(2, 10), data={}))
    shown = json.loads(example)
    assert shown.keys() == said.keys()
    assert shown["data"].keys() == said["data"].keys()


def documented(name: str) -> str:
    found = re.search(rf"^\| `?{name}`? \| `(.+)` \|$", DOCS, flags=re.MULTILINE)
    assert found is not None, name
    return found[1]


def recipe() -> Any:
    """The receiver's code as the docs give it."""
    [code] = re.findall(r"```python\n(.*?)```", DOCS, flags=re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    return names["verify"]


KEY = base64.b64decode(documented("key").removeprefix("whsec_"))
BODY = documented("body").encode()
SENT_AT = int(documented("webhook-timestamp"))


def example() -> dict[str, str]:
    return signed_headers(KEY, cause=documented("webhook-id"), at=SENT_AT, body=BODY)


def test_the_documented_vector() -> None:
    assert example() == {
        name: documented(name) for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    }
    assert written_key(KEY) == documented("key")


def test_the_documented_recipe_takes_what_we_sign() -> None:
    assert recipe()(documented("key"), example(), BODY, SENT_AT + 10)


@pytest.mark.parametrize(
    ("changes", "body", "now"),
    [
        ({"webhook-id": "another"}, BODY, SENT_AT),
        ({"webhook-timestamp": str(SENT_AT + 1)}, BODY, SENT_AT),
        ({"webhook-signature": "v1,AAAA"}, BODY, SENT_AT),
        ({}, BODY + b" ", SENT_AT),
        ({}, BODY, SENT_AT + 301),
    ],
)
def test_the_documented_recipe_refuses_the_rest(changes: dict[str, str], body: bytes, now: int) -> None:
    assert not recipe()(documented("key"), example() | changes, body, now)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299, 409])
def test_taken(status: int) -> None:
    assert verdict(status) is Verdict.TAKEN


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 520, 599])
def test_later(status: int) -> None:
    assert verdict(status) is Verdict.LATER


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 403, 404, 405, 410, 413, 422, 451])
def test_refused(status: int) -> None:
    assert verdict(status) is Verdict.REFUSED

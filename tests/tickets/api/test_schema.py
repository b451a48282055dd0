"""The API keeps what its description says, whatever it is sent: schemathesis makes the requests up."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.actions import api_tokens
from accounts.api.security import Throttle
from accounts.models import User
from accounts.rules.scopes import Scope
from helpdesk.lib.http import Limit
from tickets.models import Ticket

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
#: Requests for each way of asking each address.
FEW, MANY = 4, 100
COUNT = itertools.count()


def described() -> Any:
    """The description as it is served, with the application behind it."""
    text = SchemaGenerator(api_version="v1").get_schema(  # type: ignore[no-untyped-call]
        request=None, public=True
    )
    made = schemathesis.openapi.from_dict(json.loads(json.dumps(text, default=str)))
    made.app = get_wsgi_application()
    return made


schema = described()


def made_up(times: int) -> settings:
    return settings(
        max_examples=times,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture
def bearer(manager: User, ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(Throttle, "limit", Limit("api", times=1_000_000, seconds=60))
    for signal in (request_started, request_finished):  # the test's transaction outlives a request
        signal.disconnect(close_old_connections)
    yield api_tokens.issue(user=manager, name="made up", scopes=list(Scope), by=None).secret
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def ask(case: Any, bearer: str, ticket: Ticket, nth: int) -> None:
    """Every other request names what is there: else nearly all would end at "not found"."""
    message = ticket.messages.earliest("pk")
    there = {"number": ticket.number, "id": message.pk, "message": message.pk}
    if nth % 2:
        case.path_parameters.update({k: v for k, v in there.items() if k in case.path_parameters})
        if isinstance(case.body, dict) and "category" in case.body:
            case.body |= {"brand": ticket.brand.slug, "category": "withdrawal"}
    response = case.call(headers={"Authorization": f"Bearer {bearer}"})
    case.validate_response(response, checks=CHECKS)


@schema.parametrize()
@made_up(FEW)
def test_it_keeps_its_word(case: Any, bearer: str, ticket: Ticket) -> None:
    ask(case, bearer, ticket, next(COUNT))


@pytest.mark.long
@schema.parametrize()
@made_up(MANY)
def test_it_keeps_its_word_at_length(case: Any, bearer: str, ticket: Ticket) -> None:
    ask(case, bearer, ticket, next(COUNT))

"""Every dangerous door, with a log-in of an hour ago: it asks who one is, nothing is done; confirmed, it is done.

Beside this table: people, tokens, mailboxes and webhooks in ``tests/accounts/web/test_step_up.py``, the API in
``tests/tickets/api/test_acts.py``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import serializers
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.choices import AuditKind
from accounts.models import AuditEntry, Brand, Customer, Decoy, User
from tests.cast import PASSWORD, stale
from tests.wallet import AskFor, ask_for, known_customer, make_core
from tickets import actors
from tickets.actions import decoys
from tickets.actions.privacy import exporting, requests
from tickets.actions.privacy.holds import hold
from tickets.choices import ActKind, PrivacyKind
from tickets.models import (
    ActApproval,
    ActPolicy,
    LegalHold,
    PrivacyRequest,
    RetentionRule,
    RetentionRun,
    SensitiveAct,
    Ticket,
    WalletCore,
)

__all__ = ["ask_for", "known_customer"]
pytestmark = pytest.mark.django_db
CONFIRM = "/accounts/reauthenticate/"


@dataclass(frozen=True)
class World:
    """One row of each kind that the doors act on; made when its door asks for it."""

    ask_for: AskFor
    ticket: Ticket
    customer: Customer
    brand: Brand
    officer: User

    def act(self) -> tuple[Any, ...]:
        return (self.ask_for().key,)

    def person(self) -> tuple[Any, ...]:
        """Their cases are over, so nothing is in the way of an erasure."""
        Ticket.objects.update(status="closed")
        return (self.customer.pk,)

    def asked(self) -> tuple[Any, ...]:
        """An erasure that waits to be decided."""
        self.person()
        by = actors.customer(self.customer)
        made = requests.ask(self.customer, kind=PrivacyKind.ERASE, brand=self.brand, language="en", by=by)
        return (made.pk,)

    def copy(self) -> tuple[Any, ...]:
        by = actors.staff(self.officer)
        made = requests.ask(self.customer, kind=PrivacyKind.EXPORT, brand=self.brand, language="en", by=by)
        exporting.work()
        return (made.pk,)

    def held(self) -> tuple[Any, ...]:
        made = hold(customer=self.customer, reason="A court asks.", until=None, by=actors.staff(self.officer))
        return (made.pk,)

    def rule(self) -> tuple[Any, ...]:
        return (RetentionRule.objects.create(brand=self.brand, days=400).pk,)

    def decoy(self) -> tuple[Any, ...]:
        [made] = decoys.make(1, brand=self.brand, domain="mail.btp.test", by=self.officer)
        return (made.pk,)

    def policy(self) -> tuple[Any, ...]:
        return (ActPolicy.objects.create(brand=self.brand, kind=ActKind.UNFREEZE, approvals=2, hours=2).pk,)

    def core(self) -> tuple[Any, ...]:
        return (make_core(self.brand, "https://core.example.com").pk,)

    def nothing(self) -> tuple[Any, ...]:
        return ()


Made = Callable[[World], tuple[Any, ...]]


@dataclass(frozen=True)
class Danger:
    """``sent`` None: a page or a file that is fetched. ``who``: a member of the cast."""

    name: str
    who: str
    made: Made = World.nothing
    sent: Callable[[World], dict[str, str]] | None = field(default=lambda world: {})
    query: str = ""


def _approval(world: World) -> dict[str, str]:
    return {"content_hash": SensitiveAct.objects.get().content_hash}


def _policy(world: World) -> dict[str, str]:
    start = {"brand": str(world.brand.pk), "kind": "unfreeze", "level": "30", "approvals": "3", "hours": "2"}
    return start | {"thresholds-TOTAL_FORMS": "0", "thresholds-INITIAL_FORMS": "0"}


def _core(world: World) -> dict[str, str]:
    start = {"brand": str(world.brand.pk), "url": "https://elsewhere.example.com", "key_id": "btp-9"}
    return start | {"secret": "thirty-two random characters, or more", "is_active": "on"}


DOORS = [
    Danger("workspace:act_approve", "lead", World.act, _approval),
    Danger("workspace:audit_export", "administrator"),
    Danger("analytics:tickets-csv", "manager", sent=None, query="?metric=opened"),
    Danger("analytics:promises-list-csv", "manager", sent=None, query="?metric=decided"),
    Danger("workspace:privacy_grant", "officer", World.asked),
    Danger("workspace:privacy_refuse", "officer", World.asked, lambda world: {"reason": "not_them"}),
    Danger("workspace:privacy_ask", "officer", World.person, lambda world: {"kind": "erase", "sure": "1"}),
    Danger("workspace:privacy_fetch", "officer", World.copy, None),
    Danger("workspace:privacy_lift", "officer", World.held),
    Danger("workspace:privacy_rule", "officer", sent=lambda world: {"rule-days": "400"}),
    Danger("workspace:privacy_rule_remove", "officer", World.rule),
    Danger("workspace:privacy_run", "officer", World.nothing),
    Danger(
        "workspace:decoys",
        "officer",
        sent=lambda world: {"brand": str(world.brand.pk), "count": "1", "domain": "mail.btp.test"},
    ),
    Danger("workspace:decoy_remove", "officer", World.decoy),
    Danger("admin:tickets_actpolicy_add", "manager", sent=_policy),
    Danger("admin:tickets_actpolicy_change", "manager", World.policy, _policy),
    Danger("admin:tickets_actpolicy_delete", "manager", World.policy, lambda world: {"post": "yes"}),
    Danger("admin:tickets_walletcore_add", "administrator", sent=_core),
    Danger("admin:tickets_walletcore_change", "administrator", World.core, _core),
]
MODELS: tuple[type[Model], ...] = (
    *(SensitiveAct, ActApproval, ActPolicy, WalletCore, PrivacyRequest, LegalHold),
    *(RetentionRule, RetentionRun, Decoy),
)


def state() -> str:
    """Of all that the doors change, as a digest: what was done shows, and that nothing was."""
    seen = hashlib.sha256()
    for model in MODELS:
        seen.update(serializers.serialize("json", model._default_manager.order_by("pk")).encode())
    # That one confirmed again is told, whatever follows.
    told = AuditEntry.objects.exclude(kind=AuditKind.CONFIRMED_AGAIN).order_by("pk")
    seen.update(serializers.serialize("json", told).encode())
    return seen.hexdigest()


@pytest.fixture
def world(ask_for: AskFor, ticket: Ticket, customer: Customer, brand: Brand, officer: User) -> World:
    return World(ask_for, ticket, customer, brand, officer)


@pytest.mark.parametrize("danger", DOORS, ids=lambda danger: danger.name)
def test_it_asks_and_nothing_is_done_until_it_is_answered(
    danger: Danger, world: World, request: pytest.FixtureRequest
) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast(User, request.getfixturevalue(danger.who)))
    path = reverse(danger.name, args=danger.made(world)) + danger.query
    stale(client)
    before = state()

    said = danger.sent(world) if danger.sent is not None else None
    asked = client.get(path) if said is None else client.post(path, said)
    assert asked.status_code == 302
    assert asked["Location"].startswith(CONFIRM)
    assert state() == before
    back = parse_qs(urlsplit(asked["Location"]).query)["next"]
    assert back == [path]

    done = client.post(CONFIRM, {"password": PASSWORD, "next": path})
    if said is None:
        assert done["Location"] == path, "a file comes back to itself"
        done = client.get(path)
        assert done["Content-Disposition"].startswith("attachment")
    if done.streaming:
        b"".join(done.streaming_content)  # type: ignore[attr-defined]
    assert done.status_code < 400
    assert state() != before

"""Sensitive acts in tests: what to ask for, customers who are known, and a real sandbox wallet on a port."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.choices import VerificationMethod
from accounts.models import Brand, Customer, User
from accounts.rules.capabilities import Role
from helpdesk.lib import clock
from tests.cast import person
from tickets import actors
from tickets.actions.verifying import verify
from tickets.actions.wallet import request_act
from tickets.choices import ActKind
from tickets.gateways.wallet_core.sandbox import Sandbox, sandbox_key_id, sandbox_secret
from tickets.gateways.wallet_core.sandbox_server import Server
from tickets.models import ActPolicy, ActThreshold, SensitiveAct, Ticket, WalletCommand, WalletCore

ACCOUNT = "BTP-10023456"
UNFREEZE = {"account": ACCOUNT, "reason_code": "owner_again", "reason": "Came to the counter."}
REFUND = {
    "account": ACCOUNT,
    "reason_code": "charged_twice",
    "amount": {"amount": "200.00", "currency": "CNY"},
    "transaction": "TX2026030112",
}


@pytest.fixture
def known_customer(ticket: Ticket, customer: Customer, manager: User) -> Customer:
    """Their document was checked, on the very case, by somebody who has nothing else to do with it."""
    verify(ticket, method=VerificationMethod.DOCUMENT, by=actors.staff(manager))
    return customer


@pytest.fixture
def refund_policy(brand: Brand) -> ActPolicy:
    """One approval, from 500 CNY on two."""
    policy = ActPolicy.objects.create(brand=brand, kind=ActKind.REFUND, approvals=1, hours=24)
    ActThreshold.objects.create(policy=policy, currency="CNY", amount=Decimal(0), approvals=1)
    ActThreshold.objects.create(policy=policy, currency="CNY", amount=Decimal(500), approvals=2)
    return policy


AskFor = Callable[..., SensitiveAct]


@pytest.fixture
def ask_for(ticket: Ticket, agent: User, known_customer: Customer) -> AskFor:
    """``ask_for()``: the agent asks to unfreeze; kind and any answer may be given."""

    def ask(kind: ActKind = ActKind.UNFREEZE, *, on: Ticket | None = None, **answers: Any) -> SensitiveAct:
        start = REFUND if kind == ActKind.REFUND else UNFREEZE
        return request_act(on or ticket, kind=kind, answers={**start, **answers}, by=actors.staff(agent))

    return ask


@pytest.fixture
def second_lead(brand: Brand, lead: User) -> User:
    made = person(Role.LEAD, "Lisa", brands=[brand])
    made.teams.set(lead.teams.all())
    return made


@pytest.fixture
def wallet(settings: Any) -> Iterator[Server]:
    """A sandbox that hangs for a blink and completes what is slow when a test says so."""
    server = Server(("127.0.0.1", 0), Sandbox(), hang_seconds=30.0, slow_seconds=600.0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    settings.WALLET_PRIVATE_HOSTS = [f"127.0.0.1:{server.server_address[1]}"]
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def core(brand: Brand, wallet: Server, monkeypatch: pytest.MonkeyPatch) -> WalletCore:
    """The brand's wallet is the sandbox, and nobody waits long for it."""
    monkeypatch.setattr("tickets.delivery.wallet.CALL_SECONDS", 0.4)
    return make_core(brand, wallet.url)


def make_core(brand: Brand, url: str) -> WalletCore:
    made = WalletCore(brand=brand, url=url, key_id=sandbox_key_id(brand.slug))
    made.set_secret(sandbox_secret(made.key_id))
    made.save()
    return made


def again(act: SensitiveAct) -> SensitiveAct:
    return SensitiveAct.objects.select_related("command").get(pk=act.pk)


def make_due(**past: timedelta) -> None:
    """The pause of every command is over; with ``sent=…`` it was sent so long ago."""
    WalletCommand.objects.update(available_at=clock.now())
    if "sent" in past:
        sent = WalletCommand.objects.filter(sent_at__isnull=False)
        sent.update(sent_at=clock.now() - past["sent"])

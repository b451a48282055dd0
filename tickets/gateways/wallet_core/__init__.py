"""The wallet core: the system that keeps the accounts and carries out what was approved. A protocol; ``over_http`` is
the real one, ``sandbox`` a core to try it against. ``docs/wallet-gateway.md`` tells the other side how to answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from tickets.choices import WalletWord


@dataclass(frozen=True)
class Order:
    """One act as the wallet is told of it. ``key`` is the idempotency key, ``content`` what is to be done."""

    key: str
    content_hash: str
    content: Mapping[str, Any]
    #: The customer's e-mail address and phone on record here: the wallet refuses where the account is somebody else's.
    holder: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """The wallet's word on one act, its signature checked. ``raw`` is kept with the act."""

    word: WalletWord
    code: str
    reference: str
    raw: Mapping[str, Any]


class NotSent(Exception):
    """Certainly without effect: the call never reached the wallet."""


class Unclear(Exception):
    """It may have had its effect: no answer in time, or one that nobody signed."""


class Gateway(Protocol):
    """Both raise NotSent and Unclear."""

    def carry_out(self, order: Order) -> Answer: ...

    def ask(self, order: Order) -> Answer: ...

"""The audit log. ``record`` is its only writer; it writes in the caller's transaction, by one INSERT."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

from accounts.choices import AuditKind
from accounts.models import AuditEntry
from accounts.rules.audit_chain import derived, mac_of, plain
from helpdesk.lib.inserting import insert

if TYPE_CHECKING:
    from accounts.models import Brand, Customer, User

MAX_WAY = 200


@dataclass
class Asked:
    """From where the present request came. ``way`` is filled in once it is known by which way it came."""

    address: str = ""
    session: str = ""
    way: str = ""


_asked: ContextVar[Asked | None] = ContextVar("audit_asked", default=None)


@contextmanager
def answering(asked: Asked) -> Iterator[Asked]:
    """While a request is being answered."""
    token = _asked.set(asked)
    try:
        yield asked
    finally:
        _asked.reset(token)


def asked() -> Asked:
    """An empty one where no request is being answered."""
    return _asked.get() or Asked()


def record(
    kind: AuditKind,
    *,
    by: User | None,
    brand: Brand | None = None,
    ticket: str = "",
    customer: Customer | None = None,
    way: str = "",
    **data: Any,
) -> AuditEntry:
    """``ticket`` is its number, ``data`` holds JSON values and never a secret, a code or contact data in clear.

    ``by`` None: nobody who is logged in (the system, a stranger). Where a request is being answered, its network
    address, session and way are added.
    """
    came = asked()
    entry = AuditEntry(
        kind=str(AuditKind(kind)),
        actor_id=by.pk if by else None,
        brand_id=brand.pk if brand else None,
        ticket=plain(ticket),
        customer=customer.pk if customer else None,
        way=plain(way or came.way)[:MAX_WAY],
        address=_address(came.address),
        session=came.session,
        data=plain(data),
    )
    entry.mac = mac_of(keys()[0], entry.written.canonical)
    return insert(entry)


def keys() -> tuple[bytes, ...]:
    """The first signs; all of them verify."""
    secrets = settings.AUDIT_KEYS or [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return _derived(tuple(str(secret) for secret in secrets))


@lru_cache(maxsize=8)
def _derived(secrets: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(derived(secret) for secret in secrets)


def _address(text: str) -> str | None:
    """As the database writes it; None for what is none."""
    try:
        parsed = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address):
        # A server that listens for both kinds writes IPv4 so; and a zone ("%eth0") is no part of an address.
        parsed = parsed.ipv4_mapped or ipaddress.IPv6Address(int(parsed))
    return str(parsed)

"""The audit log. ``record`` is its only writer; it writes in the caller's transaction, by one INSERT."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

from accounts.choices import AuditKind
from accounts.models import AuditEntry
from accounts.rules.audit_chain import derived, mac_of, plain
from helpdesk.lib.guarding import guarded, guarded_values
from helpdesk.lib.inserting import insert

if TYPE_CHECKING:
    from accounts.models import Brand, Customer, User

MAX_WAY = 200


@dataclass(frozen=True)
class Sight:
    """A case, a customer, a file or a list that the present answer shows. Becomes an entry once it was answered."""

    kind: AuditKind
    ticket: str = ""
    customer: int | None = None
    brand: int | None = None
    #: Pairs, so that two sights that are the same can be told to be.
    data: tuple[tuple[str, Any], ...] = ()


@dataclass
class Asked:
    """From where the present request came. ``way`` is filled in once it is known by which way it came."""

    address: str = ""
    session: str = ""
    way: str = ""
    #: Who asks, once that is known.
    who: Callable[[], User | None] = lambda: None
    sights: list[Sight] = field(default_factory=list)


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


def saw(
    kind: AuditKind, *, ticket: str = "", customer: int | None = None, brand: int | None = None, **data: Any
) -> None:
    """The answer that is being made shows this. Costs nothing; staff's are written when it was made."""
    came = _asked.get()
    if came is not None:
        came.sights.append(Sight(kind, ticket, customer, brand, tuple(sorted(data.items()))))


def record(
    kind: AuditKind,
    *,
    by: User | None,
    brand: Brand | int | None = None,
    ticket: str = "",
    customer: Customer | int | None = None,
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
        brand_id=brand if isinstance(brand, int) or brand is None else brand.pk,
        ticket=plain(ticket),
        customer=customer if isinstance(customer, int) or customer is None else customer.pk,
        # Its columns guard nothing themselves: what was signed must be what is stored.
        way=guarded(plain(way or came.way))[:MAX_WAY],
        address=_address(came.address),
        session=came.session,
        data=guarded_values(plain(data)),
    )
    entry.mac = mac_of(keys()[0], entry.written.canonical)
    return insert(entry)


def mark_of(secret: bytes) -> str:
    """Tells two secrets apart without saying anything of either to whoever lacks the key."""
    return hmac.new(keys()[0], b"secret in the audit log" + secret, hashlib.sha256).hexdigest()[:8]


def keys() -> tuple[bytes, ...]:
    """The first signs; all of them verify."""
    secrets = settings.AUDIT_KEYS or [str(settings.SECRET_KEY), *map(str, settings.SECRET_KEY_FALLBACKS)]
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

"""Whose contact data somebody may see unmasked just now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.core.cache import cache

from accounts.choices import AuditKind
from accounts.models import AuditEntry, User

#: So long what was asked for is shown, to the one who asked.
SHOWN_SECONDS = 300


def key_of(user: int, page: str, customer: int) -> str:
    """``page``: the number of the case on whose page it was asked for."""
    return f"reveal:{user}:{page}:{customer}"


def revealed_to(user: int, page: str, customers: Collection[int]) -> set[int]:
    """One look into the cache; without Redis nothing is shown."""
    keys = {key_of(user, page, customer): customer for customer in customers if customer}
    return {keys[key] for key in cache.get_many(keys)} if keys else set()


def spent(user: User, since: datetime) -> int:
    """How many people's data they have had shown since then; by ``audit_by_actor``."""
    rows = AuditEntry.objects.filter(actor=user, kind=AuditKind.REVEALED, at__gte=since)
    return rows.order_by().values("customer").distinct().count()

"""Whose contact data somebody may see unmasked just now."""

from __future__ import annotations

from collections.abc import Collection

from django.core.cache import cache

#: So long what was asked for is shown, to the one who asked.
SHOWN_SECONDS = 300


def key_of(user: int, customer: int) -> str:
    return f"reveal:{user}:{customer}"


def revealed_to(user: int, customers: Collection[int]) -> set[int]:
    """One look into the cache; without Redis nothing is shown."""
    keys = {key_of(user, customer): customer for customer in customers if customer}
    return {keys[key] for key in cache.get_many(keys)} if keys else set()

"""One of a kind at a time, over all processes. PostgreSQL holds the lock and lets go of it when its holder dies."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def key_of(name: str) -> int:
    """PostgreSQL knows advisory locks by 64-bit numbers."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


@contextmanager
def single_flight(name: str) -> Iterator[bool]:
    """True for the one who goes on; False, at once, for whoever comes while another is at it."""
    key = key_of(name)
    taken = _ask("SELECT pg_try_advisory_lock(%s)", key)
    try:
        yield taken
    finally:
        if taken:
            _ask("SELECT pg_advisory_unlock(%s)", key)


def _ask(question: str, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [key])
        return bool(cursor.fetchone()[0])

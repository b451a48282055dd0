"""Hashes that tell the same thing again, and from which nobody finds what it was by trying.

A card number of which a mark shows ten digits has a million possibilities, and a plain hash of the text around it would
tell the right one.
"""

from __future__ import annotations

from django.utils.crypto import salted_hmac


def keyed_hash(data: bytes | str, *, purpose: str) -> str:
    """64 hexadecimal digits, other ones for another ``purpose`` and another ``SECRET_KEY``."""
    return salted_hmac(f"helpdesk.{purpose}", data, algorithm="sha256").hexdigest()

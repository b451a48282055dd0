"""Subaddresses (RFC 5233): ``help+tag@example.com`` arrives at ``help@example.com``."""

from __future__ import annotations

#: RFC 5321, 4.5.3.1.1.
MAX_LOCAL = 64


def tagged(address: str, tag: str) -> str | None:
    """The address with a tag; None where that would be too long, or the address is none."""
    local, at, domain = address.rpartition("@")
    if not at or not local or len(local) + 1 + len(tag) > MAX_LOCAL:
        return None
    return f"{local}+{tag}@{domain}"


def untagged(address: str) -> tuple[str, str]:
    """The address without its tag, and the tag: "" where there is none."""
    local, _at, domain = address.rpartition("@")
    name, plus, tag = local.partition("+")
    return (f"{name}@{domain}", tag) if plus and name else (address, "")

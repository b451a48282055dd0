"""Values that travel through an address and come back unchanged, or not at all."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer


def sign(value: str, *, purpose: str) -> str:
    """``value`` with a signature; one made for another purpose does not fit."""
    return _signer(purpose).sign(value)


def unsign(signed: str, *, purpose: str) -> str | None:
    """The value, or None when the signature is not ours."""
    try:
        return _signer(purpose).unsign(signed)
    except BadSignature:
        return None


def _signer(purpose: str) -> Signer:
    # SECRET_KEY_FALLBACKS are tried too: changing the key breaks no link that was mailed.
    return Signer(salt=f"helpdesk.{purpose}", sep=".")

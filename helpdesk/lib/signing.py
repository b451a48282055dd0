"""Numbers of rows that travel through an address: sealed, so that nobody can make one up, nor count by them.

A synthetic-IV construction: the tag proves the number, and a mask made from the tag hides it. The same number gives
the same token, for ever, under the same SECRET_KEY; keys in SECRET_KEY_FALLBACKS still open what they sealed.
"""

from __future__ import annotations

import base64
import binascii
import hmac

from django.conf import settings
from django.utils.crypto import salted_hmac

_TAG, _NUMBER = 16, 8


def seal(number: int, *, purpose: str) -> str:
    """32 characters for an address; one made for another purpose does not open."""
    return _seal(number, purpose, settings.SECRET_KEY)


def unseal(token: str, *, purpose: str) -> int | None:
    """The number, or None when the token is not ours."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii"))
    except (binascii.Error, ValueError):
        return None
    if len(raw) != _TAG + _NUMBER:
        return None
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        tag, hidden = raw[:_TAG], raw[_TAG:]
        number = _masked(hidden, tag, purpose, key)
        if hmac.compare_digest(tag, _hmac(number, purpose, key)[:_TAG]):
            return int.from_bytes(number)
    return None


def _seal(number: int, purpose: str, key: str | bytes) -> str:
    plain = number.to_bytes(_NUMBER)
    tag = _hmac(plain, purpose, key)[:_TAG]
    return base64.urlsafe_b64encode(tag + _masked(plain, tag, purpose, key)).decode()


def _masked(value: bytes, tag: bytes, purpose: str, key: str | bytes) -> bytes:
    mask = _hmac(tag, f"{purpose}.mask", key)
    return bytes(one ^ other for one, other in zip(value, mask[:_NUMBER], strict=True))


def _hmac(value: bytes, purpose: str, key: str | bytes) -> bytes:
    return salted_hmac(f"helpdesk.{purpose}", value, secret=key, algorithm="sha256").digest()

"""Bytes that lie in the database and that nobody reads who has only the database.

AES-256-GCM (NIST SP 800-38D), its key derived from the first of ``settings.MAIL_KEYS`` for one purpose (HKDF, RFC
5869). What other keys of the list sealed is still opened: a new key is put first, and the old ones stay for as long as
anything sealed by them is kept.
"""

from __future__ import annotations

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_VERSION = b"\x01"
_KEY_ID, _NONCE = 4, 12


class Unreadable(Exception):
    """No key of MAIL_KEYS opens it: a key was taken out of the list too early, or the bytes were changed."""


def seal(plain: bytes, *, purpose: str) -> bytes:
    """A version byte, four that name the key, the nonce, then the sealed bytes with their tag."""
    name, cipher = _cipher(settings.MAIL_KEYS[0], purpose)
    nonce = os.urandom(_NONCE)
    return _VERSION + name + nonce + cipher.encrypt(nonce, plain, purpose.encode())


def unseal(sealed: bytes, *, purpose: str) -> bytes:
    """What was sealed for this purpose. Raises Unreadable."""
    name, rest = sealed[1 : 1 + _KEY_ID], sealed[1 + _KEY_ID :]
    for key in settings.MAIL_KEYS:
        its_name, cipher = _cipher(key, purpose)
        if its_name == name and sealed[:1] == _VERSION:
            try:
                return cipher.decrypt(rest[:_NONCE], rest[_NONCE:], purpose.encode())
            except (InvalidTag, ValueError) as problem:
                raise Unreadable from problem
    raise Unreadable


@lru_cache(maxsize=32)
def _cipher(key: str, purpose: str) -> tuple[bytes, AESGCM]:
    made = HKDF(SHA256(), 32 + _KEY_ID, salt=None, info=f"helpdesk.{purpose}".encode()).derive(key.encode())
    return made[32:], AESGCM(made[:32])

"""Mails that are really signed, and the records that let others check it."""

from __future__ import annotations

import base64
from functools import cache

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.dns_server import text_record


@cache
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)


def key_record() -> str:
    der = (
        private_key()
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return text_record("v=DKIM1; k=rsa; p=" + base64.b64encode(der).decode())


def signed(raw: bytes, domain: str, *, canonical: bytes = b"relaxed/relaxed", length: bool = False) -> bytes:
    """``raw`` under a signature of ``domain`` by the selector s1."""
    pem = private_key().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    head, _, body = canonical.partition(b"/")
    names = [b"from", b"to", b"subject"]
    field: bytes = dkim.sign(
        raw, b"s1", domain.encode(), pem, canonicalize=(head, body), include_headers=names, length=length
    )
    return field + raw

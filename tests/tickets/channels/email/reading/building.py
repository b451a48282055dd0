"""Mails for tests, byte by byte as programs send them."""

from __future__ import annotations

import base64

HEAD = b"From: Ann <ann@example.com>\r\nTo: desk@example.com\r\nSubject: Hello\r\nMIME-Version: 1.0\r\n"


def mail(body: bytes = b"", *, headers: bytes = b"") -> bytes:
    return HEAD + headers + b"\r\n" + body


def part(content: bytes, *, headers: bytes = b"Content-Type: text/plain; charset=utf-8\r\n") -> bytes:
    return headers + b"\r\n" + content


def multipart(kind: str, *parts: bytes, boundary: bytes = b"b1") -> bytes:
    """Header and body of a multipart, as a part or below ``HEAD``."""
    inner = b"".join(b"--" + boundary + b"\r\n" + one + b"\r\n" for one in parts)
    head = b'Content-Type: multipart/%s; boundary="%s"\r\n\r\n' % (kind.encode(), boundary)
    return head + inner + b"--" + boundary + b"--\r\n"


def encoded(content: bytes, kind: str, *, headers: bytes = b"") -> bytes:
    head = b"Content-Type: %s\r\nContent-Transfer-Encoding: base64\r\n" % kind.encode()
    return head + headers + b"\r\n" + base64.encodebytes(content)

"""DKIM (RFC 6376): which domains signed the mail, and is it still what they signed?

The library does the reading of signatures and the arithmetic of keys. What could keep it busy for hours is kept from
it: endless heads, signatures by the hundred, keys without end, and the body, whose hash is reckoned here (the library
takes a gigabyte for 24 MB, and the square of the time for long runs of spaces).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import dkim
from dkim.util import InvalidTagValueList, parse_tag_value

from helpdesk.lib.mail_domains import ascii_domain, is_aligned
from helpdesk.lib.mail_heads import split_head
from tickets.gateways.mail_proof.names import Names, UnreachableError

MAX_HEAD, MAX_LINES, MAX_FIELD, MAX_SIGNED_FIELDS = 128_000, 3_000, 8_000, 150
#: Those of the From domain come first: only they can prove anything.
MAX_SIGNATURES = 4
#: SHA-1 proves nothing any more (RFC 8301).
_ALGORITHMS = frozenset({b"rsa-sha256", b"ed25519-sha256"})

_LONG_SPACE = re.compile(rb"\s{60}")


@dataclass(frozen=True)
class Signature:
    """``word`` as RFC 8601 names the results of dkim."""

    word: str
    domain: str = ""
    selector: str = ""


class Body:
    """The body in the two ways in which it is signed; each made once, if at all."""

    def __init__(self, body: bytes) -> None:
        self._lines = body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        if not self._lines.endswith(b"\r\n"):
            self._lines += b"\r\n"

    @cached_property
    def simple(self) -> bytes:
        return _without_empty_lines(self._lines) or b"\r\n"

    @cached_property
    def relaxed(self) -> bytes:
        """Runs of spaces and tabs are one space, and none at the end of a line."""
        text = self._lines.replace(b"\t", b" ")
        while b"  " in text:  # the runs become half as long each time
            text = text.replace(b"  ", b" ")
        return _without_empty_lines(text.replace(b" \r\n", b"\r\n"))


class _Mail(dkim.DKIM):  # type: ignore[misc]
    """A head without a body: the library shall check the signature of the head alone."""

    def verify_sig(self, sig: dict[bytes, bytes], *rest: Any) -> bool:
        return bool(super().verify_sig({tag: value for tag, value in sig.items() if tag != b"bh"}, *rest))


def signatures(names: Names, raw: bytes, from_domain: str) -> list[Signature]:
    """None for a mail that nobody signed."""
    head, text = split_head(raw)
    if len(head) > MAX_HEAD or head.count(b"\n") > MAX_LINES:
        return [Signature("neutral")]
    try:
        mail = _Mail(head + b"\r\n\r\n")
    except (dkim.DKIMException, IndexError):
        return [Signature("neutral")]
    fields = [value for name, value in mail.headers if name.lower() == b"dkim-signature"]
    if not fields:
        return []
    tags = [_tags(value) for value in fields]
    order = sorted(range(len(fields)), key=lambda at: not is_aligned(_domain(tags[at]), from_domain))
    body = Body(text)
    return [_checked(names, mail, at, tags[at], body) for at in order[:MAX_SIGNATURES]]


def _tags(field: bytes) -> Mapping[bytes, bytes]:
    """Empty for a signature that the library shall not see."""
    if len(field) > MAX_FIELD or _LONG_SPACE.search(field):
        return {}
    try:
        tags: dict[bytes, bytes] = parse_tag_value(field)
    except InvalidTagValueList:
        return {}
    return tags


def _domain(tags: Mapping[bytes, bytes]) -> str:
    return ascii_domain(tags.get(b"d", b"").decode("ascii", "replace"))


def _checked(names: Names, mail: _Mail, at: int, tags: Mapping[bytes, bytes], body: Body) -> Signature:
    domain = _domain(tags)
    selector = ascii_domain(tags.get(b"s", b"").decode("ascii", "replace") + ".invalid").removesuffix(
        ".invalid"
    )
    if not domain or not selector or not _is_whole(tags):
        return Signature("permerror", domain, selector)
    word = body_word(body, tags)
    if word in ("pass", "policy"):
        head = _head_word(names, mail, at)
        word = word if head == "pass" else head
    return Signature(word, domain, selector)


def _is_whole(tags: Mapping[bytes, bytes]) -> bool:
    """It covers the sender, by an algorithm that proves something."""
    signed = [name.strip().lower() for name in tags.get(b"h", b"").split(b":")]
    return b"from" in signed and len(signed) <= MAX_SIGNED_FIELDS and tags.get(b"a") in _ALGORITHMS


def body_word(body: Body, tags: Mapping[bytes, bytes]) -> str:
    """Whether the body is the one signed. ``policy`` when only its beginning is (``l=``): anybody may have written the
    rest.
    """
    is_relaxed = tags.get(b"c", b"").partition(b"/")[2].strip() == b"relaxed"
    text = body.relaxed if is_relaxed else body.simple
    try:
        length = int(tags[b"l"]) if b"l" in tags else len(text)
        expected = base64.b64decode(b"".join(tags.get(b"bh", b"").split()))
    except (ValueError, binascii.Error):
        return "permerror"
    if not 0 <= length <= len(text):
        return "permerror"
    if not hmac.compare_digest(hashlib.sha256(memoryview(text)[:length]).digest(), expected):
        return "fail"
    return "pass" if length == len(text) else "policy"


def _head_word(names: Names, mail: _Mail, at: int) -> str:
    def key(name: bytes, timeout: float = 0) -> bytes | None:
        return next(iter(names.texts(name.decode("ascii"))), None)

    try:
        return "pass" if mail.verify(idx=at, dnsfunc=key) else "fail"
    except UnreachableError:
        return "temperror"
    except dkim.ValidationError:
        return "fail"
    except dkim.NaClNotFoundError:
        return "neutral"  # Ed25519: who signs so signs with RSA as well
    except (dkim.DKIMException, ArithmeticError, LookupError, TypeError, AssertionError, ValueError):
        return "permerror"  # a signature, or a key, that the library chokes on


def _without_empty_lines(text: bytes) -> bytes:
    """``text`` ends in CRLF; of several at its end one stays, and none of nothing."""
    end = len(text.rstrip(b"\r\n"))
    end = max(end, text.rfind(b"\r\r", end) + 1)  # a lone CR is no end of a line
    return text[:end] + b"\r\n" if end else b""

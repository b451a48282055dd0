"""DKIM (RFC 6376): which domains signed the mail, and is it still what they signed?

The library does the reading and the arithmetic. What could keep it busy for hours is kept from it: endless heads, long
runs of spaces, signatures by the hundred, keys without end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import dkim
from dkim.canonicalization import CanonicalizationPolicy, InvalidCanonicalizationPolicyError
from dkim.util import InvalidTagValueList, parse_tag_value

from helpdesk.lib.mail_domains import ascii_domain, is_aligned
from helpdesk.lib.mail_heads import split_head
from tickets.gateways.mail_proof.names import Names, UnreachableError

MAX_HEAD, MAX_LINES, MAX_FIELD, MAX_SIGNED_FIELDS = 128_000, 3_000, 8_000, 150
#: Those of the From domain come first: only they can prove anything.
MAX_SIGNATURES = 4

_LINE_END = re.compile(rb"\r?\n")
_SPACES = re.compile(rb"[\t ]+")
_LONG_SPACE = re.compile(rb"\s{60}")


@dataclass(frozen=True)
class Signature:
    """``word`` as RFC 8601 names the results of dkim."""

    word: str
    domain: str = ""
    selector: str = ""


def signatures(names: Names, raw: bytes, from_domain: str) -> list[Signature]:
    """None for a mail that nobody signed."""
    head, body = split_head(raw)
    if len(head) > MAX_HEAD or head.count(b"\n") > MAX_LINES:
        return [Signature("neutral")]
    try:
        mail = dkim.DKIM(head + b"\r\n\r\n")
    except (dkim.DKIMException, IndexError):
        return [Signature("neutral")]
    fields = [value for name, value in mail.headers if name.lower() == b"dkim-signature"]
    tags = [_tags(value) for value in fields]
    order = sorted(range(len(fields)), key=lambda at: not is_aligned(_domain(tags[at]), from_domain))
    body = _LINE_END.sub(b"\r\n", body)
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


def _checked(names: Names, mail: dkim.DKIM, at: int, tags: Mapping[bytes, bytes], body: bytes) -> Signature:
    domain = _domain(tags)
    signed = [name.strip().lower() for name in tags.get(b"h", b"").split(b":")]
    selector = ascii_domain(tags.get(b"s", b"").decode("ascii", "replace") + ".invalid").removesuffix(
        ".invalid"
    )
    if not domain or not selector or b"from" not in signed or len(signed) > MAX_SIGNED_FIELDS:
        return Signature("permerror", domain, selector)

    def key(name: bytes, timeout: float = 0) -> bytes | None:
        return next(iter(names.texts(name.decode("ascii"))), None)

    try:
        mail.body = prepared_body(body, tags)
        is_right = mail.verify(idx=at, dnsfunc=key)
        word = ("policy" if _leaves_words_out(mail.body, tags) else "pass") if is_right else "fail"
    except UnreachableError:
        word = "temperror"
    except dkim.ValidationError:
        word = "fail"
    except dkim.NaClNotFoundError:
        word = "neutral"  # Ed25519: who signs so signs with RSA as well
    except (dkim.DKIMException, InvalidCanonicalizationPolicyError, ArithmeticError, LookupError, TypeError):
        word = "permerror"
    except (AssertionError, ValueError):
        word = "permerror"
    return Signature(word, domain, selector)


def prepared_body(body: bytes, tags: Mapping[bytes, bytes]) -> bytes:
    """``body`` (lines ending in CRLF) with that done already at which the library takes the square of the time: its own
    canonicalization of the outcome is the same as of the body.
    """
    if tags.get(b"c", b"").partition(b"/")[2].strip() == b"relaxed":
        body = _SPACES.sub(b" ", body).replace(b" \r\n", b"\r\n")
    if not body.endswith(b"\r\n"):
        return body
    text = len(body.rstrip(b"\r\n"))
    bare = body.rfind(b"\r\r", text)  # a lone CR is no end of a line
    return body[: max(text, bare + 1)] + b"\r\n"


def _leaves_words_out(body: bytes, tags: Mapping[bytes, bytes]) -> bool:
    """With ``l=`` only the beginning is signed: anybody may have written the rest."""
    if b"l" not in tags:
        return False
    canonical = CanonicalizationPolicy.from_c_value(tags.get(b"c")).canonicalize_body(body)
    return int(tags[b"l"]) < len(canonical)

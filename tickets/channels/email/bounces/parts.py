"""The parts of a report, read as forgivingly as those who write reports demand. Linear, shallow, and never fails."""

from __future__ import annotations

import binascii
import codecs
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk.lib.mail_heads import fields_of, split_head

#: A report is at the beginning; behind it may come all of the mail that came back.
MAX_BYTES = 1_000_000
MAX_DEPTH, MAX_PARTS = 4, 40
_MAX_VALUE = 2_000

_BOUNDARY = re.compile(r"\bboundary\s*=\s*(?:\"([^\"]*)\"|([^\s;\"]+))", re.IGNORECASE)
_CHARSET = re.compile(r"\bcharset\s*=\s*\"?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_GUESSED = re.compile(rb"(?:\A|\n)--([^\s-][^\r\n]{0,99})[ \t]*(?=\r?\n)")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")
#: These are no alphabets but transformations, some of them slow on purpose-made input.
_NO_CHARSET = frozenset({"idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined"})
_BREAK = re.compile(
    r"<(?:br|p|div|tr|li|h[1-6]|table|pre|blockquote)\b[^<>]*>|</(?:p|div|tr|li|h[1-6]|table|pre)>", re.I
)
_TAG = re.compile(r"<[!/?a-zA-Z][^<>]*>")
_HIDDEN = re.compile(r"<(/?)(?:style|script|head|title)\b[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """``kind`` is like ``"text/plain"``; ``body`` has lost its transfer encoding."""

    kind: str
    charset: str
    body: bytes

    @property
    def text(self) -> str:
        """HTML as the words that it shows."""
        text = _decoded(self.body, self.charset)
        return _words_of(text) if self.kind == "text/html" else text


def parts_of(raw: bytes) -> list[Part]:
    """The leaves from the top; a mail inside the mail is one leaf."""
    found: list[Part] = []
    for part in _leaves(raw[:MAX_BYTES], 0):
        found.append(part)
        if len(found) == MAX_PARTS:
            break
    return found


def _leaves(raw: bytes, depth: int) -> Iterator[Part]:
    head, body = split_head(raw)
    fields: dict[str, str] = {}
    for name, value in fields_of(head):
        fields.setdefault(name.lower(), value[:_MAX_VALUE])
    content_type = fields.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower() or "text/plain"
    boundary = _boundary(content_type, body) if kind.startswith("multipart/") else b""
    if boundary and depth < MAX_DEPTH:
        for piece in _between(body, boundary):
            yield from _leaves(piece, depth + 1)
        return
    charset = _CHARSET.search(content_type)
    encoding = fields.get("content-transfer-encoding", "").strip().lower()
    yield Part(kind, charset[1] if charset else "", _plain(body, encoding))


def _boundary(content_type: str, body: bytes) -> bytes:
    """As it was declared; where the declaration got lost, the first line that looks like one."""
    if named := _BOUNDARY.search(content_type):
        return (named[1] or named[2] or "").strip().encode("utf-8", "surrogateescape")
    guessed = _GUESSED.search(body)
    return guessed[1].rstrip() if guessed else b""


def _between(body: bytes, boundary: bytes) -> Iterator[bytes]:
    line = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*+(?=\r?\n|\Z)")
    start: int | None = None
    for mark in line.finditer(body):
        if start is not None:
            yield _without_line_end(body[start : mark.start()])
        start = mark.end()
        if mark[1]:
            return
    if start is not None:  # cut off before its end
        yield _without_line_end(body[start:])


def _without_line_end(piece: bytes) -> bytes:
    """Without the end of the line that the boundary stood on."""
    return piece.removeprefix(b"\r").removeprefix(b"\n")


def _plain(body: bytes, encoding: str) -> bytes:
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding != "base64":
        return body
    letters = _NOT_BASE64.sub(b"", body)
    try:
        return binascii.a2b_base64(letters + b"==")
    except binascii.Error:
        return body


def _decoded(body: bytes, charset: str) -> str:
    for name in (charset, "utf-8", "gb18030"):
        try:
            if name and codecs.lookup(name).name not in _NO_CHARSET:
                return body.decode(name)
        except (LookupError, UnicodeError):
            continue
    return body.decode("latin-1")


def _words_of(markup: str) -> str:
    text = _TAG.sub("", _BREAK.sub("\n", _shown(markup)))
    return html.unescape(text).replace("\xa0", " ")


def _shown(markup: str) -> str:
    """Without what stands between the tags of styles, scripts and the like; they are not nested in one another."""
    kept: list[str] = []
    at = 0
    is_hidden = False
    for tag in _HIDDEN.finditer(markup):
        if not is_hidden:
            kept.append(markup[at : tag.start()])
        is_hidden, at = not tag[1], tag.end()
    return "".join([*kept, "" if is_hidden else markup[at:]])

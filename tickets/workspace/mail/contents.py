"""What a raw mail says, for people who look into it: its header fields and its text. No HTML, no file, nothing fetched.

Every mail is hostile, and those looked at here may be the ones that no reader could read: only the beginning is looked
at, and what cannot be understood is shown as far as it goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from html import unescape

MOST_HEAD = 64 * 1024
MOST_FIELDS = 200
MOST_VALUE = 2_000
MOST_RAW = 1024 * 1024
MOST_PARTS = 100
MOST_TEXT = 20_000
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(r"([!-9;-~]{1,200}):[ \t]*(.*)")
#: With what stands in them, or tag by tag. Each alternative ends where the next ``<`` begins: linear.
_SILENT = re.compile(r"<(script|style|head|title)\b[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[!/?a-zA-Z][^<>]*>")
_BLANK = re.compile(r"[ \t\u00a0]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_CHARSETS = ("utf-8", "gb18030")


@dataclass(frozen=True)
class Text:
    """``names`` are those of its files; ``is_cut``: there is more than is shown."""

    body: str
    names: tuple[str, ...] = ()
    is_cut: bool = False


def fields_of(raw: bytes) -> list[tuple[str, str]]:
    """(name, value) of the header fields, in their order, encoded words read where that can be done."""
    head = _HEAD_END.split(raw[:MOST_HEAD], maxsplit=1)[0]
    found: list[tuple[str, str]] = []
    for line in _decoded(head).splitlines():
        match = _FIELD.fullmatch(line)
        if match:
            found.append((match[1], match[2]))
        elif line[:1] in (" ", "\t") and found:
            name, value = found[-1]
            if len(value) <= MOST_VALUE:
                found[-1] = (name, f"{value} {line.strip()}")
        if len(found) > MOST_FIELDS:
            break
    return [(name, _readable(value)) for name, value in found[:MOST_FIELDS]]


def text_of(raw: bytes) -> Text:
    """Its plain text, or the words of its HTML; empty where there is neither."""
    try:
        mail = BytesParser().parsebytes(raw[:MOST_RAW])
        parts = list(_parts(mail))
        names = tuple(name for part in parts if (name := _name(part)))
        for kind in ("text/plain", "text/html"):
            said = [part for part in parts if part.get_content_type() == kind and not _name(part)]
            if said:
                text = _words(_payload(said[0])) if kind == "text/html" else _payload(said[0])
                return Text(text[:MOST_TEXT], names, len(text) > MOST_TEXT or len(raw) > MOST_RAW)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, HeaderParseError):
        return Text(_decoded(raw[:MOST_TEXT]), (), len(raw) > MOST_TEXT)
    return Text("", names)


def _parts(mail: Message) -> Iterator[Message]:
    """Those that are no envelope of others, in their order; a stack of our own, so that no nesting is too deep."""
    waiting, seen = [mail], 0
    while waiting and seen < MOST_PARTS:
        part, seen = waiting.pop(), seen + 1
        inner = part.get_payload() if part.is_multipart() else None
        if isinstance(inner, list):
            waiting += reversed([one for one in inner if isinstance(one, Message)])
        else:
            yield part


def _name(part: Message) -> str:
    name = part.get_filename()
    if name:
        return _readable(" ".join(str(name).split()))[:200]
    return part.get_content_type() if part.get_content_disposition() == "attachment" else ""


def _payload(part: Message) -> str:
    data = part.get_payload(decode=True)
    text = _decoded(data if isinstance(data, bytes) else b"", str(part.get_content_charset() or ""))
    lines = [line.rstrip() for line in text.replace("\x00", "").splitlines()]
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def _decoded(data: bytes, charset: str = "") -> str:
    for name in (charset, *_CHARSETS):
        try:
            return data.decode(name) if name else data.decode("ascii")
        except (UnicodeError, LookupError):
            continue
    return data.decode("utf-8", "replace")


def _readable(value: str) -> str:
    value = value[:MOST_VALUE]
    if "=?" not in value:
        return value
    try:
        return "".join(_piece(data, charset) for data, charset in decode_header(value))
    except (HeaderParseError, ValueError, LookupError):
        return value


def _piece(data: bytes | str, charset: str | None) -> str:
    return data if isinstance(data, str) else _decoded(data, charset or "")


def _words(html: str) -> str:
    """The words of HTML: nothing is rendered, nothing of it is kept but its text."""
    html = _BREAK.sub("\n", _without_silent(html))
    lines = [_BLANK.sub(" ", line).strip() for line in unescape(_TAG.sub("", html)).splitlines()]
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def _without_silent(html: str) -> str:
    kept, at, lower = [], 0, html.lower()
    while opening := _SILENT.search(html, at):
        kept.append(html[at : opening.start()])
        end = lower.find(f"</{opening[1].lower()}", opening.end())
        at = len(html) if end < 0 else end
    return "".join([*kept, html[at:]])

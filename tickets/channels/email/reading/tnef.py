"""``winmail.dat`` (MS-OXTNEF): what Outlook packs into one attachment, taken out again.

Own code, because the kept library (tnefparse 1.4.0) believes the counts that a file claims: a few bytes make it loop
for hours. Here every step consumes bytes or ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tickets.channels.email.reading import rtf
from tickets.channels.email.reading.charsets import decode

SIGNATURE = b"\x78\x9f\x3e\x22"
MAX_FILES = 200
#: Of one message or file; real ones have about a hundred.
MAX_PROPERTIES = 10_000
_MESSAGE_CLASS_BODY, _ATTACH_DATA, _ATTACH_TITLE = 0x800C, 0x800F, 0x8010
_ATTACH_START, _MAPI_PROPERTIES, _ATTACHMENT, _CODEPAGE = 0x9002, 0x9003, 0x9005, 0x9007
_PR_BODY, _PR_HTML, _PR_RTF, _PR_CODEPAGE = 0x1000, 0x1013, 0x1009, 0x3FDE
_PR_DATA, _PR_NAME, _PR_LONG_NAME, _PR_TYPE, _PR_CONTENT_ID = 0x3701, 0x3704, 0x3707, 0x370E, 0x3712
_STRING8, _UNICODE, _BINARY, _OBJECT = 0x001E, 0x001F, 0x0102, 0x000D
#: MAPI types of a fixed size, in bytes with their padding.
_SIZES = {0x0002: 4, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8, 0x0040: 8,
          0x0048: 16, 0x0001: 0}  # fmt: skip


@dataclass
class Member:
    name: str = ""
    content: bytes = b""
    declared_type: str = ""
    content_id: str = ""


@dataclass
class Unpacked:
    text: str = ""
    html: str = ""
    files: list[Member] = field(default_factory=list)


def is_tnef(content: bytes) -> bool:
    return content.startswith(SIGNATURE)


def unpack(content: bytes) -> Unpacked:
    """As far as it can be read."""
    out, charset, rich = Unpacked(), "windows-1252", b""
    for attribute, value in _attributes(content):
        if attribute == _CODEPAGE:
            charset = _codepage(int.from_bytes(value[:4], "little")) or charset
        elif attribute == _MESSAGE_CLASS_BODY:
            out.text = out.text or _string(value, charset)
        elif attribute == _MAPI_PROPERTIES:
            rich = _body(out, value, charset) or rich
        elif attribute == _ATTACH_START and len(out.files) < MAX_FILES:
            out.files.append(Member())
        elif out.files:
            _take(out.files[-1], attribute, value, charset)
    if rich and not out.html:
        said, is_html = rtf.content(rtf.unpacked(rich))
        if is_html:
            out.html = said
        elif not out.text.strip():
            out.text = said
    return out


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Level, id, length, data, checksum; a length beyond the end takes what is left."""
    at = 6
    while at + 9 <= len(content):
        attribute = int.from_bytes(content[at + 1 : at + 3], "little")
        length = int.from_bytes(content[at + 5 : at + 9], "little")
        yield attribute, content[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _body(out: Unpacked, value: bytes, charset: str) -> bytes:
    """Text and HTML of the message into ``out``; returns its packed RTF."""
    properties = list(_properties(value))
    numbers = {tag: int.from_bytes(data[:4], "little") for tag, kind, data in properties if kind == 0x0003}
    html_charset = _codepage(numbers.get(_PR_CODEPAGE, 0)) or charset
    rich = b""
    for tag, kind, data in properties:
        if tag == _PR_BODY:
            out.text = _typed(data, kind, charset)
        elif tag == _PR_HTML:
            out.html = _typed(data, kind, html_charset)
        elif tag == _PR_RTF:
            rich = data
    return rich


def _take(file: Member, attribute: int, value: bytes, charset: str) -> None:
    if attribute == _ATTACH_DATA:
        file.content = value
    elif attribute == _ATTACH_TITLE:
        file.name = file.name or _string(value, charset)
    elif attribute == _ATTACHMENT:
        for tag, kind, data in _properties(value):
            if tag == _PR_DATA and kind in (_BINARY, _OBJECT) and not file.content:
                # Embedded objects begin with the id of their interface.
                file.content = data[16:] if kind == _OBJECT else data
            elif tag == _PR_LONG_NAME or (tag == _PR_NAME and not file.name):
                file.name = _typed(data, kind, charset)
            elif tag == _PR_TYPE:
                file.declared_type = _typed(data, kind, charset).lower()
            elif tag == _PR_CONTENT_ID:
                file.content_id = _typed(data, kind, charset).strip("<> ")


def _properties(value: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Id, type and data of MAPI properties; of several values the first."""
    count, at = min(int.from_bytes(value[:4], "little"), MAX_PROPERTIES), 4
    while count > 0 and at + 4 <= len(value):
        count -= 1
        kind = int.from_bytes(value[at : at + 2], "little")
        tag = int.from_bytes(value[at + 2 : at + 4], "little")
        at += 4
        if tag >= 0x8000:
            at = _past_name(value, at)
        many, kind = bool(kind & 0x1000), kind & ~0x1000
        size = _SIZES.get(kind)
        if size is None or many:
            values, at = int.from_bytes(value[at : at + 4], "little"), at + 4
        else:
            values = 1
        for place in range(min(values, MAX_PROPERTIES)):
            if at > len(value):
                return
            if size is None:
                length, at = int.from_bytes(value[at : at + 4], "little"), at + 4
                step = length + -length % 4
            else:
                length = step = size
            if place == 0:
                yield tag, kind, value[at : at + length]
            at += max(step, 1 if size == 0 and many else step)


def _past_name(value: bytes, at: int) -> int:
    at += 16
    named = int.from_bytes(value[at : at + 4], "little")
    at += 4
    if named == 0:
        return at + 4
    length = int.from_bytes(value[at : at + 4], "little")
    return at + 4 + length + -length % 4


def _typed(data: bytes, kind: int, charset: str) -> str:
    return _string(data, "utf-16-le" if kind == _UNICODE else charset)


def _string(data: bytes, charset: str) -> str:
    text = decode(data, charset).text
    return text.rstrip("\x00") if charset == "utf-16-le" else text.partition("\x00")[0]


def _codepage(number: int) -> str:
    known = {65001: "utf-8", 20127: "us-ascii", 20866: "koi8-r", 28591: "iso-8859-1", 50220: "iso-2022-jp",
             51949: "euc-kr", 54936: "gb18030", 52936: "hz-gb-2312"}  # fmt: skip
    return known.get(number) or (f"cp{number}" if 0 < number < 20_000 else "")

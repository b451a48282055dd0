"""Builds winmail.dat (MS-OXTNEF) as Outlook does: message properties, then each file with its own."""

from __future__ import annotations

import struct

STRING8, UNICODE, BINARY, LONG = 0x1E, 0x1F, 0x102, 0x03


def attribute(level: int, number: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", level, number, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def mapi(*properties: tuple[int, int, bytes]) -> bytes:
    """Tag, type, value; strings with their end as the type wants it."""
    out = struct.pack("<I", len(properties))
    for tag, kind, value in properties:
        out += struct.pack("<HH", kind, tag)
        if tag >= 0x8000:
            out += bytes(16) + struct.pack("<II", 0, 1)
        if kind == LONG:
            out += value
            continue
        out += struct.pack("<II", 1, len(value)) + value + bytes(-len(value) % 4)
    return out


def tnef(*attributes: bytes, codepage: int = 936) -> bytes:
    head = b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x9006, 8, struct.pack("<I", 0x10000))
    return head + attribute(1, 0x9007, 6, struct.pack("<II", codepage, 0)) + b"".join(attributes)


def message(*properties: tuple[int, int, bytes]) -> bytes:
    return attribute(1, 0x9003, 6, mapi(*properties))


def file(name: str, content: bytes, *, short: bytes = b"FILE~1.DAT", content_id: str = "") -> bytes:
    properties = [(0x3707, UNICODE, name.encode("utf-16-le") + b"\0\0")]
    if content_id:
        properties.append((0x3712, UNICODE, content_id.encode("utf-16-le") + b"\0\0"))
    return (
        attribute(2, 0x9002, 6, bytes(14))
        + attribute(2, 0x8010, 1, short + b"\0")
        + attribute(2, 0x800F, 6, content)
        + attribute(2, 0x9005, 6, mapi(*properties))
    )

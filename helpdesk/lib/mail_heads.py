"""A mail's head: cut off from the body and into fields, as the bytes have it. Linear on anything, and never fails."""

from __future__ import annotations

import re

_END = re.compile(rb"\r?\n\r?\n")
_LINE_END = re.compile(rb"\r?\n")
_NAME = re.compile(rb"([!-9;-~]{1,200}+)[ \t]*:")


def split_head(raw: bytes) -> tuple[bytes, bytes]:
    """Head and body, without the empty line between them. A mail that begins with an empty line has no head."""
    head, body = _ends(raw)
    return raw[:head], raw[body:]


def head_size(raw: bytes) -> int:
    return _ends(raw)[0]


def head_fields(raw: bytes) -> list[tuple[str, str]]:
    """``fields_of`` a whole mail; its body is not copied."""
    return fields_of(raw[: _ends(raw)[0]])


def fields_of(head: bytes) -> list[tuple[str, str]]:
    """Names and values from the top, unfolded, the words not decoded. What is no field is left out."""
    fields: list[tuple[str, list[bytes]]] = []
    for line in _LINE_END.split(head):
        if line[:1] in (b" ", b"\t"):
            if fields:
                fields[-1][1].append(line)
        elif name := _NAME.match(line):
            fields.append((name[1].decode("ascii"), [line[name.end() :]]))
    return [(name, _text(b"".join(lines)).strip()) for name, lines in fields]


def _ends(raw: bytes) -> tuple[int, int]:
    """Where the head ends, and where the body begins."""
    for nothing in (b"\n", b"\r\n"):
        if raw.startswith(nothing):
            return 0, len(nothing)
    end = _END.search(raw)
    return end.span() if end else (len(raw), len(raw))


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")

"""For whom a mail is, where no envelope says so: what its headers name, most trustworthy first."""

from __future__ import annotations

import re

#: Written by whoever delivered it here, then by whoever sent it.
_GROUPS = ((b"delivered-to", b"x-original-to", b"envelope-to"), (b"to", b"cc"))
#: Headers further down than this are not looked at, and no more addresses than this.
MAX_HEAD = 256 * 1024
MAX_ADDRESSES = 200
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_LINE_END = re.compile(rb"\r?\n")
#: What stands around addresses; encoded words, names and comments fall to pieces that hold no single @.
_AROUND = re.compile(r"[\s<>,;:\"()\[\]\\]+")


def header_recipients(raw: bytes) -> list[list[str]]:
    """Addresses in groups: the first group that holds one of ours decides. Takes time linear in the head."""
    found: dict[bytes, list[str]] = {}
    for name, value in _headers(raw[:MAX_HEAD]):
        if any(name in group for group in _GROUPS):
            found.setdefault(name, []).extend(_addresses(value))
    groups = [[address for name in group for address in found.get(name, [])] for group in _GROUPS]
    return [list(dict.fromkeys(group))[:MAX_ADDRESSES] for group in groups if group]


def _headers(start: bytes) -> list[tuple[bytes, str]]:
    """(name in small letters, value unfolded) of each header."""
    end = _END_OF_HEAD.search(start)
    headers: list[tuple[bytes, list[bytes]]] = []
    for line in _LINE_END.split(start[: end.start()] if end else start):
        if line[:1] in (b" ", b"\t") and headers:
            headers[-1][1].append(line)
        else:
            name, colon, value = line.partition(b":")
            headers.append((name.strip().lower() if colon else b"", [value]))
    return [(name, b" ".join(values).decode("utf-8", "replace")) for name, values in headers if name]


def _addresses(value: str) -> list[str]:
    parts = (part.strip("'") for part in _AROUND.split(value))
    return [part for part in parts if part.count("@") == 1 and not part.startswith("@") and part[-1] != "@"]

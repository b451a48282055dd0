"""The header block of a message or part: where it ends, and its fields."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

#: More than any mail has; the rest of a longer header is passed over.
MAX_LINES = 3_000
MAX_VALUE = 200_000
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_BLANK_LINE = re.compile(rb"^[ \t]*\r?$", re.M)
_EMPTY_LINES = re.compile(rb"[\r\n]*")
#: A line that is no field does not end the header where one of these follows.
_KNOWN = re.compile(
    rb"(?:from|to|cc|bcc|subject|date|message-id|mime-version|content-[a-z-]+|x-[a-z0-9-]+|received|reply-to|"
    rb"return-path|delivered-to|sender|in-reply-to|references|list-[a-z-]+|dkim-signature)[ \t]*:",
    re.I,
)


@dataclass
class Fields:
    """Names and values as bytes, unfolded; ``end`` is where the body begins."""

    pairs: list[tuple[str, bytes]] = field(default_factory=list)
    end: int = 0
    defects: set[str] = field(default_factory=set)

    def first(self, name: str) -> bytes:
        return next((value for one, value in self.pairs if one.lower() == name), b"")

    def all(self, name: str) -> list[bytes]:
        return [value for one, value in self.pairs if one.lower() == name]


def read_fields(
    raw: bytes, start: int, end: int, *, boundaries: Collection[bytes] = (), top: bool = False
) -> Fields:
    """The fields from ``start`` on. ``top``: of a message, which may have a mailbox line or empty lines above it."""
    out = Fields()
    at = _skip_top(raw, start, end) if top else start
    chunks: list[bytes] = []
    for _count in range(MAX_LINES):
        if at >= end:
            break
        stop = _line_end(raw, at, end)
        line = raw[at:stop]
        bare = line.strip(b" \t\r\n")
        if not bare and (line[:1] not in b" \t" or not _goes_on(raw, stop, end)):
            at = stop
            break
        if line[:1] in b" \t" and (chunks or _FIELD.match(raw, stop, end)):
            if chunks:
                chunks.append(bare)
        elif match := _FIELD.match(line):
            if line.startswith(b"--") and _is_boundary(bare, boundaries):
                break
            _keep(out, chunks)
            chunks = [match[1], line[match.end() :].strip(b" \t\r\n")]
        elif not chunks or not _is_stray(raw, line, bare, stop, end, boundaries):
            out.defects.add("header-unended")
            break
        else:
            out.defects.add("header-line-skipped")
        at = stop
    else:
        out.defects.add("header-too-long")
        match = _BLANK_LINE.search(raw, at, end)
        at = _line_end(raw, match.start(), end) if match else end
    _keep(out, chunks)
    out.end = at
    return out


def _keep(out: Fields, chunks: list[bytes]) -> None:
    if chunks:
        value = b" ".join(chunk for chunk in chunks[1:] if chunk)
        out.pairs.append((chunks[0].decode("ascii"), value[:MAX_VALUE]))


def _line_end(raw: bytes, at: int, end: int) -> int:
    stop = raw.find(b"\n", at, end)
    return end if stop < 0 else stop + 1


def _skip_top(raw: bytes, start: int, end: int) -> int:
    """Past empty lines and the ``From `` line of a mailbox file, if fields follow."""
    empty = _EMPTY_LINES.match(raw, start, end)
    at = empty.end() if empty else start
    if raw.startswith((b"From ", b">From "), at) and not _FIELD.match(raw, at, end):
        at = _line_end(raw, at, end)
    return at if _FIELD.match(raw, at, end) else start


def _goes_on(raw: bytes, at: int, end: int) -> bool:
    """After a line of nothing but blanks: is it folding, or the empty line before the body?"""
    line = raw[at : min(_line_end(raw, at, end), at + 300)]
    return bool(line[:1] in (b" ", b"\t") and line.strip()) or bool(_KNOWN.match(line))


def _is_stray(
    raw: bytes, line: bytes, bare: bytes, stop: int, end: int, boundaries: Collection[bytes]
) -> bool:
    """A line that is no field, in the midst of fields."""
    if line.startswith((b"From ", b">From ")):
        return True
    if line.startswith(b"--") and _is_boundary(bare, boundaries):
        return False
    following = raw[stop : min(_line_end(raw, stop, end), stop + 300)]
    folded = following[:1] in (b" ", b"\t") and bool(following.strip()) and len(bare) < 100
    return folded or bool(_KNOWN.match(following))


def _is_boundary(bare: bytes, boundaries: Collection[bytes]) -> bool:
    return bare[2:] in boundaries or (bare.endswith(b"--") and bare[2:-2] in boundaries)

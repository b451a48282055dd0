"""A message taken apart into its tree of parts, in one pass over the bytes.

Works on offsets and a stack of open boundaries, never by recursion: nesting costs nothing, and the limits end it.
RFC 2046 tells how it should be; most of what is here is about how it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from tickets.channels.email.reading.fields import Fields, read_fields
from tickets.channels.email.reading.names import Parameters, parameters

MAX_DEPTH = 50
MAX_PARTS = 1_000
_DELIMITER = re.compile(rb"^--([^\r\n]{1,300})", re.M)
#: A delimiter that nobody announced: two hyphens, and a part's header below.
_UNANNOUNCED = re.compile(rb"^--(\S[^\r\n]{0,200})\r?\n(?=content-[a-z-]{1,40}:)", re.M | re.I)
#: Each may go through all that is left of the mail: only so many in one.
MAX_SEARCHES = 60
_MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})


@dataclass
class Part:
    fields: Fields
    start: int
    end: int
    depth: int
    #: Where no type is given: text, or a message inside a digest.
    default_type: str = "text/plain"
    children: list[Part] = field(default_factory=list)
    #: Set where the declared type is not what the content is.
    mended_type: str = ""

    @cached_property
    def content_type(self) -> Parameters:
        found = [parameters(value) for value in self.fields.all("content-type")]
        # Some gateways put a header of their own below the right one, others above it.
        for one in found:
            if one.main.startswith("multipart/") and one.raw("boundary"):
                return one
        return found[0] if found else Parameters("", {})

    @cached_property
    def disposition(self) -> Parameters:
        return parameters(self.fields.first("content-disposition"))

    @property
    def type(self) -> str:
        main = self.mended_type or self.content_type.main
        if re.fullmatch(r"[!-.0-9:-~]+/[!-.0-9:-~]+", main):
            return main
        return "text/plain" if main else self.default_type

    @property
    def transfer_encoding(self) -> str:
        return self.fields.first("content-transfer-encoding").decode("latin-1").strip()

    @property
    def is_multipart(self) -> bool:
        return self.type.startswith("multipart/")

    @property
    def is_message(self) -> bool:
        return self.type in _MESSAGES


@dataclass
class Tree:
    root: Part
    defects: set[str]


@dataclass
class _Open:
    boundary: bytes
    part: Part
    #: Where its closing delimiter is; looked for only when an outer one comes first.
    closing: int | None = None


def parse(raw: bytes, *, depth: int = 0) -> Tree:
    """``depth``: of the message itself, where it was inside an encoded part of another."""
    return _Parser(raw).parse(depth)


class _Parser:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.stack: list[_Open] = []
        self.boundaries: dict[bytes, int] = {}
        self.count = 0
        self.defects: set[str] = set()
        self.searches = 0

    def parse(self, depth: int) -> Tree:
        root = self._open(0, len(self.raw), depth, top=True)
        self._scan(root)
        return Tree(root, self.defects)

    # -- opening -------------------------------------------------------------------------------------------------

    def _open(self, at: int, end: int, depth: int, *, top: bool = False, default: str = "text/plain") -> Part:
        """A part from its header on, and whatever begins with it: messages inside, multiparts."""
        first = part = self._part(at, end, depth, top, default)
        while part.is_message and self._is_plain(part) and self._may_open(part.depth + 1):
            child = self._part(part.start, end, part.depth + 1, True, "text/plain")
            part.children.append(child)
            part = child
        if (boundary := self._boundary(part)) and self._may_open(part.depth + 1):
            self.stack.append(_Open(boundary, part))
            self.boundaries[boundary] = self.boundaries.get(boundary, 0) + 1
        return first

    def _part(self, at: int, end: int, depth: int, top: bool, default: str) -> Part:
        self.count += 1
        fields = read_fields(self.raw, at, end, boundaries=self.boundaries, top=top)
        self.defects |= fields.defects
        return Part(fields, fields.end, end, depth, default)

    def _is_plain(self, part: Part) -> bool:
        """Encoded messages are not allowed, and sent all the same: they are opened when they are read."""
        name = re.sub(r"[^a-z0-9]", "", part.transfer_encoding.lower())
        return name not in ("base64", "quotedprintable", "xuuencode", "uuencode")

    def _may_open(self, depth: int) -> bool:
        if depth > MAX_DEPTH:
            self.defects.add("nested-too-deep")
        elif self.count >= MAX_PARTS:
            self.defects.add("too-many-parts")
        else:
            return True
        return False

    def _boundary(self, part: Part) -> bytes:
        declared = part.content_type.raw("boundary").rstrip()[:300]
        if part.is_multipart:
            if declared and (not self._may_search() or self.raw.find(b"--" + declared, part.start) >= 0):
                return declared
            return self._unannounced(part)
        if declared and self.raw[part.start : part.start + 4_000].lstrip().startswith(b"--" + declared):
            part.mended_type = "multipart/mixed"
            self.defects.add("multipart-undeclared")
            return declared
        return b""

    def _may_search(self) -> bool:
        self.searches += 1
        return self.searches <= MAX_SEARCHES

    def _unannounced(self, part: Part) -> bytes:
        if not self._may_search():
            return b""
        match = _UNANNOUNCED.search(self.raw, part.start, min(part.end, part.start + 100_000))
        if match is None:
            return b""
        self.defects.add("boundary-guessed")
        return match[1].rstrip()

    # -- going through -------------------------------------------------------------------------------------------

    def _scan(self, root: Part) -> None:
        at = root.start
        while self.stack:
            match = _DELIMITER.search(self.raw, at)
            if match is None:
                break
            at = match.end()
            found = self._found(match[1].rstrip(), match.start())
            if found is None:
                continue
            level, closes = found
            self._close_inner(level, match.start())
            at = self._line_end(match.end())
            if closes:
                self._end_last(self.stack[-1].part, match.start())
                self._end_childless(self.stack[-1].part, match.start())
                self._pop()
            elif self.count < MAX_PARTS:
                self._next(at, match.start())
            else:
                self.defects.add("too-many-parts")
                return
        if self.stack:
            self.defects.add("unclosed")

    def _found(self, line: bytes, at: int) -> tuple[int, bool] | None:
        """The level of the stack that a delimiter line belongs to, and whether it closes it."""
        # One hyphen too few at the end has been seen.
        ways = ((line, False), (line.removesuffix(b"--"), True), (line.removesuffix(b"-"), True))
        boundary, closes = next((way for way in ways if way[0] in self.boundaries), (b"", False))
        if not boundary:
            return None
        level = next(
            place for place in reversed(range(len(self.stack))) if self.stack[place].boundary == boundary
        )
        # One of an outer level while an inner one is still to be closed: text that only looks like it.
        if any(self._closes_later(one, at) for one in self.stack[level + 1 :]):
            return None
        return level, closes

    def _closes_later(self, opened: _Open, at: int) -> bool:
        if opened.closing is None or -1 < opened.closing < at:
            closing = b"\n--" + opened.boundary + b"--"
            opened.closing = self.raw.find(closing, at) if self._may_search() else -1
        return opened.closing >= 0

    def _next(self, at: int, delimiter: int) -> None:
        parent = self.stack[-1].part
        self._end_last(parent, delimiter)
        default = "message/rfc822" if parent.type == "multipart/digest" else "text/plain"
        parent.children.append(self._open(at, parent.end, parent.depth + 1, default=default))

    def _close_inner(self, level: int, at: int) -> None:
        while len(self.stack) > level + 1:
            self.defects.add("unclosed")
            self._end_last(self.stack[-1].part, at)
            self._pop()

    def _pop(self) -> None:
        boundary = self.stack.pop().boundary
        self.boundaries[boundary] -= 1
        if not self.boundaries[boundary]:
            del self.boundaries[boundary]

    def _end_last(self, parent: Part, delimiter: int) -> None:
        """The line break before a delimiter belongs to it."""
        end = delimiter
        if end and self.raw[end - 1 : end] == b"\n":
            end -= 1
        if end and self.raw[end - 1 : end] == b"\r":
            end -= 1
        part = parent.children[-1] if parent.children else None
        while part is not None:
            part.end = max(part.start, min(part.end, end))
            part = part.children[-1] if part.children else None

    def _end_childless(self, part: Part, at: int) -> None:
        if not part.children:
            part.end = min(part.end, max(part.start, at))

    def _line_end(self, at: int) -> int:
        stop = self.raw.find(b"\n", at)
        return len(self.raw) if stop < 0 else stop + 1

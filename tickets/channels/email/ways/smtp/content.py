"""The text of a mail after DATA (RFC 5321, 4.1.1.4): read in pieces, so that a line may be as long as it likes."""

from __future__ import annotations

import re
from asyncio import LimitOverrunError
from collections.abc import Awaitable, Callable
from typing import Any

_END = b"\r\n.\r\n"
#: A dot alone between line ends of which one is bare: for some servers the end, for others not. What follows it would
#: be a mail of its own there ("SMTP smuggling"). The true end never gets this far.
_DOUBTFUL_END = re.compile(rb"[\r\n]\.[\r\n]")


class Text:
    """Takes the text piece by piece and holds no more of it than ``most`` bytes."""

    def __init__(self, most: int) -> None:
        self.size = 0
        self.has_doubtful_end = False
        self._room = most
        self._parts: list[bytes] = []
        # As if an end of line stood before the text: its first line may begin with a dot as well.
        self._seam = self._held = b"\r\n"
        self._skip = 2

    def take(self, piece: bytes) -> None:
        """A piece as it came, dots doubled. Pieces may be cut anywhere."""
        self.has_doubtful_end |= bool(_DOUBTFUL_END.search(self._seam + piece))
        self._seam = (self._seam + piece[-2:])[-2:]
        raw = self._held + piece
        held = 2 if raw.endswith(b"\r\n") else raw.endswith(b"\r")
        self._held = raw[len(raw) - held :]
        self._add(raw[: len(raw) - held].replace(b"\r\n.", b"\r\n"))

    def finish(self) -> bytes:
        """What is kept of it; the text holds it no longer."""
        self._add(self._held)
        kept, self._parts, self._held = b"".join(self._parts), [], b""
        return kept

    def drop(self) -> None:
        """It will not be taken: hold nothing of it, and go on counting."""
        self._parts, self._room = [], 0

    def _add(self, plain: bytes) -> None:
        if self._skip and plain:
            plain, self._skip = plain[self._skip :], 0
        self.size += len(plain)
        if self._room > 0 and plain:
            self._parts.append(plain[: self._room])
            self._room -= len(plain)


async def read_text(reader: Any, text: Text, after_each: Callable[[], Awaitable[None]]) -> None:
    """Up to the one true end, CR LF dot CR LF. ``reader`` is an asyncio.StreamReader; its limit is a piece's size."""
    # What ends a text of no lines at all is "dot CR LF": with this before it, it is an end like any other.
    reader._buffer[:0] = b"\r\n"
    ahead = 2
    while True:
        try:
            piece = await reader.readuntil(_END)
        except LimitOverrunError as more:
            text.take((await reader.read(more.consumed))[ahead:])
        else:
            text.take(piece[ahead : 2 - len(_END)])
            return
        ahead = 0
        await after_each()

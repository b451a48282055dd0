"""Reading a mail from a stream whose end nobody knows, holding no more of it than is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from django.conf import settings

PIECE = 64 * 1024
#: More than MAIL_MAX_MB is cut, not refused; beyond so many times that it is, where the sender can be told.
HARD_FACTOR = 4


def hard_limit() -> int:
    """Bytes."""
    return HARD_FACTOR * settings.MAIL_MAX_BYTES


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


def read_beginning(
    stream: Stream,
    *,
    keep: int,
    most: int | None = None,
    each: Callable[[bytes], None] = lambda piece: None,
) -> tuple[bytes, int]:
    """The first ``keep`` bytes, and how many there are in all; ``each`` sees every piece.

    No more than ``most`` bytes and a piece are read: more than that is told by the size.
    """
    parts: list[bytes] = []
    size = 0
    while most is None or size <= most:
        piece = stream.read(PIECE)
        if not piece:
            break
        each(piece)
        if size < keep:
            parts.append(piece[: keep - size])
        size += len(piece)
    return b"".join(parts), size

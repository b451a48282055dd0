"""Files that lie sealed in a storage, however large: piece by piece, so that none is in memory as a whole.

Each piece is sealed (``helpdesk.lib.sealed``) for its place and with whether it is the last: pieces that were left out,
swapped or cut off at the end do not open.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import RawIOBase
from typing import IO

from helpdesk.lib.sealed import Unreadable, seal, unseal

PIECE = 1024 * 1024
_LENGTH = struct.Struct(">I")
#: More than a piece takes when it is sealed: longer ones were made up.
_LONGEST = PIECE + 1024


def sealed_pieces(plain: IO[bytes], *, purpose: str) -> Iterator[bytes]:
    """What is to be written: for each piece its length and itself."""
    place, piece = 0, plain.read(PIECE)
    while True:
        following = plain.read(PIECE)
        sealed = seal(piece, purpose=_purpose(purpose, place, is_last=not following))
        yield _LENGTH.pack(len(sealed)) + sealed
        if not following:
            return
        place, piece = place + 1, following


def opened_pieces(stored: IO[bytes], *, purpose: str) -> Iterator[bytes]:
    """The pieces in clear, one after the other. Raises Unreadable."""
    place, piece = 0, _next(stored)
    while piece is not None:
        following = _next(stored)
        yield unseal(piece, purpose=_purpose(purpose, place, is_last=following is None))
        place, piece = place + 1, following


def _next(stored: IO[bytes]) -> bytes | None:
    head = stored.read(_LENGTH.size)
    if not head:
        return None
    if len(head) < _LENGTH.size or (length := _LENGTH.unpack(head)[0]) > _LONGEST:
        raise Unreadable
    return stored.read(length)


def _purpose(purpose: str, place: int, *, is_last: bool) -> str:
    return f"{purpose} {place}{' last' if is_last else ''}"


class Sealing(RawIOBase):
    """What is to be stored as a file to read from, for a storage that reads its content piece by piece."""

    def __init__(self, plain: IO[bytes], *, purpose: str) -> None:
        self._pieces = sealed_pieces(plain, purpose=purpose)
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if not self._left:
            self._left = next(self._pieces, b"")
        taken = self._left[: len(buffer)]
        buffer[: len(taken)] = taken
        self._left = self._left[len(taken) :]
        return len(taken)

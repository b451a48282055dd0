from __future__ import annotations

import io

import pytest

from helpdesk.lib.sealed import Unreadable
from helpdesk.lib.sealed_files import PIECE, Sealing, opened_pieces, sealed_pieces


def sealed(plain: bytes) -> list[bytes]:
    return list(sealed_pieces(io.BytesIO(plain), purpose="test"))


def opened(stored: bytes, purpose: str = "test") -> bytes:
    return b"".join(opened_pieces(io.BytesIO(stored), purpose=purpose))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_sealed_opens(size: int) -> None:
    plain = bytes(range(256)) * (size // 256 + 1)
    stored = b"".join(sealed(plain[:size]))
    assert opened(stored) == plain[:size]
    assert Sealing(io.BytesIO(plain[:size]), purpose="test").read().__len__() == len(stored)
    assert plain[:64] not in stored


def test_pieces_left_out_swapped_or_cut_off_do_not_open() -> None:
    first, second, third = sealed(b"x" * (2 * PIECE + 5))
    for wrong in ([first, third], [second, first, third], [first, second], [first, second, third[:-1]]):
        with pytest.raises(Unreadable):
            opened(b"".join(wrong))
    with pytest.raises(Unreadable):
        opened(first, purpose="another")
    with pytest.raises(Unreadable):
        opened(b"\xff\xff\xff\xff....")

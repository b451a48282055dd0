from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.lib.mail_heads import fields_of, head_fields, split_head
from tests.quick import quick


@pytest.mark.parametrize(
    ("raw", "parts"),
    [
        (b"A: b\r\n\r\nbody\r\n\r\nmore", (b"A: b", b"body\r\n\r\nmore")),
        (b"A: b\n\nbody", (b"A: b", b"body")),
        (b"A: b", (b"A: b", b"")),
        (b"\nbody", (b"", b"body")),
        (b"\r\nA: b\r\n\r\n", (b"", b"A: b\r\n\r\n")),
        (b"", (b"", b"")),
    ],
)
def test_split(raw: bytes, parts: tuple[bytes, bytes]) -> None:
    assert split_head(raw) == parts


def test_fields() -> None:
    head = "From mbox\r\n lost\r\nA: b\r\n\tc\r\nno field\r\nÄ: x\r\nB :ü\r\nB:\r\n".encode()
    assert fields_of(b" lost\r\n" + head) == [("A", "b\tc"), ("B", "ü"), ("B", "")]
    assert fields_of(b"A: \xff") == [("A", "ÿ")]
    assert head_fields(b"A: b\r\n\r\nC: d") == [("A", "b")]


@given(st.binary())
def test_any_bytes(raw: bytes) -> None:
    fields_of(split_head(raw)[0])


@pytest.mark.parametrize("piece", [b" ", b":", b"\n ", b"a", b"a:\n", b"\r", b"\r\n", b"\n\r"])
def test_a_megabyte_takes_no_time(piece: bytes) -> None:
    with quick():
        fields_of(split_head(piece * (1_000_000 // len(piece)))[0])

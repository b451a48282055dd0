"""Bytes of text files as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.rules.text_files import as_text


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ""),
        ("提现失败\n".encode(), "提现失败\n"),
        ("提现失败".encode("gb18030"), "提现失败"),
        (b"\xef\xbb\xbfa,b\r\n1,2", "a,b\n1,2"),
        ("金额".encode("utf-16-le").join([b"\xff\xfe", b""]), "金额"),
        (b"old\rmac", "old\nmac"),
        (b"a\x00b\x1b[31m", "a\ufffdb\ufffd[31m"),
        ("safe \u202etxt.exe".encode(), "safe \ufffdtxt.exe"),
        (b"\xff\xff\xff", "\ufffd\ufffd\ufffd"),
    ],
)
def test_as_text(data: bytes, expected: str) -> None:
    assert as_text(data, is_whole=True) == expected


def test_a_cut_in_the_middle_of_a_character() -> None:
    assert as_text("提现".encode()[:-1], is_whole=False) == "提"


@given(st.binary(max_size=80), st.booleans())
def test_anything_can_be_read(data: bytes, is_whole: bool) -> None:
    assert "\x00" not in as_text(data, is_whole=is_whole)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.rules.file_texts import readings, written

WORDS = "助记词：提现失败。"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "gb18030", "big5"]
)
def test_one_reading_is_right_and_can_be_written_back(encoding: str) -> None:
    words = "助記詞：提現失敗。" if encoding == "big5" else WORDS
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    data = mark + words.encode(encoding)
    found = [reading for reading in readings(data) if reading.text == words]
    assert found
    assert written(words, found[0]) == data


def test_what_an_encoding_cannot_write_becomes_utf_8() -> None:
    reading = next(readings("naïve".encode("cp1252")))
    assert written("已移除 😀", reading).decode(
        reading.encoding if reading.encoding == "gb18030" else "utf-8"
    )


@given(st.binary(max_size=200))
def test_any_bytes_make_at_least_one_text(data: bytes) -> None:
    found = list(readings(data))
    assert found
    for reading in found:
        written(reading.text, reading)

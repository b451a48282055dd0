"""Ampersands and angle brackets in the text of an HTML mail: kept as characters, in linear time."""

from __future__ import annotations

import pytest

from tests.quick import quick
from tickets.channels.email.reading import read

HEAD = b"Content-Type: text/html; charset=utf-8\n\n"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a &amp; b", "a &amp; b"),
        ("a & b &copy c", "a &amp; b © c"),
        ("&lt;script&gt;x", "&lt;script&gt;x"),
        ("&#60;b&#62;", "&lt;b&gt;"),
        ("1 < 2 > 0", "1 &lt; 2 &gt; 0"),
        ("\ue0a1script\ue0a2", "&lt;script&gt;"),
        ("&#xe0a1;img src=x onerror=y&#xe0a2;", "&lt;img src=x onerror=y&gt;"),
    ],
)
def test_they_stay_text(written: str, shown: str) -> None:
    assert read(HEAD + f"<p>{written}</p>".encode()).html == f"<p>{shown}</p>"


@pytest.mark.parametrize("row", [b"&", b"a&b ", b"&amp;", b"&#60;", b"&x;"])
def test_a_megabyte_of_them(row: bytes) -> None:
    with quick():
        read(HEAD + row * (1024 * 1024 // len(row)))

"""What any text looks like before it is stored."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.env import BASE_DIR
from tickets.rules.intake import MAX_FILE_NAME, clean_file_name, clean_line, clean_text

NAUGHTY = BASE_DIR.parent / "shared" / "data" / "text_blns" / "blns.json"
NEVER_KEPT = "\x00\x07\x08\x0b\x0c\x1b\x7f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\r"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  hello \n", "hello"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00b\x07c", "abc"),
        ("tab\tstays", "tab\tstays"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("\ufefftext", "text"),
        ("half \ud800 a pair", "half \ufffd a pair"),
        ("e\u0301", "\xe9"),
        ("（全角）ＡＢＣ１２３", "（全角）ＡＢＣ１２３"),
        ("👨‍👩‍👧 家", "👨‍👩‍👧 家"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_text(text: str, kept: str) -> None:
    assert clean_text(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\n b\t c\u3000d", "a b c d"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("Subject\r\nBcc: x", "Subject Bcc: x"),
    ],
)
def test_line(text: str, kept: str) -> None:
    assert clean_line(text) == kept


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert not set(once) & set(NEVER_KEPT)
    assert len(clean_line(text).splitlines()) <= 1
    assert unicodedata.is_normalized("NFC", once)


@given(st.text(max_size=400))
def test_a_file_name_is_never_a_path(name: str) -> None:
    kept = clean_file_name(name)
    assert kept
    assert len(kept) <= MAX_FILE_NAME
    assert not set(kept) & set("/\\\n\x00")
    assert kept not in (".", "..")


def naughty() -> list[str]:
    return json.loads(NAUGHTY.read_text(encoding="utf-8")) if NAUGHTY.exists() else []


@pytest.mark.skipif(not NAUGHTY.exists(), reason="no ../shared/data/text_blns beside the project")
def test_naughty_strings_keep_their_words() -> None:
    texts = naughty()
    assert len(texts) > 400
    for text in texts:
        kept = clean_text(text)
        wanted = unicodedata.normalize("NFC", "".join(char for char in text if char not in NEVER_KEPT))
        assert [char for char in kept if char.isalnum()] == [char for char in wanted if char.isalnum()], text
        assert Path(clean_file_name(text)).name == clean_file_name(text)

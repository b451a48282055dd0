"""The words of Word and Excel files, and archives that are made to do harm."""

from __future__ import annotations

import contextlib
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.files import PHRASE, docx, xlsx, zipped
from tickets.rules.file_texts import Unreadable, Why, office_text
from tickets.rules.file_texts.office import MAX_PARTS


def test_a_letter() -> None:
    text = office_text(docx("Dear desk,\nmy code is 123"))
    assert "Dear desk,\nmy code is 123" in text


def test_every_part_is_read() -> None:
    letter = docx(
        "x",
        **{
            "word/header1.xml": b"<h><t>in the header</t></h>",
            "word/comments.xml": b"<c><comment><t>in a comment</t></comment></c>",
            "docProps/core.xml": b"<p><title>in the properties</title></p>",
            "word/_rels/document.xml.rels": b'<R><Relationship Target="https://in-a-link.test/"/></R>',
            "word/embeddings/sheet.xlsx": xlsx(["in a sheet within"]),
            "notes.txt": "in a text".encode("utf-16"),
        },
    )
    text = office_text(letter)
    for words in ("header", "a comment", "the properties", "in-a-link.test", "a sheet within", "in a text"):
        assert words in text


def test_twelve_cells_in_a_row_are_a_line() -> None:
    """With a tab between, so that its columns can be told too."""
    assert PHRASE.replace(" ", "\t") in office_text(xlsx(["id", "name"], PHRASE.split()))


def bomb(size: int = 60_000_000) -> bytes:
    return docx("x", **{"word/media.xml": b"<a>" + b" " * size + b"</a>"})


def test_a_bomb_is_not_unpacked() -> None:
    made = bomb()
    assert len(made) < 100_000
    with pytest.raises(Unreadable) as refused:
        office_text(made)
    assert refused.value.why == Why.BOMB


def test_a_bomb_within_a_bomb() -> None:
    with pytest.raises(Unreadable) as refused:
        office_text(docx("x", **{"word/embeddings/a.docx": bomb()}))
    assert refused.value.why == Why.BOMB


def test_a_size_that_lies() -> None:
    """The archive says 10 bytes; what counts is what comes out."""
    made = bytearray(bomb())
    with zipfile.ZipFile(BytesIO(bytes(made))) as archive:
        said = archive.getinfo("word/media.xml").file_size.to_bytes(4, "little")
    lies = bytes(made).replace(said, (10).to_bytes(4, "little"))
    with pytest.raises(Unreadable):
        office_text(lies)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_that_multiply(encoding: str) -> None:
    laughs = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    source = f'<!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]><x>&a9;</x>'
    if encoding == "utf-16":
        source = f'<?xml version="1.0" encoding="utf-16"?>{source}'
    with pytest.raises(Unreadable) as refused:
        office_text(docx("x", **{"word/x.xml": source.encode(encoding)}))
    assert refused.value.why == Why.BOMB


def test_too_many_parts() -> None:
    made = docx("x", **{f"p{number}.bin": b"" for number in range(MAX_PARTS + 1)})
    with pytest.raises(Unreadable) as refused:
        office_text(made)
    assert refused.value.why == Why.TOO_LONG


def test_what_was_read_before_the_trouble_is_told() -> None:
    with pytest.raises(Unreadable) as refused:
        office_text(docx("before", **{"zz.xml": b"<a><b></a>"}))
    assert refused.value.why == Why.DAMAGED
    assert "before" in refused.value.text


@given(st.binary(max_size=40), st.integers(0, 1_200))
def test_any_damage(put: bytes, at: int) -> None:
    whole = docx("Receipt")
    with contextlib.suppress(Unreadable):
        office_text(whole[:at] + put + whole[at + len(put) :])


def test_any_other_archive() -> None:
    assert "hello" in office_text(zipped(a__dot_txt=b"", **{"b.txt": b"hello"}))

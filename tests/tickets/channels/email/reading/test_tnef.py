"""winmail.dat is opened: text, HTML or rich text, and the files. Nothing it claims about itself is believed."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.quick import quick
from tests.tickets.channels.email.reading import winmail
from tests.tickets.channels.email.reading.building import HEAD, encoded, multipart, part
from tests.tickets.channels.email.reading.winmail import BINARY, STRING8, UNICODE
from tickets.channels.email.reading import ReadMail, read, rtf, tnef

HTML = "<p>您好，<b>发票</b>见附件</p>"


def wrapped(text: bytes) -> bytes:
    """MELA: rich text that is only wrapped, not packed."""
    return struct.pack("<II", len(text) + 12, len(text)) + b"MELA" + bytes(4) + text


def sent(content: bytes) -> ReadMail:
    return read(
        HEAD + multipart("mixed", part(b""), encoded(content, "application/ms-tnef; name=winmail.dat"))
    )


def test_html_and_files() -> None:
    seen = sent(
        winmail.tnef(
            winmail.message(
                (0x1000, STRING8, "您好，发票见附件\0".encode("gbk")), (0x1013, BINARY, HTML.encode())
            ),
            winmail.file("发票（五月）.pdf", b"%PDF-1.4"),
            winmail.file("图.png", b"\x89PNG", content_id="one@x"),
        )
    )

    assert (seen.text, seen.html) == ("您好，发票见附件", HTML)
    assert [(one.name, one.content, one.content_id) for one in seen.files] == [
        ("发票（五月）.pdf", b"%PDF-1.4", ""), ("图.png", b"\x89PNG", "one@x"),
    ]  # fmt: skip


def test_text_in_the_old_attribute_and_a_short_name_only() -> None:
    raw = winmail.tnef(
        winmail.attribute(1, 0x800C, 2, "请退款\0".encode("gbk")),
        winmail.attribute(2, 0x9002, 6, bytes(14)),
        winmail.attribute(2, 0x8010, 1, "发票.pdf\0".encode("gbk")),
        winmail.attribute(2, 0x800F, 6, b"%PDF"),
    )
    seen = sent(raw)

    assert seen.text == "请退款"
    assert [(one.name, one.content) for one in seen.files] == [("发票.pdf", b"%PDF")]


def test_rich_text_that_holds_html() -> None:
    rich = (
        rb"{\rtf1\ansi\ansicpg936\fromhtml1 {\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 "
        rb"\'c4\'e3\'ba\'c3{\*\htmltag84 <b>}\htmlrtf \b \htmlrtf0 "
        rb"\u24555?\u25463?{\*\htmltag92 </b>}{\*\htmltag72 </p>}}"
    )
    seen = sent(winmail.tnef(winmail.message((0x1009, BINARY, wrapped(rich)))))

    assert (seen.text, seen.html) == ("你好快捷", "<p>你好<b>快捷</b></p>")


def test_rich_text_of_its_own() -> None:
    rich = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 Gr\'fc\'dfe\par second {\b line}\tab \u8364?5}"
    seen = sent(winmail.tnef(winmail.message((0x1009, BINARY, wrapped(rich)))))

    assert (seen.text, seen.html) == ("Grüße\nsecond line\t€5", "")


def test_packed_rich_text() -> None:
    """The example of MS-OXRTFCP 3.1.1."""
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )

    assert rtf.unpacked(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_a_winmail_dat_that_is_none_stays_a_file() -> None:
    assert [one.name for one in sent(b"no such thing").files] == ["winmail.dat"]


#: A property with a name of four billion characters.
NAMED = b"\x01\0\0\0\xff\xff\xff\xff"


@pytest.mark.parametrize(
    "raw",
    [
        # Billions of properties, of values, of lengths: each claimed in a few bytes.
        winmail.tnef(winmail.attribute(1, 0x9003, 6, b"\xff\xff\xff\xff" + b"\x1e\x00\x00\x10" * 3)),
        winmail.tnef(winmail.attribute(1, 0x9003, 6, b"\x01\0\0\0\x1e\x10\x00\x10\xff\xff\xff\xff")),
        winmail.tnef(winmail.attribute(1, 0x9003, 6, b"\x01\0\0\0\x01\x10\x00\x10\xff\xff\xff\xff")),
        winmail.tnef(winmail.attribute(1, 0x9003, 6, b"\x01\0\0\0\x1e\x00\x00\x80" + bytes(16) + NAMED)),
        winmail.tnef(winmail.attribute(1, 0x9004, 6, b"\xff\xff\xff\xff")),
        b"\x78\x9f\x3e\x22\x01\x00\x01\x03\x90\x06\x00\xff\xff\xff\xff",
        winmail.tnef(*[winmail.attribute(2, 0x9002, 6, b"")] * 5_000),
        winmail.tnef(winmail.message((0x1009, BINARY, struct.pack("<II", 9, 2**31) + b"LZFu" + b"\xff" * 5_000))),
    ],
)  # fmt: skip
def test_what_it_claims_is_not_believed(raw: bytes) -> None:
    with quick(3):
        seen = tnef.unpack(raw)
    assert len(seen.files) <= tnef.MAX_FILES


GOOD = winmail.tnef(
    winmail.message((0x1000, UNICODE, "x\0".encode("utf-16-le")), (0x1009, BINARY, wrapped(rb"{\rtf1 x}"))),
    winmail.file("a.txt", b"content"),
)


@given(st.lists(st.tuples(st.integers(6, len(GOOD) - 1), st.integers(0, 255)), max_size=20))
def test_damaged_ones_are_read_as_far_as_they_go(changes: list[tuple[int, int]]) -> None:
    raw = bytearray(GOOD)
    for at, value in changes:
        raw[at] = value

    assert tnef.unpack(bytes(raw)).files is not None


@given(st.binary(max_size=600))
def test_any_rich_text_ends(raw: bytes) -> None:
    assert isinstance(rtf.content(b"{\\rtf1\\fromhtml1 " + raw)[0], str)
    assert isinstance(rtf.unpacked(bytes(8) + b"LZFu" + bytes(4) + raw), bytes)

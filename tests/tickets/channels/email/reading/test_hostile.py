"""No mail stops the reading: it never raises, and takes time and memory in proportion to size, whatever is sent."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.quick import quick
from tests.tickets.channels.email.reading import winmail
from tests.tickets.channels.email.reading.building import HEAD, encoded, multipart, part
from tests.tickets.channels.email.reading.test_samples import SHARED
from tickets.channels.email.reading import read

SAMPLES = sorted([*(SHARED / "mail_cpython").glob("*.txt"), *(SHARED / "mail_mikel").glob("*/*.eml")])
RICH = HEAD + multipart(
    "mixed",
    multipart(
        "alternative",
        part("您好，我的账户".encode("gbk"), headers=b"Content-Type: text/plain; charset=gb2312; format=flowed\r\n"),
        part(b"<p style='display:none'>a</p><table><tr><td>b<img src=cid:x>", headers=b"Content-Type: text/html\r\n"),
        boundary=b"in",
    ),
    encoded(winmail.tnef(winmail.file("a.txt", b"x")), "application/ms-tnef; name=winmail.dat"),
    part(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT\r\n", headers=b"Content-Type: text/calendar\r\n"),
    part(HEAD + b"\r\nforwarded", headers=b"Content-Type: message/rfc822\r\n"),
    encoded(b"x", "image/png; name*0*=utf-8''%E4%BD; name*1*=%A0"),
    boundary=b"out",
)  # fmt: skip
TOKENS = st.sampled_from(
    [b"\r\n", b"\n", b"\r", b"--out", b"--in--", b"--", b"=?utf-8?B?", b"?=", b"=", b"<", b">", b'"', b"\\", b"(", b";",
     b":", b"\x00", b"\x80", b"\xff", b"\x1b$B", b" ", b"%E4", b"*0*=", b"&#", b"<!--", b"begin 644 a\n",
     b"Content-Type: ", b"multipart/mixed; boundary=", b"message/rfc822", b"text/html", b"charset=", b"hz", b"utf-7",
     b"Content-Transfer-Encoding: base64"]
)  # fmt: skip


def reads(raw: bytes) -> None:
    mail = read(raw)
    for text in (mail.subject, mail.text, mail.html, *(one.name for one in mail.files)):
        # Whatever comes out can be stored: PostgreSQL takes neither NUL nor half characters.
        assert "\x00" not in text
        text.encode()
    for one in (*mail.senders, *mail.to, *mail.cc, *mail.reply_to):
        assert not set("\r\n") & set(one.name + one.address)
    for _name, value in mail.headers:
        assert not set("\r\n\x00") & set(value)
    assert all(one.name for one in mail.files)


@given(st.binary(max_size=2_000))
def test_any_bytes(raw: bytes) -> None:
    reads(raw)


@given(st.lists(st.one_of(TOKENS, st.binary(max_size=6)), max_size=60).map(b"".join))
@settings(max_examples=300)
def test_bytes_that_look_like_mail(raw: bytes) -> None:
    reads(HEAD + b"Content-Type: " + raw)
    reads(raw)


@given(st.lists(st.tuples(st.integers(0, len(RICH)), st.integers(0, 12), TOKENS), max_size=8))
@settings(max_examples=300)
def test_a_rich_mail_damaged_anywhere(changes: list[tuple[int, int, bytes]]) -> None:
    raw = RICH
    for at, length, token in changes:
        raw = raw[:at] + token + raw[at + length :]
    reads(raw)


@pytest.mark.skipif(not SAMPLES, reason="no ../shared/data/mail_cpython and mail_mikel beside the project")
def test_real_mails_cut_and_spoiled() -> None:
    chance = random.Random(4)
    for path in SAMPLES:
        raw = path.read_bytes()
        for _turn in range(4):
            spoiled = bytearray(raw[: chance.randrange(len(raw) + 1)])
            for _change in range(len(spoiled) // 60):
                spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
            reads(bytes(spoiled))


def of(size: int, piece: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    return HEAD + before + piece * (size // len(piece)) + after


def typed(kind: str) -> bytes:
    return f"Content-Type: {kind}\r\n\r\n".encode()


NESTED = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
HOSTILE: dict[str, Callable[[int], bytes]] = {
    "text": lambda size: of(size, b"a line of text\r\n", b"\r\n"),
    "undeclared Chinese": lambda size: of(size, "您好，我的账户。\r\n".encode("gbk"), b"\r\n"),
    "every byte": lambda size: of(size, bytes(range(256)), b"\r\n"),
    "half encoded": lambda size: of(size, b"=!A", b"Content-Transfer-Encoding: base64\r\n\r\n"),
    "soft breaks": lambda size: of(size, b"= ", b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"),
    "header lines": lambda size: of(size, b"a: \xc4\xe3\xba\xc3\r\n"),
    "one header": lambda size: of(size, b" x\r\n", b"a: b\r\n"),
    "words": lambda size: of(size, b"=?utf-8?q?x", b"Subject: ", b"\r\n\r\n"),
    "addresses": lambda size: of(size, b"a@b.c, ", b"Cc: ", b"\r\n\r\n"),
    "brackets": lambda size: of(size, b"(", b"Cc: ", b"\r\n\r\n"),
    "quotes": lambda size: of(size, b'"\\', b"Cc: ", b"\r\n\r\n"),
    "references": lambda size: of(size, b"<", b"References: ", b"\r\n\r\n"),
    "parameters": lambda size: of(size, b"a*0=b;", b"Content-Type: text/plain;", b"\r\n\r\n"),
    "hyphens": lambda size: of(size, b"--a\r\n", NESTED),
    "parts": lambda size: of(size, b"--b\r\n\r\nx\r\n", NESTED),
    "messages in messages": lambda size: of(size, typed("message/rfc822")),
    "multiparts in multiparts": lambda size: of(size, NESTED + b"--b\r\n"),
    "boundaries that never come": lambda size: of(
        size, b"--b\r\nContent-Type: multipart/mixed; boundary=zzz\r\n\r\n", NESTED
    ),
    "less than": lambda size: of(size, b"<", typed("text/html")),
    "tags": lambda size: of(size, b"<p>x<b>", typed("text/html")),
    "blocks": lambda size: of(size, b"<div>", typed("text/html"), b"</p>" * 1_000),
    "fonts": lambda size: of(size, b"<font size=1><p>", typed("text/html")),
    "attributes": lambda size: of(size, b"<a b='>' ", typed("text/html")),
    "comments": lambda size: of(size, b"<!-- x >", typed("text/html")),
    "styles": lambda size: of(size, b"<style>", typed("text/html")),
    "entities": lambda size: of(size, b"&#9999999999;", typed("text/html")),
    "digits": lambda size: of(size, b"9", typed("text/html") + b"<p title='&#9'>&#"),
    "ampersands": lambda size: of(size, b"&", typed("text/html")),
    "quotations": lambda size: of(size, b"<blockquote>x<br>", typed("text/html")),
    "tables": lambda size: of(size, b"<table><tr><td>x", typed("text/html")),
    "flowed": lambda size: of(size, b"> \r\n", typed("text/plain; format=flowed")),
    "uuencoded": lambda size: of(size, b"begin 644 a\nM\n", b"\r\n"),
    "winmail": lambda size: of(
        size, b"\x1e\x00\x00\x10\x00\x00\x00\x00",
        typed("application/ms-tnef") + b"\x78\x9f\x3e\x22\0\0\x01\x03\x90\0\0\xff\xff\xff\x7f\xff\xff\xff\xff",
    ),
    "events": lambda size: of(size, b"BEGIN:VEVENT\r\n", typed("text/calendar") + b"BEGIN:VCALENDAR\r\n"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("size", [250_000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_a_lot_of_anything_takes_a_moment(kind: str, size: int) -> None:
    raw = HOSTILE[kind](size)

    # Most take a hundredth of it, on a busy machine too; what grows with the square of the size takes much more.
    with quick(12 * size / 1_000_000):
        reads(raw)


@pytest.mark.long
@pytest.mark.parametrize("kind", HOSTILE)
def test_twenty_five_megabytes_of_anything(kind: str) -> None:
    raw = HOSTILE[kind](25_000_000)
    tracemalloc.start()
    try:
        read(raw)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 400_000_000


def test_a_24_megabyte_attachment_needs_little_more_than_itself() -> None:
    raw = HEAD + multipart("mixed", part(b"Here"), encoded(bytes(17_500_000), "application/pdf; name=a.pdf"))
    assert len(raw) > 23_000_000

    with quick():
        mail = read(raw)

    assert [len(one.content) for one in mail.files] == [17_500_000]

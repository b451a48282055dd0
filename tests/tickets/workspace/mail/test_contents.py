"""What is shown of a raw mail: as far as it goes, on anything, in time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.quick import quick
from tickets.workspace.mail import contents
from tickets.workspace.mail.contents import fields_of, text_of

MB = 1024 * 1024


def test_fields() -> None:
    raw = (
        b"From: =?gb2312?B?1cXOsA==?= <a@b.test>\r\nX-Long: one\r\n\ttwo\r\nno colon here\r\n"
        b"Subject: =?utf-8?q?caf=C3=A9?=\r\nX-Raw: caf\xc3\xa9\r\n\r\nFrom: not a field"
    )
    assert fields_of(raw) == [
        ("From", "张伟 <a@b.test>"),
        ("X-Long", "one two"),
        ("Subject", "café"),
        ("X-Raw", "café"),
    ]


def test_text() -> None:
    raw = (
        b"Content-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain; charset=gbk\n\n"
        + "你好".encode("gbk")
        + b"\n--B\nContent-Type: text/plain\n"
        b"Content-Disposition: attachment; filename*=utf-8''%E4%BD%A0.txt\n\nfile\n--B--\n"
    )
    assert text_of(raw) == contents.Text("你好", ("你.txt",))
    assert text_of(b"").body == ""


def test_what_no_reader_gets_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(raw: bytes) -> None:
        raise ValueError

    monkeypatch.setattr(contents, "read", fail)
    assert "你好" in text_of("Subject: x\n\n你好".encode("gb18030")).body


def test_long_ones_are_cut() -> None:
    text = text_of(b"Subject: x\n\n" + b"long " * MB)
    assert text.is_cut
    assert len(text.body) <= contents.MOST_TEXT
    assert len(fields_of(b"X: y\n" * 5000)) == contents.MOST_FIELDS
    assert len(fields_of(b"X: y\n" + b" z\n" * 9000)[0][1]) <= contents.MOST_VALUE


@given(st.binary(max_size=3000))
def test_anything(raw: bytes) -> None:
    fields_of(raw)
    text_of(raw)
    text_of(b"Content-Type: text/html\n\n" + raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: text/html\n\n" + b"<" * MB,
        b"Content-Type: text/html\n\n" + b"<a" * MB,
        b"Content-Type: text/html\n\n" + b"<script>" * (MB // 8),
        b"Content-Type: text/html\n\n" + b"&" * MB,
        b"Content-Type: text/html\n\n" + b" \n" * MB,
        b"Subject: " + b"=?utf-8?q?x?= " * 100_000,
        b"X: " + b"=?" * MB,
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 200_000,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)),
        b"Content-Type: message/rfc822\n\n" * 5000,
    ],
    ids=[
        "brackets", "tags", "scripts", "entities", "blanks", "words", "half words", "parts", "nested", "forwarded",
    ],
)  # fmt: skip
def test_hostile_ones_take_no_time(raw: bytes) -> None:
    with quick():
        fields_of(raw)
        text_of(raw)


def test_secrets_are_not_shown() -> None:
    phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    raw = f"Subject: {phrase}\n\n{'x ' * 9_980}{phrase}\n\n{phrase}".encode()
    assert "winner" not in repr(fields_of(raw))
    assert "winner" not in text_of(raw).body
    assert "[removed: recovery phrase" in fields_of(raw)[0][1]

"""How parts are taken apart and put together, also where they are broken."""

from __future__ import annotations

import base64
import binascii

import pytest

from tests.tickets.channels.email.reading.building import HEAD, encoded, mail, multipart, part
from tickets.channels.email.reading import read
from tickets.channels.email.reading.forwarded import MARK
from tickets.channels.email.reading.transfer import undo

HTML = b"Content-Type: text/html; charset=utf-8\r\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def test_of_two_versions_each_has_its_place() -> None:
    seen = read(
        HEAD + multipart("alternative", part(b"Hello"), part(b"<p>Hello <b>you</b></p>", headers=HTML))
    )

    assert (seen.text, seen.html) == ("Hello", "<p>Hello <b>you</b></p>")


def test_a_plain_version_that_says_nothing_is_passed_over() -> None:
    html = b"<p>" + b"What happened is long to tell. " * 40 + b"</p>"
    seen = read(
        HEAD + multipart("alternative", part(b"Please use another mail program."), part(html, headers=HTML))
    )

    assert seen.text.startswith("What happened is long to tell.")


def test_text_and_html_in_turn_are_both_shown_in_order() -> None:
    seen = read(
        HEAD + multipart("mixed", part(b"First <1>"), part(b"<p>Second</p>", headers=HTML), part(b"Third"))
    )

    assert seen.text == "First <1>\n\nSecond\n\nThird"
    assert seen.html.index("First &lt;1&gt;") < seen.html.index("<p>Second</p>") < seen.html.index("Third")


def test_an_image_in_the_html_is_inline_and_keeps_its_place() -> None:
    html = part(b'<p>See <img src="cid:one@x" alt="a plan"></p>', headers=HTML)
    image = encoded(PNG, "image/png; name=plan.png", headers=b"Content-ID: <one@x>\r\n")
    seen = read(HEAD + multipart("related", html, image))

    assert seen.text == "See [a plan]"
    assert 'src="cid:one@x"' in seen.html
    assert [(one.name, one.content, one.content_id, one.is_inline) for one in seen.files] == [
        ("plan.png", PNG, "one@x", True)
    ]


def test_an_image_named_by_its_location() -> None:
    html = part(b'<img src="plan.png">', headers=HTML)
    seen = read(
        HEAD
        + multipart("related", html, encoded(PNG, "image/png", headers=b"Content-Location: plan.png\r\n"))
    )

    assert 'src="cid:plan.png"' in seen.html
    assert (seen.files[0].content_id, seen.files[0].is_inline) == ("plan.png", True)


def test_an_image_written_into_the_html_becomes_a_file() -> None:
    source = b'<p>Look: <img src="data:image/png;base64,' + base64.b64encode(PNG) + b'"></p>'
    seen = read(mail(source, headers=HTML))

    assert [(one.name, one.content, one.is_inline) for one in seen.files] == [("image-1.png", PNG, True)]
    assert f'src="cid:{seen.files[0].content_id}"' in seen.html


def test_an_image_that_nothing_shows_is_an_attachment() -> None:
    image = encoded(PNG, "image/png; name=a.png", headers=b"Content-ID: <one@x>\r\n")
    seen = read(HEAD + multipart("mixed", part(b"See below"), image))

    assert [one.is_inline for one in seen.files] == [False]


def test_a_text_file_that_is_shown_is_also_kept() -> None:
    log = part(b"line", headers=b"Content-Type: text/plain; name=app.log\r\nContent-Disposition: inline\r\n")
    attached = part(
        b"other", headers=b"Content-Type: text/plain\r\nContent-Disposition: attachment; filename=b.txt\r\n"
    )
    seen = read(HEAD + multipart("mixed", part(b"Hi"), log, attached))

    assert seen.text == "Hi\n\nline"
    assert [(one.name, one.content) for one in seen.files] == [("app.log", b"line"), ("b.txt", b"other")]


FORWARDED = (
    b"From: =?utf-8?B?5byg5LiJ?= <z@s.cn>\r\nTo: ann@example.com\r\nDate: Fri, 4 May 2001 14:05:44 +0800\r\n"
    b"Subject: =?utf-8?B?5L2g5aW9?=\r\n"
)


@pytest.mark.parametrize("way", ["plain", "base64", "quoted-printable"])
def test_a_forwarded_message_is_read_with_its_files(way: str) -> None:
    inner = FORWARDED + multipart(
        "mixed", part("请看附件".encode()), encoded(PNG, "image/png; name=p.png"), boundary=b"in"
    )
    if way == "base64":
        carried = encoded(inner, "message/rfc822")
    elif way == "quoted-printable":
        head = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        carried = head + binascii.b2a_qp(inner, istext=True)
    else:
        carried = part(inner, headers=b"Content-Type: message/rfc822\r\n")
    seen = read(HEAD + multipart("mixed", part(b"FYI"), carried, boundary=b"out"))

    assert seen.text == (
        f"FYI\n\n{MARK}\nFrom: 张三 <z@s.cn>\nDate: Fri, 4 May 2001 14:05:44 +0800\nSubject: 你好\n"
        "To: ann@example.com\n\n请看附件"
    )
    assert [(one.name, one.content) for one in seen.files] == [("p.png", PNG)]


def test_html_of_a_forwarded_message_is_shown_below_the_html_above_it() -> None:
    inner = part(FORWARDED + HTML + b"\r\n<p>inner</p>", headers=b"Content-Type: message/rfc822\r\n")
    seen = read(HEAD + multipart("mixed", part(b"<p>outer</p>", headers=HTML), inner))

    assert seen.html.index("outer") < seen.html.index("Subject: 你好") < seen.html.index("<p>inner</p>")


BROKEN = [
    ("the end is missing",
     b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\n\r\ntwo", "one\n\ntwo"),
    ("a hyphen is missing at the end",
     b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b-\r\n", "one\n\ntwo"),
    ("no boundary is named",
     b"Content-Type: multipart/mixed\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\none\r\n--x--\r\n", "one"),
    ("another boundary is named",
     b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\none\r\n--x--\r\n",
     "one"),
    ("nothing is a part", b"Content-Type: multipart/mixed; boundary=b\r\n\r\nall of it", "all of it"),
    ("the multipart is called text",
     b"Content-Type: text/plain; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n", "one\n\ntwo"),
    ("the inner end is missing",
     b"Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n"
     b"--i\r\n\r\none\r\n--o\r\n\r\ntwo\r\n--o--\r\n", "one\n\ntwo"),
    ("one boundary begins like the other",
     b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n"
     b"--bb\r\n\r\none\r\n--bb--\r\n--b\r\n\r\ntwo\r\n--b--\r\n", "one\n\ntwo"),
    ("blanks behind the boundary",
     b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b  \r\n\r\none\r\n--b--  \r\n", "one"),
    ("lines end with CR alone", b"Content-Type: text/plain\r\rone\rtwo", "one\ntwo"),
    ("a type of nonsense", b"Content-Type: )(*&^\r\n\r\none", "one"),
    ("an empty type", b"Content-Type:\r\n\r\none", "one"),
    ("no header but a colon", b": x\r\n\r\none", ": x\n\none"),
    ("no empty line", b"Subject: x\r\nthis is the text", "this is the text"),
    ("a line of blanks as the empty line", b"X-A: x\r\n \r\nthe text", "the text"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "text"), [pytest.param(raw, text, id=name) for name, raw, text in BROKEN])
def test_broken_messages_are_mended(raw: bytes, text: str) -> None:
    if b"\n" not in raw:
        assert read(HEAD.replace(b"\r\n", b"\r") + raw).text == text
    else:
        assert read(raw).text == text


def test_a_message_without_a_body() -> None:
    seen = read(b"From: ann@example.com\r\nSubject: only this")

    assert (seen.subject, seen.text, seen.html, seen.files) == ("only this", "", "", ())


def test_nothing_at_all() -> None:
    seen = read(b"")

    assert (seen.subject, seen.text, seen.senders, seen.message_id, seen.sent_at) == ("", "", (), "", None)


def test_operators_are_told_what_was_mended() -> None:
    head = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: hexagonal\r\n"
    broken = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + part(
        "您好，我的账户".encode("gbk"), headers=head
    )
    seen = read(HEAD + broken)

    assert seen.text == "您好，我的账户"
    assert seen.defects == ("charset-guessed", "transfer-encoding-unknown", "unclosed")


@pytest.mark.parametrize(
    ("declared", "sent", "content"),
    [
        ("base64", b"aGVsbG8=", b"hello"),
        ("BASE64 ", b"aGVs\r\nbG8=\r\n", b"hello"),
        ("base64", b"aGVsbG8", b"hello"),
        ("base64", b"aGVsbG8=aGVsbG8=", b"hellohello"),
        ("base64", b"aGVs!!bG8=", b"hello"),
        ("base64", b"aGVsbG8=\r\n--\r\nThis list is for all of us.\r\n",
         b"hello\n--\r\nThis list is for all of us.\r\n"),
        ("base64", b"This was never encoded, believe me.", b"This was never encoded, believe me."),
        ("quoted-printable", b"a=3Db=\r\nc", b"a=bc"),
        ("Quoted Printable", b"a=3Db", b"a=b"),
        ("quoted-printable;", b"a= \r\nb", b"ab"),
        ("quoted-printable", b"100% =XY =", b"100% =XY "),
        ("7-bit", b"a=3D", b"a=3D"),
        ("8bits", b"a=3D", b"a=3D"),
        ("text/html", b"a=3D", b"a=3D"),
        ("", b"a=3D", b"a=3D"),
        ("x-uuencode", b"begin 644 a.txt\r\n%:&5L;&\\ \r\n`\r\nend\r\n", b"hello"),
        ("x-uuencode", b"nothing", b"nothing"),
    ],
)  # fmt: skip
def test_transfer_encodings(declared: str, sent: bytes, content: bytes) -> None:
    assert undo(sent, declared).content == content


def test_uuencoded_files_in_the_text() -> None:
    seen = read(mail(b"See this:\r\nbegin 644 a.txt\r\n%:&5L;&\\ \r\n`\r\nend\r\nand tell me.\r\n"))

    assert seen.text == "See this:\nand tell me."
    assert [(one.name, one.content) for one in seen.files] == [("a.txt", b"hello")]


def test_to_begin_a_sentence_is_no_file() -> None:
    assert (
        read(mail(b"begin 2024 with us\r\nbegin 644 reasons\r\n")).text
        == "begin 2024 with us\nbegin 644 reasons"
    )


def test_control_characters_do_not_get_through() -> None:
    seen = read(b"Subject: a\x00b\x07\r\n\r\na\x00b\x08\x1b[31mc\r\n")

    assert (seen.subject, seen.text) == ("ab", "ab[31mc")


def test_nested_deeper_than_anybody_nests() -> None:
    inner = part(b"the core")
    for level in range(80):
        inner = multipart("mixed", inner, boundary=b"b%d" % level)
    seen = read(HEAD + inner)

    assert "nested-too-deep" in seen.defects
    assert "the core" in seen.text


def test_more_parts_than_anybody_sends() -> None:
    seen = read(HEAD + multipart("mixed", *(part(b"x%d" % number) for number in range(3_000))))

    assert "too-many-parts" in seen.defects
    assert "x2999" in seen.text

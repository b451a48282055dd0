"""Header fields: where they end, who is named in them, dates, Message-IDs, and what makes two mails the same."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.channels.email.reading import Address, read
from tickets.channels.email.reading.addresses import read_addresses
from tickets.channels.email.reading.dates import read_date
from tickets.channels.email.reading.words import decode_words, line


def b64(text: str, charset: str = "utf-8") -> str:
    return base64.b64encode(text.encode(charset)).decode()


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("=?utf-8?B?5L2g5aW9?=", "你好"),
        ("=?UTF-8?b?5L2g5aW9?= =?utf-8?B?5L2g5aW9?=", "你好你好"),
        ("=?UTF-8?b?5L2g5aW9?==?utf-8?B?5L2g5aW9?=", "你好你好"),
        ("Re:=?utf-8?B?5L2g5aW9?=!", "Re:你好!"),
        ("=?gb2312?B?xOO6ww==?=", "你好"),
        ("=?GB2312?q?=C4=E3=BA=C3?=", "你好"),
        ("=?utf-8?Q?=E4=BD=A0_=E5=A5=BD?=", "你 好"),
        ("=?utf-8?Q?a?b?=", "a?b"),
        # One character cut in two, as naive programs do after 75 bytes.
        ("=?utf-8?Q?=E4=BD?= =?utf-8?Q?=A0=E5=A5=BD?=", "你好"),
        ("=?utf-8?B?5L2g5Q==?= =?utf-8?B?pb0=?=", "你好"),
        ("=?utf-8?B?5L2g5?= =?utf-8?B?aW9?=", "你好"),
        ("=?utf-8?B?5L2g5aW9=?=", "你好"),
        ("=?utf-8?B?5L2g5a W9?=", "你好"),
        ("=?gbk?B?xOO6ww==?= und =?iso-8859-1?Q?Gr=FC=DFe?=", "你好 und Grüße"),
        ("=?utf-8*zh?B?5L2g5aW9?=", "你好"),
        ("=?x-unknown?B?xOO6ww==?=", "你好"),
        ("=?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?=", "テスト"),
        ("=?utf-8?B?xOO6ww==?=", "你好"),
        ("=?iso-8859-1?B?xOO6ww==?=", "你好"),
        ("no word at all", "no word at all"),
        ("=?broken", "=?broken"),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
    ],
)
def test_encoded_words(sent: str, text: str) -> None:
    assert decode_words(sent) == text


def test_raw_bytes_in_a_header() -> None:
    assert line("提现失败，请退款".encode("gbk")) == "提现失败，请退款"
    assert line("提现失败，请退款".encode()) == "提现失败，请退款"
    assert line(b"\x1b$B%F%9%H\x1b(B") == "テスト"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("a@b.com", [("", "a@b.com")]),
        ("Ann <Ann.B@Example.COM>", [("Ann", "Ann.B@example.com")]),
        ('"Doe, John" <j@d.com>, b@c.de', [("Doe, John", "j@d.com"), ("", "b@c.de")]),
        ("Doe, John <j@d.com>", [("Doe, John", "j@d.com")]),
        ("j@d.com (John Doe)", [("John Doe", "j@d.com")]),
        ("<j@d.com>", [("", "j@d.com")]),
        ("a@b.com; c@d.com", [("", "a@b.com"), ("", "c@d.com")]),
        ("Friends: a@b.com, C <c@d.com>;", [("", "a@b.com"), ("C", "c@d.com")]),
        ("undisclosed-recipients:;", []),
        ("", []),
        (",,", []),
        ("foo", [("foo", "")]),
        ("<>", []),
        ("MAILER-DAEMON <>", [("MAILER-DAEMON", "")]),
        ("Ann ann@b.com", [("Ann", "ann@b.com")]),
        ("a@b.com c@d.com", [("", "a@b.com"), ("", "c@d.com")]),
        ("'Ann' <ann@b.com>", [("Ann", "ann@b.com")]),
        ("'ann@b.com' <ann@b.com>", [("ann@b.com", "ann@b.com")]),
        ("<@relay.com:ann@b.com>", [("", "ann@b.com")]),
        ("mailto:ann@b.com", [("", "ann@b.com")]),
        ("=?utf-8?B?5byg5LiJ?= <z@s.cn>", [("张三", "z@s.cn")]),
        ('"=?utf-8?B?5byg5LiJ?=" <z@s.cn>', [("张三", "z@s.cn")]),
        # A name is a name, whatever it decodes to.
        (f"=?utf-8?B?{b64('ceo@bank.com <ceo@bank.com>,')}?= <evil@x.com>",
         [("ceo@bank.com <ceo@bank.com>,", "evil@x.com")]),
        ('"support@wallet.com" <evil@x.com>', [("support@wallet.com", "evil@x.com")]),
        ("a\u202etxt.exe <a@b.com>", [("atxt.exe", "a@b.com")]),
        ("a@b@c.com", [("a@b@c.com", "")]),
        ("Unclosed <a@b.com", [("Unclosed", "a@b.com")]),
        ('"Unclosed <a@b.com>', [("Unclosed", "a@b.com")]),
        ("(((((a@b.com", [("", "a@b.com")]),
        ("a b@c.com>", [("a", "b@c.com")]),
        ("用户@例子.公司", [("", "用户@例子.公司")]),
        ("a@[192.168.1.1]", [("", "a@[192.168.1.1]")]),
        ('"a b"@c.com', [("", '"a b"@c.com')]),
    ],
)  # fmt: skip
def test_addresses(sent: str, expected: list[tuple[str, str]]) -> None:
    assert read_addresses([sent.encode()]) == tuple(Address(name, address) for name, address in expected)


@given(st.binary(max_size=300))
def test_an_address_is_one_or_empty(raw: bytes) -> None:
    for one in read_addresses([raw]):
        assert one.address == "" or ("@" in one.address and not set("\r\n\t<>") & set(one.address))
        assert not set("\r\n\x00\u202e") & set(one.name)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("Fri, 4 May 2001 14:05:44 -0400", datetime(2001, 5, 4, 14, 5, 44, tzinfo=timezone(timedelta(hours=-4)))),
        ("4 May 2001 14:05:44 GMT", datetime(2001, 5, 4, 14, 5, 44, tzinfo=UTC)),
        ("Fri, 4 May 2001 14:05:44 -0000", datetime(2001, 5, 4, 14, 5, 44, tzinfo=UTC)),
        ("Fri, 4 May 2001 14:05:44 +0800 (CST)",
         datetime(2001, 5, 4, 14, 5, 44, tzinfo=timezone(timedelta(hours=8)))),
        ("Mon, 30 Jun 3609 15:33:50 +0600", None),
        ("Fri, 4 May 1801 14:05:44 +0800", None),
        ("yesterday", None),
        ("", None),
        ("Fri, 31 Feb 2001 14:05:44 +0000", None),
        ("Fri, 4 May 2001 14:05:44 +999999999", None),
        ("99999999999999999999", None),
    ],
)  # fmt: skip
def test_dates(sent: str, expected: datetime | None) -> None:
    assert read_date(sent) == expected


def test_a_date_has_a_zone() -> None:
    found = read_date("4 May 2001 14:05:44")
    assert found is not None
    assert found.tzinfo is not None


MAIL = b"""\
Message-ID: <one@example.com>
In-Reply-To: <two@example.com> (your mail of
 yesterday)
References: <three@example.com>\t<four@
 example.com> junk <three@example.com> <> <a b>
From: Ann <ann@example.com>
Date: Fri, 4 May 2001 14:05:44 -0400
Subject: =?utf-8?Q?Hello_?=
 =?utf-8?Q?World?=

Text
"""


def test_message_ids() -> None:
    mail = read(MAIL)

    assert mail.message_id == "<one@example.com>"
    assert mail.in_reply_to == ("<two@example.com>",)
    assert mail.references == ("<three@example.com>", "<four@example.com>")
    assert mail.subject == "Hello World"


def test_headers_are_plain_pairs() -> None:
    headers = read(b"X-A: one\r\n\ttwo\r\nx-a: \xe4\xbd\xa0\r\nX-B:\r\n\r\n").headers

    assert headers.pairs == (("X-A", "one two"), ("x-a", "你"), ("X-B", ""))
    assert headers.all("X-a") == ["one two", "你"]
    assert headers.get("x-A") == "one two"
    assert headers.get("missing", "none") == "none"
    assert "x-b" in headers
    assert list(headers) == list(headers.pairs)


@pytest.mark.parametrize(
    "other",
    [
        MAIL.replace(b"\n", b"\r\n"),
        b"Received: from a by b; today\nDelivered-To: desk@example.com\n" + MAIL,
        b"Authentication-Results: mx; dkim=pass\r\nDKIM-Signature: v=1;\r\n b=x\r\n"
        + MAIL.replace(b"\n", b"\r\n"),
        MAIL + b"\n\n",
        b"From mailer Fri May  4 14:05:44 2001\n" + MAIL,
        MAIL.replace(b"Hello_?=\n =?", b"Hello_?= =?"),
    ],
)
def test_the_same_message_by_another_way_has_the_same_fingerprint(other: bytes) -> None:
    assert read(other).fingerprint == read(MAIL).fingerprint


@pytest.mark.parametrize(
    "other",
    [
        MAIL.replace(b"Text", b"text"),
        MAIL.replace(b"<one@", b"<won@"),
        MAIL.replace(b"Ann <", b"Ben <"),
        MAIL.replace(b"World", b"Welt"),
        MAIL.replace(b"14:05:44", b"14:05:45"),
    ],
)
def test_another_message_has_another_fingerprint(other: bytes) -> None:
    assert read(other).fingerprint != read(MAIL).fingerprint
    assert len(read(other).fingerprint) == 64

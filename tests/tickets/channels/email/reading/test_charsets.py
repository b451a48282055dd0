"""Bytes are read as what they are: as declared, against a wrong declaration, and without any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.env import BASE_DIR
from tickets.channels.email.reading import read
from tickets.channels.email.reading.charset_names import KNOWN_NAMES, codec_of
from tickets.channels.email.reading.charsets import CANDIDATES, decode

TEXTS = yaml.safe_load((Path(__file__).parent / "charset_texts.yaml").read_text(encoding="utf-8"))


def written() -> Iterator[tuple[str, str, str]]:
    for row in TEXTS:
        for charset in row["encoded"]:
            for text in row["texts"]:
                yield row["language"], charset, text


CASES = [pytest.param(charset, text, id=f"{charset}-{text[:12]}") for _language, charset, text in written()]


@pytest.mark.parametrize(("charset", "text"), CASES)
def test_what_is_declared_is_read_so(charset: str, text: str) -> None:
    assert decode(text.encode(charset), charset).text == text


@pytest.mark.parametrize(
    "declared", ["", "unknown-8bit", "x-unknown", "us-ascii", "no-such-charset", "utf-8"]
)
@pytest.mark.parametrize(("charset", "text"), CASES)
def test_what_is_not_declared_or_cannot_be_is_found(charset: str, text: str, declared: str) -> None:
    assert decode(text.encode(charset), declared).text == text


WRONG = {
    "gbk": ["iso-8859-1", "windows-1252", "windows-1251", "big5", "shift_jis"],
    "big5": ["iso-8859-1", "gb2312", "euc-jp"],
    "shift_jis": ["iso-8859-1", "euc-kr", "windows-1251", "iso-2022-jp"],
    "euc-kr": ["iso-8859-1", "windows-1252", "koi8-r", "shift_jis"],
    "windows-1251": ["iso-8859-1", "koi8-r", "iso-8859-2"],
    "koi8-r": ["iso-8859-1", "windows-1252", "windows-1251"],
    "utf-8": ["iso-8859-1", "windows-1251", "gb2312", "big5", "euc-kr", "shift_jis", "koi8-r"],
}


@pytest.mark.parametrize(
    ("charset", "declared", "text"),
    [
        pytest.param(charset, declared, text, id=f"{charset}-as-{declared}-{text[:8]}")
        for _language, charset, text in written()
        for declared in WRONG.get(charset, [])
        if len(text) > 12
    ],
)
def test_a_wrong_declaration_is_seen_through(charset: str, declared: str, text: str) -> None:
    assert decode(text.encode(charset), declared).text == text


def test_capitals_are_no_sign_of_another_charset() -> None:
    text = "СРОЧНО! НЕ РАБОТАЕТ ВХОД В ЛИЧНЫЙ КАБИНЕТ"
    for charset in ("windows-1251", "koi8-r"):
        assert decode(text.encode(charset), charset).text == text


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("GB2312", "gb18030"), ("gb_2312-80", "gb18030"), ("x-gbk", "gb18030"), ("GB 2312", "gb18030"),
        ("ks_c_5601-1987", "cp949"), ("KS C 5601", "cp949"), ("euckr", "cp949"), ("X-SJIS", "cp932"),
        ("shift-jis", "cp932"), ("ISO2022JP", "iso2022_jp"), ("big-5", "big5"), ("UTF8", "utf-8"), ("utf_8", "utf-8"),
        ("uft-8", "utf-8"), ('"utf-8"', "utf-8"), ("charset=utf-8", "utf-8"), ("cp-1251", "cp1251"),
        ("win1251", "cp1251"), ("windows1251", "cp1251"), ("koi8r", "koi8-u"), ("iso8859-1", "cp1252"),
        ("ISO_8859-2", "iso8859-2"), ("latin1", "cp1252"), ("us-ascii", "ascii"), ("ANSI_X3.4-1968", "ascii"),
        ("unknown-8bit", ""), ("x-unknown", ""), ("", ""), ("rot13", ""), ("punycode", ""), ("unicode_escape", ""),
        ("base64", ""), ("iso-8859-12", ""), ("cp99999", ""),
    ],
)  # fmt: skip
def test_names_of_charsets(name: str, codec: str) -> None:
    assert codec_of(name) == codec


def test_gb2312_reads_what_only_gb18030_has() -> None:
    """镕 and 喆 are in people's names, and not in GB2312."""
    assert decode("朱镕基、陶喆：€100".encode("gb18030"), "gb2312").text == "朱镕基、陶喆：€100"


def test_japanese_with_the_characters_of_its_makers() -> None:
    """① ㈱ 髙 are no part of ISO-2022-JP, and in every second invoice."""
    assert decode(b"\x1b$B-!\x1b(B", "iso-2022-jp").text == "①"
    assert decode(b"\x1b$B-j\x1b(B", "iso-2022-jp").text == "㈱"
    assert decode(b"\x1b$B|b\x1b(B", "iso-2022-jp").text == "髙"


def test_half_width_kana() -> None:
    assert decode(b"\x1b(I1234\x1b(B", "iso-2022-jp").text == "ｱｲｳｴ"


def test_a_few_broken_bytes_do_not_spoil_the_rest() -> None:
    text = "您好，我的账户被冻结了，请尽快帮我处理。" * 5
    for charset in ("utf-8", "gb18030", "big5"):
        raw = (
            text.replace("账户", "")
            .replace("冻结", "")
            .replace("请尽快", "")
            .replace("帮", "")
            .replace("处", "")
        )
        broken = raw.encode(charset)[:60] + b"\xff" + raw.encode(charset)[60:]
        read_back = decode(broken, charset)

        assert raw[:15] in read_back.text
        assert raw[-15:] in read_back.text
        assert read_back.text.count("\ufffd") <= 2


def test_utf_8_that_was_made_utf_8_again() -> None:
    text = "Müller schreibt: Überweisung “dringend” – 100 €"
    assert decode(text.encode().decode("latin-1").encode(), "utf-8").text == text


def test_what_somebody_writes_about_garbled_text_is_left() -> None:
    text = "Your page shows MÃ¼ller instead of my name"
    assert decode(text.encode(), "utf-8").text == text


def test_big5_that_was_made_utf_8() -> None:
    text = "大補泡麵專賣，大家說英語"
    assert decode(text.encode("big5").decode("latin-1").encode(), "big5").text == text


def test_the_rest_of_the_mail_tells_what_a_few_characters_are() -> None:
    """Two characters can be several languages; the body decides."""
    raw = "조희".encode("euc-kr")
    body = "안녕하세요. 문의드립니다."

    mail = read(
        b"From: a@example.com\r\nSubject: " + raw
        + b"\r\nContent-Type: text/plain; charset=euc-kr\r\n\r\n" + body.encode("euc-kr")
    )  # fmt: skip

    assert (mail.subject, mail.text) == ("조희", body)


RARE = [
    bytes((row, cell)).decode("gb2312")
    for row in range(0xB0, 0xF8)
    for cell in range(0xA1, 0xFF)
    if row != 0xD7
]


@given(st.lists(st.sampled_from(RARE), min_size=5, max_size=30))
def test_a_right_declaration_wins_however_rare_the_characters(characters: list[str]) -> None:
    """Names are made of them. Anything may be UTF-8 by chance only when it is short."""
    text = "姓名" + "".join(characters) + "，请帮我查询账户。"
    assert decode(text.encode("gb18030"), "gb2312").text == text


@given(
    st.binary(max_size=400),
    st.sampled_from(["", "utf-8", "gb2312", "iso-2022-jp", "hz", "utf-7", "utf-16", "x"]),
)
def test_any_bytes_give_some_text(raw: bytes, declared: str) -> None:
    assert isinstance(decode(raw, declared, ["big5", "nonsense"]).text, str)


def test_every_candidate_is_a_codec() -> None:
    for name in CANDIDATES:
        assert "a".encode(name) == b"a"


@pytest.mark.parametrize("declared", ["utf-16", "utf-32", "hz", "utf-7", "iso-2022-kr", "iso-2022-jp"])
def test_a_long_text_of_another_charset_than_a_strange_one(declared: str) -> None:
    text = "您好，我的账户被冻结了，请尽快帮我处理。" * 200
    assert decode(text.encode("gbk") + b"!", declared).text == text + "!"


def own_chinese() -> list[str]:
    """What this project itself says in Chinese, by lines: not what the rules were made by."""
    catalogue = (BASE_DIR / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    lines = re.findall(r'^msgstr "(.*)"$', catalogue, re.M)
    return [line for line in lines if len(re.findall("[\u4e00-\u9fff]", line)) >= 4]


def test_short_chinese_lines_without_a_declaration() -> None:
    lines = own_chinese()
    wrong = [line for line in lines if decode(line.encode("gb18030")).text != line]

    assert len(lines) > 1_000
    assert len(wrong) / len(lines) < 0.005, wrong


def test_no_name_leads_to_a_codec_that_is_not_there() -> None:
    numbered = [f"windows-125{number}" for number in range(10)] + [
        f"iso-8859-{number}" for number in range(100)
    ]
    for name in [*numbered, *KNOWN_NAMES]:
        for raw in (b"\xc4\xe3", b"x", b"\x1b$B\xff", b""):
            assert isinstance(decode(raw, name).text, str)
        assert codec_of(name) in ("", "ascii") or "a".encode(codec_of(name)).decode(codec_of(name)) == "a"

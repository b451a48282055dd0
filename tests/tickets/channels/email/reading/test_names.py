"""The name of a file, in all the ways that mail programs write it."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest

from tickets.channels.email.reading import read
from tickets.channels.email.reading.names import parameters

CHINESE = "身份证照片（正面）.jpg"
LONG = "二〇二四年五月银行流水与交易记录截图汇总之第一部分最终版.pdf"


def named(header: bytes, *, headers: bytes = b"Content-Type: application/octet-stream\r\n") -> str:
    """What the only file of a mail is called, sent with that Content-Disposition."""
    mail = read(
        b"From: a@example.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        + headers + (b"Content-Disposition: " + header + b"\r\n" if header else b"") + b"\r\nx\r\n--b--\r\n"
    )  # fmt: skip
    assert len(mail.files) == 1
    return mail.files[0].name


def word(text: str, charset: str = "utf-8") -> bytes:
    return b"=?%s?B?%s?=" % (charset.encode(), base64.b64encode(text.encode(charset)))


def sections(name: str, charset: str = "utf-8") -> bytes:
    """RFC 2231 with continuations, cut wherever it happens to be."""
    encoded = quote(name.encode(charset), safe="")
    cuts = [encoded[at : at + 40] for at in range(0, len(encoded), 40)]
    written = [f"filename*0*={charset}'zh'{cuts[0]}"]
    written += [f"filename*{number}*={cut}" for number, cut in enumerate(cuts[1:], start=1)]
    return ("attachment;\r\n " + ";\r\n ".join(written)).encode()


@pytest.mark.parametrize("name", [CHINESE, LONG])
@pytest.mark.parametrize("charset", ["utf-8", "gbk", "gb18030"])
def test_a_chinese_name_in_the_five_ways(name: str, charset: str) -> None:
    encoded = name.encode(charset)
    half = len(name) // 2
    words = word(name[:half], charset) + b"\r\n " + word(name[half:], charset)

    ways = {
        "RFC 2231": b"attachment; filename*=%s''%s" % (charset.encode(), quote(encoded, safe="").encode()),
        "RFC 2231 in pieces": sections(name, charset),
        "encoded words": b'attachment; filename="' + words + b'"',
        "raw bytes": b'attachment; filename="' + encoded + b'"',
        "two at once": b'attachment; filename="file.bin"; filename*=%s\'\'%s' % (
            charset.encode(), quote(encoded, safe="").encode()
        ),
    }  # fmt: skip
    found = {way: named(header) for way, header in ways.items()}
    in_type = named(b"attachment", headers=b'Content-Type: image/jpeg; name="' + words + b'"\r\n')

    assert found == dict.fromkeys(ways, name)
    assert in_type == name


def test_of_two_names_the_extended_one() -> None:
    """RFC 6266 4.3 says so for the web; mail programs send both for the same reason."""
    assert named(b"attachment; filename=\"file.bin\"; filename*=utf-8''%E5%8F%91%E7%A5%A8.pdf") == "发票.pdf"
    assert named(b"attachment; filename*=utf-8''%E5%8F%91%E7%A5%A8.pdf; filename=\"file.bin\"") == "发票.pdf"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (b"attachment; filename=plain.txt", "plain.txt"),
        (b"attachment; filename=This is a test.txt", "This is a test.txt"),
        (b'attachment; filename="a;b.txt"', "a;b.txt"),
        (b'attachment; filename="a \\"b\\".txt"', 'a "b".txt'),
        (b'attachment; filename="a "quoted" name.txt"', 'a "quoted" name.txt'),
        (b'attachment; filename="C:\\Users\\me\\a.txt"', "C:\\Users\\me\\a.txt"),
        (b"attachment; filename='a.txt'", "a.txt"),
        (b'attachment; FILENAME="A.TXT"', "A.TXT"),
        (b"attachment; filename = spaced.txt ; size=12", "spaced.txt"),
        (b"attachment; size=12 filename=unseparated.txt", "unseparated.txt"),
        (b"attachment;filename=" + word("发票.pdf"), "发票.pdf"),
        (b'attachment; filename*0="one-"; filename*1="two.txt"', "one-two.txt"),
        (b'attachment; filename*1="two.txt"; filename*0="one-"', "one-two.txt"),
        (b"attachment; filename*0*=utf-8''%E5%8F; filename*1*=%91; filename*2=.pdf", "发.pdf"),
        (b"attachment; filename*=%E5%8F%91%E7%A5%A8.pdf", "发票.pdf"),
        (b"attachment; filename*=gb2312''%B7%A2%C6%B1.pdf", "发票.pdf"),
        (b"attachment; filename*=utf-8''%B7%A2%C6%B1%CE%C4%BC%FE.pdf", "发票文件.pdf"),
        (b'attachment; filename="%E5%8F%91%E7%A5%A8.pdf"', "发票.pdf"),
        (b'attachment; filename="100%25.pdf"', "100%25.pdf"),
        (b'attachment; filename="' + "誠實功課.doc".encode("big5") + b'"', "誠實功課.doc"),
        (
            b'attachment; filename="' + "請求書の件について.pdf".encode("shift_jis") + b'"',
            "請求書の件について.pdf",
        ),
        (b'attachment; filename="' + "영수증 사진.pdf".encode("euc-kr") + b'"', "영수증 사진.pdf"),
        (b'attachment; filename="' + "Счёт за май.pdf".encode("windows-1251") + b'"', "Счёт за май.pdf"),
        ('attachment; filename="exe.\u202egpj"'.encode(), "exe.gpj"),
        (b'attachment; filename="a\x00b\r\n c.txt"', "ab c.txt"),
        (b'attachment; filename=""', "attachment.bin"),
        (b"attachment; filename", "attachment.bin"),
        (b"attachment", "attachment.bin"),
        (b'attachment; filename="unclosed.txt', "unclosed.txt"),
    ],
)
def test_names(header: bytes, name: str) -> None:
    assert named(header) == name


def test_a_name_that_was_lost_on_its_way_is_taken_from_the_type() -> None:
    headers = b"Content-Type: application/pdf; name=" + word("发票.pdf") + b"\r\n"
    assert named(b'attachment; filename="????.pdf"', headers=headers) == "发票.pdf"


def test_a_nameless_file_is_called_by_its_type() -> None:
    assert named(b"attachment", headers=b"Content-Type: image/png\r\n") == "attachment.png"


def test_parameters_of_any_bytes_end() -> None:
    assert parameters(b";" * 10_000).values == {}
    assert len(parameters(b"".join(b";a%d=b" % number for number in range(5_000))).values) <= 200

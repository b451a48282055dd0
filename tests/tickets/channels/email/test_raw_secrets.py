"""Secrets in the raw bytes of mails: found wherever in them they are, and the same mail without them."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.files import CARD, PHRASE, docx, pdf, zipped
from tests.mails import mail
from tests.pictures import PNG
from tickets.channels.email.raw_secrets import kinds_of, without_secrets
from tickets.channels.email.reading import read
from tickets.rules.secrets import Kind

HEAD = b"From: wang@example.com\r\nTo: help@btp.test\r\nSubject: help\r\nMIME-Version: 1.0\r\n"


def multipart(*parts: bytes, kind: str = "mixed", before: bytes = b"", behind: bytes = b"") -> bytes:
    body = b"".join(b"\r\n--BB\r\n" + part for part in parts)
    head = HEAD + f'Content-Type: multipart/{kind}; boundary="BB"\r\n\r\n'.encode()
    return head + before + body + b"\r\n--BB--\r\n" + behind


def text(words: str, kind: str = "text/plain") -> bytes:
    return f'Content-Type: {kind}; charset="utf-8"\r\n\r\n{words}'.encode()


def encoded(words: bytes, how: str) -> bytes:
    packed = base64.encodebytes(words) if how == "base64" else quopri.encodestring(words)
    return (
        f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {how}\r\n\r\n".encode()
        + packed
    )


WHERE: dict[str, bytes] = {
    "the text": mail(text=f"My phrase:\n{PHRASE}"),
    "the text in base64": HEAD + encoded(f"My phrase: {PHRASE}".encode(), "base64"),
    "the text in quoted-printable": HEAD + encoded(f"短语：{PHRASE}".encode(), "quoted-printable"),
    "the subject": mail(subject=f"{PHRASE}"),
    "the subject in Chinese": mail(subject=f"我的助记词 {PHRASE}"),
    "a sender's name": mail(sender=f'"{PHRASE}" <wang@example.com>'),
    "a header that nobody reads": mail(headers={"X-Note": PHRASE}),
    "the HTML": mail(html=f"<p>{PHRASE}</p>"),
    "the HTML, letter by letter": mail(html="<p>" + "".join(f"<b>{one}</b>" for one in PHRASE) + "</p>"),
    "an attribute of the HTML": mail(html=f'<p>x</p><img alt="{PHRASE}">'),
    "a part that is not shown": multipart(
        text(PHRASE), text("<p>hello</p>", "text/html"), kind="alternative"
    ),
    "before the first part": multipart(text("hello"), before=PHRASE.encode() + b"\r\n"),
    "behind the last part": multipart(text("hello"), behind=PHRASE.encode() + b"\r\n"),
    "a text file": mail(files=[("seed.txt", PHRASE.encode("utf-16"), "text/plain")]),
    "a PDF": mail(files=[("seed.pdf", pdf(PHRASE), "application/pdf")]),
    "a letter": mail(files=[("seed.docx", docx(PHRASE), "application/octet-stream")]),
    "an archive, which we do not take in": mail(
        files=[("s.zip", zipped(**{"a.txt": PHRASE.encode()}), "application/zip")]
    ),
    "the name of a file": mail(files=[(f"{PHRASE}.png", PNG, "image/png")]),
    "a mail within the mail": multipart(b"Content-Type: message/rfc822\r\n\r\n" + mail(text=PHRASE)),
}


@pytest.mark.parametrize("raw", WHERE.values(), ids=WHERE)
def test_it_is_found_and_taken_out(raw: bytes) -> None:
    assert kinds_of(raw) == (Kind.MNEMONIC,)
    made = without_secrets(raw)
    assert made is not None
    assert kinds_of(made) == ()
    assert b"sausage" not in made
    seen = read(made)
    assert not any(b"sausage" in file.content for file in seen.files)


@pytest.mark.parametrize(
    ("field", "people"),
    [
        (f'"{PHRASE}" <a@b.test>, Li <li@b.test>', [(True, "a@b.test"), (False, "li@b.test")]),
        (f"{PHRASE} <a@b.test>", [(True, "a@b.test")]),
        (f"{CARD} <a@b.test>", [(True, "a@b.test")]),
        (f"<{CARD.replace(' ', '')}@b.test>, a@b.test", [(True, ""), (False, "a@b.test")]),
        (PHRASE, [(True, "")]),
        (", ".join(PHRASE.split()), [(True, "")]),
    ],
)
@pytest.mark.parametrize("name", ["From", "Reply-To", "To", "Cc"])
def test_people_stay_readable_for_any_program(name: str, field: str, people: list[tuple[bool, str]]) -> None:
    """Also for Python's own parser, which raises IndexError on a field of a name alone."""
    raw = f"{name}: {field}\r\nSubject: help\r\n\r\nhello\r\n".encode()
    made = without_secrets(raw)
    assert made is not None
    fields = message_from_bytes(made, policy=default)
    assert [address.addr_spec for address in fields[name].addresses] == [
        address or "<>" for _is_marked, address in people
    ]
    again = read(made)
    read_by_us = {"From": again.senders, "Reply-To": again.reply_to, "To": again.to, "Cc": again.cc}[name]
    named = [(one.name.startswith("[removed"), one.address) for one in read_by_us]
    assert named == people


def test_all_else_stays() -> None:
    raw = mail(
        subject="提现没有到账",
        text=f"我的卡号 {CARD}，请查。",
        cc="mei@family.test",
        files=[("截图.png", PNG, "image/png"), ("seed.pdf", pdf(PHRASE), "application/pdf")],
        headers={"References": "<one@btp.test> <two@btp.test>", "Auto-Submitted": "no"},
    )
    made = without_secrets(raw)
    assert made is not None
    before, after = read(raw), read(made)
    for name in ("message_id", "references", "sent_at", "subject", "senders", "to", "cc"):
        assert getattr(after, name) == getattr(before, name), name
    assert "请查" in after.text
    assert "411111••••••1111" in after.text
    assert [file.name for file in after.files] == ["截图.png", "seed.pdf.txt"]
    assert after.files[0].content == PNG
    assert "已移除" not in after.files[1].content.decode(), "a note, not a mark"
    assert "助记词" in after.files[1].content.decode()
    assert dict(after.headers)["Authentication-Results"] == dict(before.headers)["Authentication-Results"]


CLEAN: dict[str, Callable[[], bytes]] = {
    "an ordinary mail": lambda: mail(
        text="我昨天提现 500 元，到现在没有到账。", files=[("a.png", PNG, "image/png")]
    ),
    "a transaction": lambda: mail(
        text="txid 4e3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f70819"
    ),
    # As programs write them: 4111111111111111 is the number of a card.
    "an id": lambda: mail(message_id="<4111111111111111@mail.example.com>"),
    # A boundary that Python made, 6222021234567890128 being the number of a card.
    "a boundary": lambda: multipart(text("hello")).replace(b"BB", b"===============6222021234567890128=="),
    "a signed one": lambda: mail(
        headers={"DKIM-Signature": "v=1; a=rsa-sha256; bh=" + "Ab3/" * 11 + "=; b=" + "Zz9+" * 60}
    ),
}


@pytest.mark.parametrize("make", CLEAN.values(), ids=CLEAN)
def test_a_mail_without_one_is_left_alone(make: Callable[[], bytes]) -> None:
    assert kinds_of(make()) == ()


@given(st.binary(max_size=400))
def test_any_bytes(raw: bytes) -> None:
    kinds_of(raw)
    without_secrets(raw)


@settings(max_examples=30)
@given(st.integers(0, 900), st.binary(max_size=30))
def test_any_damage_leaves_no_secret_in_what_is_made(at: int, put: bytes) -> None:
    whole = WHERE["a text file"]
    made = without_secrets(whole[:at] + put + whole[at + len(put) :])
    assert made is None or kinds_of(made) == ()

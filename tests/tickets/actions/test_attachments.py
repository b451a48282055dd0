"""Files: judged by their content, kept under a random name, refused with a reason."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from helpdesk.lib.errors import Invalid
from tests.pictures import PNG, jpeg
from tickets import actors
from tickets.actions.messages import customer_reply, note, reply
from tickets.models import Attachment, Message, Ticket

JPEG = jpeg()
PDF = b"%PDF-1.7\n" + b"\0" * 100
EXE = b"MZ\x90\x00" + b"\0" * 200
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def upload(name: str, content: bytes, claimed: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=claimed)


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def test_it_works(make_ticket: Callable[..., Ticket]) -> None:
    ticket = make_ticket(attachments=[upload("截图 1.png", PNG)])
    kept = Attachment.objects.get(message__ticket=ticket)
    assert (kept.name, kept.content_type, kept.size) == ("截图 1.png", "image/png", len(PNG))
    assert kept.is_image
    assert kept.file.read() == PNG
    stored = Path(kept.file.path)
    assert stored.is_relative_to(settings.MEDIA_ROOT)
    assert stored.suffix == ""
    assert "截图" not in str(stored)
    assert stored.stat().st_mode & 0o077 == 0, "nobody else on the machine may read it"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.jpg", JPEG, "image/jpeg"),
        ("a.exe", PNG, "image/png"),
        ("a.pdf", PDF, "application/pdf"),
        ("a.txt", "一行字".encode(), "text/plain"),
        ("a.log", "一行字".encode("gb18030"), "text/plain"),
        ("long.txt", "提现失败，请帮忙。".encode() * 3000, "text/plain"),
        ("long.csv", "提现失败，请帮忙。".encode("gb18030") * 3000, "text/plain"),
    ],
)
def test_the_type_is_what_the_content_says(
    make_ticket: Callable[..., Ticket], name: str, content: bytes, kind: str
) -> None:
    make_ticket(attachments=[upload(name, content, "application/x-anything")])
    assert Attachment.objects.get().content_type == kind


@pytest.mark.parametrize("shift", range(8))
def test_a_text_cut_in_the_middle_of_a_character_is_still_a_text(
    make_ticket: Callable[..., Ticket], shift: int
) -> None:
    make_ticket(attachments=[upload("a.txt", b"x" * shift + "提现".encode() * 5000)])
    assert Attachment.objects.get().content_type == "text/plain"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.png", HTML),
        ("photo.svg", SVG),
        ("photo.png", SVG),
        ("setup.exe", EXE),
        ("setup.txt", EXE),
        ("photo.png", EXE),
        ("run.sh", b"#!/bin/sh\nrm -rf /\n"),
        ("page.html", HTML),
        ("a.zip", zipped(a=b"1")),
        ("a.unknown", b"\x01\x02\x03"),
        ("a.txt", b"\x00\x01\x02"),
        ("empty.png", b""),
        ("big.png", PNG + b"\0" * (10 * 1024 * 1024)),
    ],
)
def test_refused(make_ticket: Callable[..., Ticket], name: str, content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        make_ticket(attachments=[upload(name, content)])
    assert list(refused.value.fields) == ["attachments"]
    assert name in str(refused.value.fields["attachments"])
    assert not Ticket.objects.exists()
    assert not Attachment.objects.exists()


def test_too_many(make_ticket: Callable[..., Ticket]) -> None:
    files = [upload(f"{number}.png", PNG) for number in range(settings.ATTACHMENT_MAX_COUNT + 1)]
    with pytest.raises(Invalid):
        make_ticket(attachments=files)
    make_ticket(attachments=files[:-1])
    assert Attachment.objects.count() == settings.ATTACHMENT_MAX_COUNT


def test_one_bad_file_keeps_none(make_ticket: Callable[..., Ticket]) -> None:
    with pytest.raises(Invalid, match=None):
        make_ticket(attachments=[upload("good.png", PNG), upload("bad.exe", EXE)])
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\Users\\wang\\截图.png", "截图.png"),
        ("photo\u202egnp.exe", "photognp.exe.png"),
        ("\u2066a\u2069.png", "a.png"),
        ("a\r\nContent-Type: x.png", "a Content-Type: x.png"),
        (".htaccess", "htaccess"),
        ("   ", "file"),
        ("x" * 300 + ".png", "x" * 116 + ".png"),
    ],
)
def test_names(make_ticket: Callable[..., Ticket], given: str, kept: str) -> None:
    file = upload("a.png", PNG)
    file._name = given  # type: ignore[attr-defined]  # past Django's own cleaning: mail and API bring names as they are
    make_ticket(attachments=[file])
    assert Attachment.objects.get().name == kept


def test_every_way_of_speaking_checks_its_files(ticket: Ticket, agent: User) -> None:
    by, program = actors.staff(agent), [upload("a.exe", EXE)]
    for speak in (
        partial(reply, ticket, body="x", by=by, files=program),
        partial(note, ticket, body="x", by=by, files=program),
        partial(customer_reply, ticket, body="x", by=actors.customer(ticket.customer), files=program),
    ):
        with pytest.raises(Invalid):
            speak()
    assert Message.objects.filter(ticket=ticket).count() == 1
    reply(ticket, body="x", by=by, files=[upload("a.pdf", PDF)])
    assert Attachment.objects.get().message.body == "x"

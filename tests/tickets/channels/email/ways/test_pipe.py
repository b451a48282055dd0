"""The pipe, as a mail server calls it: a process, its input and its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from helpdesk import env
from tests.mail_server import on_this_database
from tests.tickets.channels.email.ways.boxes import mailbox, other_mailbox
from tickets.choices import MailWay
from tickets.models import IncomingMail, Mailbox

__all__ = ["mailbox", "other_mailbox"]
pytestmark = pytest.mark.django_db(transaction=True)
MAIL = b"From: wang@example.com\nTo: Help <help@btp.test>\nSubject: hi\n\nWhere is it?\n"


def pipe(raw: bytes, *options: str, **variables: str) -> int:
    """The exit code. Nothing may be written: some mail servers send that to the sender."""
    ended = subprocess.run(
        [sys.executable, "manage.py", "receive_mail", *options],
        cwd=env.BASE_DIR,
        env=on_this_database(**variables),
        input=raw,
        capture_output=True,
        check=False,
    )
    print(ended.stdout.decode(), ended.stderr.decode())
    assert not ended.stdout
    return ended.returncode


def test_it_works(mailbox: Mailbox) -> None:
    options = ("--recipient", "help+tag@btp.test", "--sender", "wang@example.com")
    assert pipe(MAIL, *options) == 0
    mail = IncomingMail.objects.get()
    assert (mail.raw, mail.way, mail.mailbox) == (MAIL, MailWay.PIPE, mailbox)
    assert (mail.recipients, mail.envelope_sender) == (["help+tag@btp.test"], "wang@example.com")
    # Delivered once more, as a file of mails.
    assert pipe(b"From wang@example.com  Wed Nov 25 21:00:00 2026\n" + MAIL, *options) == 0
    assert IncomingMail.objects.count() == 1


def test_what_the_headers_say(mailbox: Mailbox, other_mailbox: Mailbox) -> None:
    assert pipe(b"Delivered-To: help@bobao.test\n" + MAIL) == 0
    mail = IncomingMail.objects.get()
    assert (mail.mailbox, mail.recipients, mail.envelope_sender) == (other_mailbox, ["help@bobao.test"], None)
    assert pipe(b"Delivered-To: alias@host.test\n" + MAIL, "--sender", "<>") == 0
    mail = IncomingMail.objects.latest("pk")
    assert (mail.mailbox, mail.recipients, mail.envelope_sender) == (mailbox, ["help@btp.test"], "")


@pytest.mark.parametrize(
    ("raw", "options", "code"),
    [
        (MAIL, ["--recipient", "nobody@btp.test"], os.EX_NOUSER),
        (MAIL.replace(b"help@btp.test", b"nobody@btp.test"), [], os.EX_NOUSER),
        (b"", [], os.EX_DATAERR),
        (b"\r\n \n", ["--recipient", "help@btp.test"], os.EX_DATAERR),
        (MAIL, ["--recipent", "help@btp.test"], os.EX_TEMPFAIL),  # misspelt in the alias
    ],
)
def test_refusals(mailbox: Mailbox, raw: bytes, options: list[str], code: int) -> None:
    assert pipe(raw, *options) == code
    assert not IncomingMail.objects.exists()


@pytest.mark.parametrize(
    "variables",
    [
        {"DATABASE_URL": "postgres://nobody@/gone?host=/nonexistent"},
        {"MAIL_MAX_MB": "a lot"},
    ],
)
def test_whatever_is_wrong_with_us_means_later(mailbox: Mailbox, variables: dict[str, str]) -> None:
    assert pipe(MAIL, "--recipient", "help@btp.test", **variables) == os.EX_TEMPFAIL


def test_too_large_is_cut(mailbox: Mailbox, tmp_path: Any) -> None:
    large = MAIL + b"x" * (6 * 1024 * 1024)
    assert pipe(b"From x\n" + large, MAIL_MAX_MB="1") == 0
    mail = IncomingMail.objects.get()
    assert (mail.raw, mail.size, mail.is_cut) == (large[: 1024 * 1024], len(large), True)

"""Mail that is posted, to a web server that really serves."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from helpdesk import env
from tests.tickets.channels.email.ways.boxes import MEGABYTE, mailbox, other_mailbox
from tickets.channels.email.ways import web
from tickets.choices import MailWay
from tickets.models import IncomingMail, Mailbox
from tickets.rules.mail_signatures import Signing

__all__ = ["mailbox", "other_mailbox"]
pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "thirty-two letters or more of our own"
MAIL = b"From: wang@example.com\r\nTo: help@btp.test\r\nSubject: hi\r\n\r\nWhere is it?\r\n"


@pytest.fixture(autouse=True)
def secret(settings: Any) -> None:
    settings.MAIL_HTTP_SECRET = SECRET


def signed(raw: bytes, *, recipients: str | None = None, at: float | None = None) -> dict[str, str]:
    timestamp = str(int(at if at is not None else time.time()))
    named = recipients.encode() if recipients is not None else None
    signing = Signing(SECRET, timestamp=timestamp, recipients=named)
    signing.add(raw)
    headers = {"content-type": "message/rfc822", "webhook-timestamp": timestamp}
    headers["webhook-signature"] = signing.written()
    if named is not None:
        headers["mail-recipients"] = named.decode("latin-1")
    return headers


class Answer:
    def __init__(self, live: Any, raw: bytes, headers: dict[str, str], method: str = "POST") -> None:
        host, port = live.thread.host, live.thread.port
        connection = http.client.HTTPConnection(host, port, timeout=60)
        connection.request(method, "/mail/incoming/", body=raw, headers={"accept-language": "en"} | headers)
        got = connection.getresponse()
        self.status, self.headers = got.status, got.headers
        self.body = json.loads(got.read() or b"{}")
        connection.close()


def test_it_works(live_server: Any, mailbox: Mailbox) -> None:
    answer = Answer(live_server, MAIL, signed(MAIL))
    assert (answer.status, answer.body) == (202, {"stored": 1})
    mail = IncomingMail.objects.get()
    assert (mail.raw, mail.way, mail.mailbox) == (MAIL, MailWay.HTTP, mailbox)
    assert (mail.recipients, mail.peer) == (["help@btp.test"], "127.0.0.1")


def test_posted_again_it_is_the_same_row(live_server: Any, mailbox: Mailbox) -> None:
    headers = signed(MAIL)
    for _time in range(2):
        assert Answer(live_server, MAIL, headers).body == {"stored": 1}
    assert IncomingMail.objects.count() == 1


def test_signed_recipients(live_server: Any, mailbox: Mailbox, other_mailbox: Mailbox) -> None:
    Mailbox.objects.create(brand=mailbox.brand, address="客服@btp.test")
    to = "help@bobao.test, 客服@btp.test,"
    assert Answer(live_server, MAIL, signed(MAIL, recipients=to)).body == {"stored": 2}
    assert IncomingMail.objects.earliest("pk").recipients == ["help@bobao.test", "客服@btp.test"]
    moved = signed(MAIL, recipients="help@btp.test") | {"mail-recipients": "help@bobao.test"}
    assert Answer(live_server, MAIL, moved).status == 403
    left_out = signed(MAIL, recipients="help@btp.test")
    del left_out["mail-recipients"]
    assert Answer(live_server, MAIL, left_out).status == 403


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,\xff"},
        {"webhook-timestamp": ""},
        {"webhook-timestamp": "1e9"},
        {"webhook-timestamp": "1764100000"},
        {"mail-recipients": "help@btp.test"},
    ],
)
def test_one_answer_to_all_that_is_not_signed(
    live_server: Any, mailbox: Mailbox, change: dict[str, str]
) -> None:
    answer = Answer(live_server, MAIL, signed(MAIL) | change)
    assert (answer.status, answer.body["code"]) == (403, "bad_signature")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body["detail"] == "The signature does not fit the mail, its recipients or the time."
    assert not IncomingMail.objects.exists()


@pytest.mark.parametrize("seconds", [-301, 400, 86400 * 365])
def test_too_old_or_too_new(live_server: Any, mailbox: Mailbox, seconds: int) -> None:
    assert Answer(live_server, MAIL, signed(MAIL, at=time.time() + seconds)).status == 403


def test_bad_signatures_are_limited(live_server: Any, mailbox: Mailbox) -> None:
    bad = signed(MAIL) | {"webhook-signature": "v1,AAAA"}
    statuses = [Answer(live_server, MAIL, bad).status for _time in range(22)]
    assert set(statuses[:20]) == {403}
    assert statuses[-1] == 429 or 403 in statuses[20:]  # the minute may have turned
    if statuses[-1] == 429:
        assert Answer(live_server, MAIL, signed(MAIL)).status == 429, "nothing of theirs is read"


def test_no_mailbox_of_ours(live_server: Any, mailbox: Mailbox) -> None:
    answer = Answer(live_server, MAIL, signed(MAIL, recipients="nobody@btp.test"))
    assert (answer.status, answer.body["code"]) == (404, "unknown_recipient")
    strange = MAIL.replace(b"help@btp", b"nobody@btp")
    assert Answer(live_server, strange, signed(strange)).status == 404


def test_closed_without_a_secret(live_server: Any, mailbox: Mailbox, settings: Any) -> None:
    settings.MAIL_HTTP_SECRET = ""
    assert Answer(live_server, MAIL, signed(MAIL)).status == 404
    assert Answer(live_server, b"", {}, "GET").status == 404


def test_other_refusals(live_server: Any, mailbox: Mailbox) -> None:
    got = Answer(live_server, b"", {}, "GET")
    assert (got.status, got.headers["Allow"]) == (405, "POST")
    form = signed(MAIL) | {"content-type": "application/x-www-form-urlencoded"}
    assert Answer(live_server, MAIL, form).status == 415
    assert Answer(live_server, b" \r\n", signed(b" \r\n")).status == 400
    assert not IncomingMail.objects.exists()


def test_large_mail(live_server: Any, mailbox: Mailbox, settings: Any) -> None:
    settings.MAIL_MAX_BYTES = MEGABYTE
    large = MAIL + b"x" * (3 * MEGABYTE)
    assert Answer(live_server, large, signed(large)).status == 202
    mail = IncomingMail.objects.get()
    assert (mail.raw, mail.size, mail.is_cut) == (large[:MEGABYTE], len(large), True)
    assert Answer(live_server, b"", signed(b"") | {"content-length": str(5 * MEGABYTE)}).status == 413


def test_the_database_is_away(live_server: Any, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> None:
        raise OperationalError("the database is starting up")

    monkeypatch.setattr(web, "keep", away)
    answer = Answer(live_server, MAIL, signed(MAIL))
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("openssl"), reason="no curl or openssl here")
def test_the_example_of_the_docs(live_server: Any, mailbox: Mailbox, tmp_path: Path) -> None:
    """As written in docs/mail.md, but for the address, the secret and the file."""
    text = (env.BASE_DIR / "docs" / "mail.md").read_text()
    found = re.search(r"```sh\n(#!/bin/sh\n# Posts.*?)```", text, flags=re.DOTALL)
    assert found
    (tmp_path / "post.sh").write_text(found[1])
    (tmp_path / "mail.eml").write_bytes(MAIL)
    environ = {"PATH": "/usr/bin:/bin:/usr/local/bin", "MAIL_HTTP_SECRET": SECRET, "DESK": live_server.url}
    command = ["sh", str(tmp_path / "post.sh"), "help@btp.test"]
    with (tmp_path / "mail.eml").open("rb") as mail:
        done = subprocess.run(command, env=environ, stdin=mail, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, '{"stored": 1}'), done.stderr
    assert IncomingMail.objects.get().raw == MAIL

"""Django's mail functions write to the outbox; the outbox's sender makes the same mail again."""

from __future__ import annotations

from unittest import mock

import pytest
from django.core import mail
from django.core.mail import BadHeaderError, EmailMessage, EmailMultiAlternatives
from django.test import Client
from django.utils import translation

from accounts.models import User
from tests.smtp import MailServer
from tickets.choices import MailPurpose, MailState
from tickets.delivery.sender import deliver
from tickets.models import OutboxMail

BACKEND = "tickets.delivery.email_backend.OutboxEmailBackend"


@pytest.fixture(autouse=True)
def outbox_backend(settings: pytest.FixtureRequest) -> None:
    """pytest-django puts Django's in-memory backend in place of ours."""
    settings.EMAIL_BACKEND = BACKEND  # type: ignore[attr-defined]


def message(**extra: object) -> EmailMultiAlternatives:
    made = EmailMultiAlternatives(
        subject="重设密码",
        body="请打开这个链接",
        from_email="Desk <desk@example.com>",
        to=["Wang <wang@example.com>", "li@example.com"],
        reply_to=["answers@example.com"],
        headers={"X-Kind": "reset", "Message-ID": "<theirs@example.com>"},
        **extra,  # type: ignore[arg-type]
    )
    made.attach_alternative("<p>请打开<b>这个</b>链接</p>", "text/html")
    return made


def test_it_works(smtp: MailServer, db: None) -> None:
    with translation.override("en"):
        assert message(bcc=["secret@example.com"]).send() == 1
    rows = list(OutboxMail.objects.order_by("pk"))
    assert [row.to for row in rows] == ["wang@example.com", "li@example.com", "secret@example.com"]
    assert {row.purpose for row in rows} == {MailPurpose.READY_MADE}
    assert {row.language for row in rows} == {"en"}
    assert all(row.cause.startswith("mail:") for row in rows)
    assert smtp.received == [], "nothing leaves before it is written down"

    assert deliver() == 3
    first, _second, hidden = smtp.received
    assert first.recipients == ["wang@example.com"]
    assert first.sender == "desk@example.com"
    assert first.message["Subject"] == "重设密码"
    assert first.message["From"] == "Desk <desk@example.com>"
    assert first.message["To"] == "Wang <wang@example.com>, li@example.com"
    assert first.message["Reply-To"] == "answers@example.com"
    assert first.message["X-Kind"] == "reset"
    assert first.message["Auto-Submitted"] == "auto-generated"
    assert first.message["Message-ID"] == rows[0].internet_message_id
    assert first.part("plain").strip() == "请打开这个链接"
    assert first.part("html").strip() == "<p>请打开<b>这个</b>链接</p>"
    assert hidden.recipients == ["secret@example.com"]
    assert "secret" not in str(hidden.message["To"])


def test_a_secret_is_not_kept_once_it_has_left(smtp: MailServer, db: None) -> None:
    mail.send_mail("reset", "https://example.com/secret-token", None, ["wang@example.com"])
    assert "secret-token" in OutboxMail.objects.get().context["text"]
    deliver()
    assert OutboxMail.objects.get().context == {}


def test_only_html(smtp: MailServer, db: None) -> None:
    made = EmailMessage("s", "<b>hi</b>", to=["wang@example.com"])
    made.content_subtype = "html"
    made.send()
    deliver()
    assert smtp.received[0].part("html").strip() == "<b>hi</b>"


def test_nobody_to_send_to(db: None) -> None:
    assert EmailMessage("s", "b").send() == 0
    assert not OutboxMail.objects.exists()


def test_a_line_break_in_a_header_is_refused_at_once(db: None) -> None:
    with pytest.raises(BadHeaderError):
        EmailMessage("s\nBcc: other@example.com", "b", to=["wang@example.com"]).send()
    assert not OutboxMail.objects.exists()


def test_files_are_refused_rather_than_lost(db: None) -> None:
    made = EmailMessage("s", "b", to=["wang@example.com"])
    made.attach("a.txt", "text", "text/plain")
    with pytest.raises(ValueError, match="files"):
        made.send()
    assert not OutboxMail.objects.exists()


def test_it_wakes_a_sender_after_commit(settings: pytest.FixtureRequest, transactional_db: None) -> None:
    settings.WAKE_WORKERS = True  # type: ignore[attr-defined]
    with mock.patch("helpdesk.lib.wakeup.current_app.send_task") as asked:
        mail.send_mail("s", "b", None, ["wang@example.com", "li@example.com"])
    assert [call.args for call in asked.call_args_list] == [("tickets.deliver_outbox",)]


def test_password_reset_leaves_through_the_outbox(client: Client, agent: User, smtp: MailServer) -> None:
    answer = client.post("/accounts/password/reset/", {"email": agent.email})
    assert answer.status_code == 302
    row = OutboxMail.objects.get(to=agent.email)
    assert row.state == MailState.QUEUED
    deliver()
    assert "/accounts/password/reset/" in smtp.to(agent.email)[0].part("plain")

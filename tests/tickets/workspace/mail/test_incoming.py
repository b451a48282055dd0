"""One incoming mail for the operator: what is shown of it, the raw download, and what to do about it."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client

from accounts.models import Brand, User
from tests.tickets.incoming_mails import aside, stored, unread
from tests.tickets.workspace.conftest import LogIn
from tickets.choices import AsideReason, IncomingState, MailOutcome
from tickets.models import IncomingMail, Ticket

PAGE = "/admin/mail/"
HTMX = {"HX-Request": "true"}
RAW = (
    b"From: <script>alert(1)</script> <a@b.test>\r\nSubject: =?utf-8?b?5L2g5aW9?=\r\n\r\n\xff\x00confidential"
)


@pytest.fixture
def operator(log_in: LogIn, administrator: User) -> Client:
    return log_in(administrator)


def read(client: Client, mail: IncomingMail) -> str:
    response = client.get(f"{PAGE}{mail.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def test_it_works(operator: Client, brand: Brand) -> None:
    mail = unread(brand, "ValueError: <odd>", RAW)
    IncomingMail.objects.update(envelope_sender="", peer="192.0.2.7", helo="mx.b.test", attempts=2)
    shown = read(operator, mail)
    for text in (
        "could not be read",
        "ValueError: &lt;odd&gt;",
        "你好",
        "192.0.2.7",
        "mx.b.test",
        "&lt;&gt;",
        mail.sha256,
    ):
        assert text in shown
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert "confidential" not in shown, "its text is not shown here"


def test_what_became_of_it(operator: Client, brand: Brand, ticket: Ticket) -> None:
    mail = stored(brand)
    values: dict[str, Any] = {"state": IncomingState.DONE, "outcome": MailOutcome.OPENED, "ticket": ticket}
    IncomingMail.objects.filter(pk=mail.pk).update(sender="a@b.test", proof="failed", **values)
    shown = read(operator, mail)
    assert ticket.display_number in shown
    assert "The mail is not from this address: its proof failed." in shown
    assert "try-again/" not in shown


def test_the_raw_mail(operator: Client, brand: Brand, caplog: pytest.LogCaptureFixture) -> None:
    mail = unread(brand, raw=RAW)
    with caplog.at_level(logging.INFO, "tickets.workspace.mail.incoming"):
        response = operator.get(f"{PAGE}{mail.pk}/raw/")
    assert response.content == RAW
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == f'attachment; filename="{mail.sha256}.eml"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    (noted,) = caplog.messages
    assert mail.sha256 in noted
    assert "confidential" not in noted


def test_bytes_that_are_gone_or_locked(operator: Client, brand: Brand, settings: Any) -> None:
    mail = unread(brand, raw=RAW)
    settings.MAIL_KEYS = ["another key of thirty-two characters"]
    assert "no longer in MAIL_KEYS" in read(operator, mail)
    assert operator.get(f"{PAGE}{mail.pk}/raw/").status_code == 404
    IncomingMail.objects.update(raw_sealed=None)
    assert "Its raw bytes are no longer kept." in read(operator, mail)
    assert operator.get(f"{PAGE}{mail.pk}/raw/").status_code == 404
    assert operator.get(f"{PAGE}999/raw/").status_code == 404


def test_trying_again(operator: Client, brand: Brand) -> None:
    mail = unread(brand)
    response = operator.post(f"{PAGE}{mail.pk}/try-again/", follow=True)
    assert "It will be read again." in response.content.decode()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.detail) == (IncomingState.STORED, 0, "")
    response = operator.post(f"{PAGE}{mail.pk}/try-again/", headers=HTMX)
    assert response.status_code == 409
    assert "Somebody has dealt with this mail already." in response.content.decode()


def test_trying_all_again(operator: Client, brand: Brand) -> None:
    unread(brand)
    unread(brand)
    put_aside = aside(brand)
    response = operator.post(f"{PAGE}try-all-again/", follow=True)
    assert "2 mails will be read again." in response.content.decode()
    assert IncomingMail.objects.filter(state=IncomingState.STORED).count() == 2
    put_aside.refresh_from_db()
    assert put_aside.state == IncomingState.SET_ASIDE


def test_dismissing(operator: Client, brand: Brand, desk: Client) -> None:
    mail = unread(brand)
    response = operator.post(f"{PAGE}{mail.pk}/dismiss/", headers=HTMX)
    assert "It lies in the box" in response.content.decode()
    mail.refresh_from_db()
    assert (mail.state, mail.aside_reason) == (IncomingState.SET_ASIDE, AsideReason.DISMISSED)
    assert operator.post(f"{PAGE}{mail.pk}/dismiss/").status_code == 302
    assert f"{PAGE}aside/{mail.pk}/" in desk.get(f"{PAGE}aside/").content.decode()


@pytest.mark.parametrize("who", ["agent", "lead", "manager", "officer"])
def test_nobody_else(who: str, log_in: LogIn, brand: Brand, request: pytest.FixtureRequest) -> None:
    mail = unread(brand, raw=RAW)
    stranger = log_in(request.getfixturevalue(who))
    for path in ("", "raw/"):
        assert stranger.get(f"{PAGE}{mail.pk}/{path}").status_code == 403
    for path in ("try-again/", "dismiss/"):
        assert stranger.post(f"{PAGE}{mail.pk}/{path}").status_code == 403
    mail.refresh_from_db()
    assert mail.state == IncomingState.QUARANTINED


def test_a_dead_readers_mail_is_told_in_words(operator: Client, brand: Brand) -> None:
    mail = unread(brand, "Its reader died under it 3 times.")
    assert "the process that read it ended: 3 times." in read(operator, mail)
    assert "the process that read it ended: 3 times." in operator.get(PAGE).content.decode()

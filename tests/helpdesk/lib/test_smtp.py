from __future__ import annotations

import smtplib
import threading
from typing import Any

import pytest
from django.core.mail import EmailMessage, get_connection

from helpdesk.lib import smtp as client
from tests.smtp import MailServer, smtp, smtp_server

__all__ = ["smtp", "smtp_server"]


def message() -> EmailMessage:
    return EmailMessage("hi", "Where is it?", "help@btp.test", ["wang@example.com"])


def test_a_server_that_is_slow_to_confirm_is_waited_for(smtp: MailServer, settings: Any) -> None:
    """Longer than anything else may take: or it would be sent again, though it is there."""
    settings.EMAIL_TIMEOUT = 1
    barrier = smtp.hold_at("accepted")
    later = threading.Timer(1.5, barrier.release)
    later.start()
    assert get_connection(settings.MAIL_TRANSPORT).send_messages([message()]) == 1
    assert len(smtp.received) == 1


def test_a_server_that_never_confirms_is_given_up(
    smtp: MailServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_TIMEOUT = 30
    monkeypatch.setattr(client, "FINAL_SECONDS", 0.2)
    barrier = smtp.hold_at("accepted")
    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        get_connection(settings.MAIL_TRANSPORT).send_messages([message()])
    barrier.release()

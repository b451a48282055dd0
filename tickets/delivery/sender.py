"""Sends what waits in the outbox. Nothing is sent inside a transaction; a kill at any moment loses nothing."""

from __future__ import annotations

import logging
import smtplib
import time
from types import TracebackType

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from tickets.actions import outbox
from tickets.delivery.render import render
from tickets.models import OutboxMail

logger = logging.getLogger(__name__)
LIMIT = 500
SECONDS = 60.0


class ServerAway(Exception):
    """No connection to the mail server: to go on with the next mail would be no better."""


def deliver(limit: int = LIMIT, seconds: float = SECONDS) -> int:
    """Send what is due over one connection; how many were sent.

    Mails are claimed one at a time: a slow server never holds mails whose claim runs out meanwhile, a killed sender
    holds up one.
    """
    sent, stop_at = 0, time.monotonic() + seconds
    with Line() as line:
        for _turn in range(limit):
            claimed = outbox.claim(limit=1) if time.monotonic() < stop_at else []
            if not claimed:
                break
            try:
                sent += _deliver_one(claimed[0], line)
            except ServerAway:
                break
    return sent


def _deliver_one(mail: OutboxMail, line: Line) -> bool:
    try:
        message = render(mail)
    except Exception as problem:
        # A mail that cannot be put into words stays visible and stops no other.
        logger.exception("Outgoing mail %s cannot be rendered", mail.pk)
        outbox.mark_failed(mail, error=in_words(problem), permanent=isinstance(problem, ValueError))
        return False
    try:
        line.send(message)
    except (OSError, ValueError) as problem:
        logger.warning("Outgoing mail %s was not sent: %s", mail.pk, in_words(problem))
        outbox.mark_failed(mail, error=in_words(problem), permanent=is_permanent(problem))
        return False
    except ServerAway as problem:
        outbox.mark_failed(mail, error=in_words(problem.__cause__ or problem), permanent=False)
        raise
    outbox.mark_sent(mail)
    return True


def is_permanent(problem: BaseException) -> bool:
    """Whether the server refused this mail for good. What is wrong with us (log-in, sender) can be mended: not so."""
    match problem:
        case smtplib.SMTPRecipientsRefused():
            return all(_is_for_good(code) for code, _text in problem.recipients.values())
        case smtplib.SMTPDataError():
            return _is_for_good(problem.smtp_code)
        case smtplib.SMTPNotSupportedError() | ValueError():
            # An address with characters that the server cannot take, or that is no address.
            return True
    return False


def _is_for_good(code: int) -> bool:
    return 500 <= code < 600


def in_words(problem: BaseException) -> str:
    """For the operator: what the server said."""
    match problem:
        case smtplib.SMTPRecipientsRefused():
            said = [f"{code} {_text(text)}" for code, text in problem.recipients.values()]
            return "; ".join(said)
        case smtplib.SMTPResponseException():
            return f"{problem.smtp_code} {_text(problem.smtp_error)}"
    return f"{type(problem).__name__}: {problem}"


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


class Line:
    """The connection to the mail server: opened for the first mail, kept for the next, opened anew after trouble."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hang_up()

    def send(self, message: EmailMessage) -> None:
        connection = self._connection or self._call()
        try:
            if not connection.send_messages([message]):
                raise ValueError("The mail has no recipient.")
        except Exception as problem:
            # After a refusal for good the line is as it was; after anything else nobody knows.
            if not is_permanent(problem):
                self.hang_up()
            raise

    def _call(self) -> BaseEmailBackend:
        connection: BaseEmailBackend = get_connection(settings.MAIL_TRANSPORT)
        try:
            connection.open()
        except OSError as problem:
            raise ServerAway from problem
        self._connection = connection
        return connection

    def hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.close()
        except OSError as problem:
            logger.debug("The mail server did not say goodbye: %s", problem)

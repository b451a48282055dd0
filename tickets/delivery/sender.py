"""Sends what waits in the outbox. Nothing is sent inside a transaction; a kill at any moment loses nothing."""

from __future__ import annotations

import logging
import smtplib
import time
from types import TracebackType

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from accounts.actions.reading import decoys
from tickets.actions import bounces, destinations, outbox
from tickets.delivery.forwards import FilesWait
from tickets.delivery.render import render
from tickets.models import OutboxMail
from tickets.queries.outbox import why_dead
from tickets.rules.smtp_answers import Refusal, refusal, says_no_such_address

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
    if mail.ticket is not None and mail.ticket.customer_id in decoys():
        # There is nobody; whoever wrote it sees what they always see.
        outbox.mark_sent(mail)
        return False
    dead = why_dead(mail.to)
    if dead is not None:
        outbox.mark_failed(mail, error=dead, permanent=True)
        return False
    try:
        message = render(mail)
    except FilesWait as waits:
        outbox.mark_failed(mail, error=str(waits), permanent=False)
        return False
    except Exception as problem:
        # A mail that cannot be put into words stays visible and stops no other.
        logger.exception("Outgoing mail %s cannot be rendered", mail.pk)
        outbox.mark_failed(mail, error=in_words(problem), permanent=isinstance(problem, ValueError))
        return False
    return _talk(mail, message, line)


def _talk(mail: OutboxMail, message: EmailMessage, line: Line) -> bool:
    again = mail.talking_since is not None
    if again:
        logger.warning(
            "A sender was killed while it sent mail %s: it is sent again, and may come twice", mail.pk
        )
    try:
        line.open()
        if not outbox.begin(mail):
            return False
        line.send(message)
    except ServerAway as problem:
        outbox.mark_failed(mail, error=in_words(problem.__cause__ or problem), permanent=False)
        raise
    except SoftTimeLimitExceeded:
        raise
    except Exception as problem:
        # Whatever it is, it must not come back with the next round and stop all others.
        logger.warning(
            "Outgoing mail %s was not sent: %s", mail.pk, in_words(problem), exc_info=_is_odd(problem)
        )
        _settle_refusal(mail, problem)
        return False
    outbox.mark_sent(mail, again=again)
    return True


def _settle_refusal(mail: OutboxMail, problem: BaseException) -> None:
    what, said = refusal_of(problem), in_words(problem)
    outbox.mark_failed(mail, error=said, permanent=what is Refusal.FOR_GOOD)
    if what is Refusal.TOO_FAST:
        destinations.rest(mail, answer=said)
    if isinstance(problem, smtplib.SMTPRecipientsRefused) and any(
        says_no_such_address(code, _text(text)) for code, text in problem.recipients.values()
    ):
        bounces.mark_dead(mail, reason=said)


def _is_odd(problem: BaseException) -> bool:
    return not isinstance(problem, OSError | ValueError)


def refusal_of(problem: BaseException) -> Refusal:
    """Whether the server refused this mail for good. What is wrong with us (log-in, sender) can be mended: not so."""
    match problem:
        case smtplib.SMTPRecipientsRefused():
            [(code, text)] = list(problem.recipients.values())[:1] or [(450, b"")]
            return refusal(code, _text(text))
        case smtplib.SMTPDataError():
            return refusal(problem.smtp_code, _text(problem.smtp_error))
        case smtplib.SMTPNotSupportedError() | ValueError():
            # An address with characters that the server cannot take, or that is no address.
            return Refusal.FOR_GOOD
    return Refusal.FOR_NOW


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

    def open(self) -> None:
        """Raises ServerAway."""
        if self._connection is None:
            self._connection = self._call()

    def send(self, message: EmailMessage) -> None:
        """On an open line."""
        connection = self._connection
        assert connection is not None
        try:
            if not connection.send_messages([message]):
                raise ValueError("The mail has no recipient.")
        except Exception as problem:
            # After a refusal for good the line is as it was; after anything else nobody knows.
            if refusal_of(problem) is not Refusal.FOR_GOOD:
                self.hang_up()
            raise

    def _call(self) -> BaseEmailBackend:
        connection: BaseEmailBackend = get_connection(settings.MAIL_TRANSPORT)
        try:
            connection.open()
        except OSError as problem:
            raise ServerAway from problem
        return connection

    def hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.close()
        except OSError as problem:
            logger.debug("The mail server did not say goodbye: %s", problem)

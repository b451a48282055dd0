"""A mail from standard input, and the answer as an exit code (sysexits.h), which Postfix, Exim and Sendmail read."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Sequence

from django.conf import settings
from django.db import Error

from tickets.actions.incoming import Arrival, UnknownRecipient, keep
from tickets.channels.email.ways.beginning import Stream, read_beginning
from tickets.channels.email.ways.recipients import recipients_of
from tickets.choices import MailWay

logger = logging.getLogger(__name__)
#: PostgreSQL's integer: what a mail's size is written down as.
_MOST = 2**31 - 1
#: What Postfix and others write before a mail for a file of mails: who sent it, and when it was delivered.
_FROM_LINE = re.compile(rb"\AFrom ([^\r\n]{0,400})\r?\n")


def receive(stream: Stream, *, recipients: Sequence[str], sender: str | None) -> int:
    """The exit code: 0 only once the mail is committed."""
    raw, size = read_beginning(stream, keep=settings.MAIL_MAX_BYTES + 1024)
    raw, line = _without_from_line(raw)
    if not raw.strip():
        return os.EX_DATAERR
    arrival = Arrival(
        raw=raw[: settings.MAIL_MAX_BYTES],
        way=MailWay.PIPE,
        recipients=recipients or recipients_of(raw),
        envelope_sender=_bare(sender) if sender is not None else None,
        whole_size=min(size - line, _MOST),
    )
    try:
        keep(arrival)
    except UnknownRecipient:
        return os.EX_NOUSER
    return os.EX_OK


def receive_or_later(stream: Stream, *, recipients: Sequence[str], sender: str | None) -> int:
    """The same, where whatever goes wrong with us means: try again."""
    try:
        return receive(stream, recipients=recipients, sender=sender)
    except Error as problem:
        logger.warning("The mail could not be stored; please try again later. Cause: %s", problem)
    except Exception:
        logger.exception("The mail could not be stored; please try again later")
    return os.EX_TEMPFAIL


def _without_from_line(raw: bytes) -> tuple[bytes, int]:
    """It tells when it was delivered: with it the same mail twice would be two."""
    found = _FROM_LINE.match(raw)
    return (raw[found.end() :], found.end()) if found else (raw, 0)


def _bare(address: str) -> str:
    return address.strip().removeprefix("<").removesuffix(">")

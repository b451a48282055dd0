"""Sends the text messages that wait in the outbox, by the operator's gateway; in development into a folder.

The gateway gets a POST with ``{"to", "text", "language"}``, signed like a webhook's call (docs/webhooks.md): the same
``webhook-id`` again is the same message. Nothing is sent inside a transaction.
"""

from __future__ import annotations

import json
import logging
import time

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from helpdesk.devmail import texts as dev_texts
from helpdesk.lib import clock, outgoing
from tickets.actions import texts
from tickets.models import OutboxText
from tickets.models.proof import code_key
from tickets.rules.intake import clean_line
from tickets.rules.proof import code_of
from tickets.rules.webhooks import Verdict, signed_headers, verdict

logger = logging.getLogger(__name__)
LIMIT = 200
SECONDS = 60.0
SAID_AT_MOST = 300


def deliver(limit: int = LIMIT, seconds: float = SECONDS) -> int:
    """Send what is due; how many left."""
    sent, stop_at = 0, time.monotonic() + seconds
    for _turn in range(limit):
        text = texts.claim() if time.monotonic() < stop_at else None
        if text is None:
            break
        sent += _deliver_one(text)
    return sent


def _deliver_one(text: OutboxText) -> bool:
    if not text.challenge.is_open:
        texts.mark_failed(text, error="The code has run out.", permanent=True)
        return False
    try:
        status = _send(text, words(text))
    except outgoing.CallError as problem:
        logger.warning("Text message %s was not sent: %s", text.pk, problem)
        texts.mark_failed(text, error=str(problem), permanent=problem.is_permanent)
        return False
    if verdict(status) is not Verdict.TAKEN:
        # What the gateway said is not kept: some repeat the text, and the code with it.
        permanent = verdict(status) is Verdict.REFUSED
        texts.mark_failed(text, error=f"HTTP {status}", permanent=permanent, status=status)
        return False
    texts.mark_sent(text, status=status)
    return True


def words(text: OutboxText) -> str:
    """In the case's language, short: a text message of 70 Chinese characters costs one."""
    with translation.override(text.language):
        said = _(
            "%(brand)s: code %(code)s, 10 min. Type it at %(where)s, case %(number)s. Tell it nobody, us neither."
        )
        code = code_of(code_key(), text.challenge.nonce)
        ticket = text.challenge.ticket
        brand = ticket.brand
        where = f"{settings.PUBLIC_URL.partition('://')[2]}/{brand.slug}/proof/"
        told = {"brand": brand.name, "code": code, "where": where, "number": ticket.display_number}
        return clean_line(said % told)[:SAID_AT_MOST]


def _send(text: OutboxText, said: str) -> int:
    """The gateway's status. Raises CallError."""
    if not settings.SMS_GATEWAY_URL:
        dev_texts.store(text.to, said)
        return 200
    body = json.dumps({"to": text.to, "text": said, "language": text.language}, ensure_ascii=False).encode()
    key = settings.SMS_GATEWAY_SECRET.encode()
    headers = signed_headers(key, cause=text.cause, at=int(clock.now().timestamp()), body=body)
    headers |= {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Helpdesk-Texts/1"}
    private: bool = settings.WEBHOOK_ALLOW_PRIVATE
    return outgoing.post(settings.SMS_GATEWAY_URL, body=body, headers=headers, private=private).status

"""What anybody sends with Django's mail functions (a password reset, say) leaves through the outbox too."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils.translation import get_language

from helpdesk.lib.wakeup import wake
from tickets.choices import MailPurpose
from tickets.events import DELIVER_TASK
from tickets.models import OutboxMail


class OutboxEmailBackend(BaseEmailBackend):
    """Writes each message down, a row for every recipient, in the caller's transaction."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        messages = [message for message in email_messages if message.recipients()]
        with transaction.atomic():
            for message in messages:
                _write_down(message)
            if messages:
                wake(DELIVER_TASK)
        return len(messages)


def _write_down(message: EmailMessage) -> None:
    # Refuses what cannot be sent (a line break in a header) while the caller can still be told.
    message.message()
    if message.attachments:
        raise ValueError("Mail with files is not kept in the outbox: put them behind a link.")
    context = context_of(message)
    for recipient in message.recipients():
        name, address = parseaddr(recipient)
        OutboxMail.objects.queue(
            cause=f"mail:{uuid.uuid4()}",
            purpose=MailPurpose.READY_MADE,
            brand=None,
            to=address,
            to_name=name[:120],
            language=get_language() or settings.LANGUAGE_CODE,
            context=context,
        )


def context_of(message: EmailMessage) -> dict[str, Any]:
    """All that is needed to make the message again. Its Message-ID is not: the row has its own."""
    body = str(message.body)
    only_html = message.content_subtype == "html"
    return {
        "subject": str(message.subject),
        "text": "" if only_html else body,
        "html": body if only_html else _html_of(message),
        "from": str(message.from_email),
        "to": [str(address) for address in message.to],
        "cc": [str(address) for address in message.cc],
        "reply_to": [str(address) for address in message.reply_to],
        "headers": {
            name: str(value) for name, value in message.extra_headers.items() if name.lower() != "message-id"
        },
    }


def _html_of(message: EmailMessage) -> str:
    alternatives = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    return next((str(content) for content, kind in alternatives if kind == "text/html"), "")

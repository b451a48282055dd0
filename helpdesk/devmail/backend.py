"""Instead of a mail server: each message becomes one .eml file, whole or not at all."""

import secrets
import time
from collections.abc import Sequence

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage


class DevMailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        settings.DEV_INBOX_DIR.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            _store(message)
        return len(email_messages)


def _store(message: EmailMessage) -> None:
    """Recipients who are not named in the headers (Bcc) are written down too, for the inbox to show."""
    parsed = message.message()
    parsed["X-Envelope-To"] = ", ".join(message.recipients())
    name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
    unfinished = settings.DEV_INBOX_DIR / f".{name}.part"
    unfinished.write_bytes(parsed.as_bytes())
    unfinished.rename(settings.DEV_INBOX_DIR / f"{name}.eml")

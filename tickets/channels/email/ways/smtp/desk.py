"""What all dialogues share: who may come, how many at once, which recipients there are, where mail is stored."""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error

from tickets.actions.incoming import Arrival, UnknownRecipient, keep
from tickets.channels.email.ways.beginning import hard_limit
from tickets.channels.email.ways.smtp.peers import Peers, address_of
from tickets.channels.email.ways.smtp.storing import Threads
from tickets.queries.mailboxes import addressed

if TYPE_CHECKING:
    from tickets.channels.email.ways.smtp.dialogue import Dialogue

logger = logging.getLogger(__name__)
MAX_CONNECTIONS = 100
MAX_RECIPIENTS = 100
LARGE_AT_ONCE = 2

OK = "250 2.0.0 Stored"
LATER = "451 4.3.0 The mail cannot be stored right now; please try again later"
UNKNOWN = "550 5.1.1 No such mailbox here"
MALFORMED = "553 5.1.3 Malformed address"
TOO_MANY = "452 4.5.3 Too many recipients"
TOO_LARGE = "552 5.3.4 The message is larger than this server takes"
DOUBTFUL = (
    "550 5.5.2 A dot alone on a line whose ends are not both CR LF; please send it with proper ends of line"
)
_UNFIT = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]")


class Desk:
    """aiosmtpd calls the ``handle_…`` methods. No properties: it looks at every attribute for each connection."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.name = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
        self.tls = tls
        self.most = settings.MAIL_MAX_BYTES
        self.hard_limit = hard_limit()
        self.peers = Peers(settings.MAIL_SERVER_PEERS)
        self.threads = Threads()
        self.large = asyncio.Semaphore(LARGE_AT_ONCE)
        self.dialogues: set[Dialogue] = set()
        self.is_closing = False

    def refusal(self, peername: object) -> str:
        """Why this one may not begin to talk; empty when it may."""
        address = address_of(peername)
        if not self.peers.admits(address):
            self.peers.note_refusal(address)
            return "554 5.7.1 This server takes mail from its own relays only"
        if len(self.dialogues) >= MAX_CONNECTIONS or self.is_closing:
            return "421 4.3.2 Too busy; please try again later"
        return ""

    async def store(self, arrival: Arrival) -> str:
        """The answer to DATA. "Stored" is said once it is committed, whatever happens to anybody after that."""
        try:
            await self.threads.run(lambda: keep(arrival), size=len(arrival.raw))
        except UnknownRecipient:
            return UNKNOWN  # a mailbox that was there at RCPT, and was closed since
        except Error as problem:
            logger.warning("A mail could not be stored; its relay tries again. Cause: %s", problem)
            return LATER
        except Exception:
            logger.exception("A mail could not be stored; its relay tries again")
            return LATER
        return OK

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        # Nobody logs in here. The last line is "250 HELP".
        offered = [line for line in responses if not line.startswith("250-AUTH")]
        return [*offered[:-1], "250-PIPELINING", offered[-1]]

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if _UNFIT.search(address):
            return MALFORMED
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return TOO_MANY
        if _UNFIT.search(address):
            return MALFORMED
        try:
            known = await self.threads.run(lambda: addressed([address]))
        except Error as problem:
            logger.warning("Recipients cannot be looked up; relays try again. Cause: %s", problem)
            return LATER
        if not known:
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours: never a refusal for good, and its text is nobody's business."""
        logger.error("Unexpected error in an SMTP dialogue", exc_info=error)
        return LATER

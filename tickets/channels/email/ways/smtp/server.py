"""Listens, and ends cleanly: on SIGTERM no new mail is begun, and what has been begun is stored and answered."""

from __future__ import annotations

import asyncio
import logging
import signal
import ssl
import time
from collections.abc import Callable

from tickets.channels.email.ways.smtp.desk import Desk
from tickets.channels.email.ways.smtp.dialogue import Dialogue, LmtpDialogue

#: What is being sent to us then may take so long. What is cut off is sent again by its relay.
WIND_UP_SECONDS = 12.0


def tls_context(certificate: str, key: str) -> ssl.SSLContext | None:
    """For STARTTLS; None where neither is given. Raises ValueError or OSError, which say what is wrong."""
    if not certificate and not key:
        return None
    if not certificate or not key:
        raise ValueError("STARTTLS needs both MAIL_SERVER_CERTIFICATE and MAIL_SERVER_KEY")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context


async def serve(
    host: str, port: int, *, lmtp: bool, tls: ssl.SSLContext | None, ready: Callable[[int], None]
) -> None:
    """Until SIGTERM or SIGINT. ``ready`` hears the port. Raises OSError where nobody can listen there."""
    # It logs every command with its addresses.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    desk = Desk(tls=tls)
    loop, ending = asyncio.get_running_loop(), asyncio.Event()
    kind = LmtpDialogue if lmtp else Dialogue
    server = await loop.create_server(lambda: kind(desk), host, port)
    for sig in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sig, ending.set)
    ready(server.sockets[0].getsockname()[1])
    await ending.wait()
    server.close()
    await _wind_up(desk)


async def _wind_up(desk: Desk) -> None:
    desk.is_closing = True
    for dialogue in list(desk.dialogues):
        dialogue.dismiss()
    stop_at = time.monotonic() + WIND_UP_SECONDS
    while desk.dialogues and time.monotonic() < stop_at:
        await asyncio.sleep(0.02)
    await asyncio.to_thread(desk.threads.finish)

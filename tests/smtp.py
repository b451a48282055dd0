"""A real mail server on this machine, whose answers a test chooses and whose silence it can hold."""

from __future__ import annotations

import asyncio
import email
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

DEADLINE = 90.0  # for a machine that is busy with other things; nothing waits longer than it must
logging.getLogger("mail.log").setLevel(logging.ERROR)


def wait_until(true: Callable[[], Any], *, seconds: float = DEADLINE, what: str = "") -> None:
    """Look again until it is so; fails after the deadline. Nothing waits longer than it must."""
    stop_at = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < stop_at, f"not within {seconds:g} s: {what or true}"
        time.sleep(0.02)


@dataclass
class Received:
    """One message as the server accepted it."""

    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=modern)

    def part(self, kind: str) -> str:
        found = self.message.get_body(preferencelist=(kind,))
        assert found is not None, f"no {kind} part"
        return str(found.get_content()).replace("\r\n", "\n")


@dataclass
class Barrier:
    """Holds the dialogue at one point: ``reached`` tells the test, which lets it go on with ``release``."""

    point: str
    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def release(self) -> None:
        self.released.set()

    async def wait(self) -> None:
        self.reached.set()
        while not self.released.is_set():
            await asyncio.sleep(0.01)


class Dialogue(SMTP):
    """Holds before the text of a mail, too: after the client said DATA and before it may begin."""

    async def smtp_DATA(self, arg: str) -> None:
        await self.event_handler.hold("data", self.envelope)
        await super().smtp_DATA(arg)


class MailServer(Controller):
    """``received`` is everything accepted. ``answers`` maps an address to the answer that its RCPT or DATA gets."""

    def __init__(self) -> None:
        # Bound here, so that the port is known and nobody else's before the server runs.
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.received: list[Received] = []
        self.connections = 0
        self.rcpt_answers: dict[str, str] = {}
        self.data_answers: dict[str, str] = {}
        self.mail_answer = ""
        self.hang_up_on: set[str] = set()
        self.barriers: list[Barrier] = []
        super().__init__(self, hostname="127.0.0.1", port=self.socket.getsockname()[1])

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self.socket)

    def factory(self) -> SMTP:
        return Dialogue(self, enable_SMTPUTF8=False)

    def hold_at(self, point: str) -> Barrier:
        """Stop the next dialogue at ``rcpt``, ``data`` (before the text) or ``accepted`` (text read, no answer yet)."""
        barrier = Barrier(point)
        self.barriers.append(barrier)
        return barrier

    def to(self, address: str) -> list[Received]:
        return [mail for mail in self.received if address in mail.recipients]

    async def hold(self, point: str, envelope: Envelope) -> None:
        for barrier in [one for one in self.barriers if one.point == point]:
            self.barriers.remove(barrier)
            await barrier.wait()

    # What aiosmtpd calls.
    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.mail_answer or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self.hold("rcpt", envelope)
        if address in self.hang_up_on:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        answer = self.rcpt_answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = next(
            (self.data_answers[to] for to in envelope.rcpt_tos if to in self.data_answers), "250 OK"
        )
        if answer.startswith("250"):
            assert envelope.mail_from is not None
            content = envelope.content
            raw = content if isinstance(content, bytes) else (content or "").encode()
            # From here on the server has it, whether or not the client ever hears so.
            self.received.append(Received(envelope.mail_from, list(envelope.rcpt_tos), raw))
        await self.hold("accepted", envelope)
        return answer


@pytest.fixture
def smtp_server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    try:
        yield server
    finally:
        for barrier in server.barriers:
            barrier.release()
        server.stop()


@pytest.fixture
def smtp(smtp_server: MailServer, settings: Any) -> MailServer:
    """The server, with this process set to deliver to it."""
    settings.MAIL_TRANSPORT = "helpdesk.lib.smtp.PatientBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_server.port
    settings.EMAIL_TIMEOUT = 10
    return smtp_server

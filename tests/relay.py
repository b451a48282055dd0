"""A mail relay before our mail server, as Postfix is one: what it was given it keeps until it has heard "accepted"."""

from __future__ import annotations

import queue
import smtplib
import threading
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    sender: str
    to: str
    raw: bytes


class Relay:
    """``accepted`` are those it was told 250 for, ``refused`` those refused for good, with what was said. Anything
    else, and a connection that breaks at any point, lets it try again: so a mail may be handed over more than once.
    """

    PAUSE_SECONDS = 0.1

    def __init__(self, port: int, *, connections: int = 4) -> None:
        self.port = port
        self.accepted: list[Letter] = []
        self.refused: list[tuple[Letter, str]] = []
        self.broken_off = 0
        self._waiting: queue.SimpleQueue[Letter | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _one in range(connections)]
        self._is_ending = threading.Event()
        for thread in self._threads:
            thread.start()

    def give(self, letter: Letter) -> None:
        self._waiting.put(letter)

    def close(self) -> None:
        self._is_ending.set()
        for _thread in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        client: smtplib.SMTP | None = None
        while (letter := self._waiting.get()) is not None and not self._is_ending.is_set():
            try:
                client = client or smtplib.SMTP("127.0.0.1", self.port, "relay.test", timeout=60)
                client.sendmail(letter.sender, [letter.to], letter.raw)
            except (OSError, smtplib.SMTPException) as problem:
                _hang_up(client)
                client = None
                self._after(problem, letter)
            else:
                self.accepted.append(letter)
        _hang_up(client)

    def _after(self, problem: OSError, letter: Letter) -> None:
        if _is_for_good(problem):
            self.refused.append((letter, str(problem)))
            return
        self.broken_off += not isinstance(problem, ConnectionRefusedError)
        self._is_ending.wait(self.PAUSE_SECONDS)
        self._waiting.put(letter)


def _is_for_good(problem: OSError) -> bool:
    match problem:
        case smtplib.SMTPServerDisconnected():
            return False
        case smtplib.SMTPRecipientsRefused():
            return any(code >= 500 for code, _said in problem.recipients.values())
        case smtplib.SMTPResponseException():
            return problem.smtp_code >= 500
    return False


def _hang_up(client: smtplib.SMTP | None) -> None:
    if client is not None:
        with suppress(OSError):
            client.close()

"""What goes on at the web server meanwhile: a provider posts mails, a customer opens pages."""

from __future__ import annotations

import http.client
import queue
import threading
from collections import Counter

from tests.tickets.channels.email.ways.test_web import signed


class Visitor(threading.Thread):
    """Posts each mail until it hears 202, and opens a page between two posts. ``answers`` counts what it was told."""

    PAUSE_SECONDS = 0.05

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.posted = 0
        self.broken_off = 0
        self.answers: Counter[int] = Counter()
        self._waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._is_ending = threading.Event()

    def give(self, raw: bytes) -> None:
        self._waiting.put(raw)

    def close(self) -> None:
        self._is_ending.set()
        self.join()

    def run(self) -> None:
        raw: bytes | None = None
        while not self._is_ending.wait(self.PAUSE_SECONDS):
            if raw is None and not self._waiting.empty():
                raw = self._waiting.get()
            if raw is not None and self._ask("POST", "/mail/incoming/", raw) == 202:
                raw = None
                self.posted += 1
            self._ask("GET", "/btp/")

    def _ask(self, method: str, path: str, raw: bytes | None = None) -> int:
        """The status; 0 where there was no answer."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request(method, path, body=raw, headers=signed(raw) if raw is not None else {})
            answer = line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as problem:
            self.broken_off += not isinstance(problem, ConnectionRefusedError)
            return 0
        finally:
            line.close()
        self.answers[answer.status] += 1
        return answer.status

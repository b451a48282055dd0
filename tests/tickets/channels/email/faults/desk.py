"""The whole desk as processes, each of which can be killed at any moment and is started again, and its clock."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import redis
from django.conf import settings

from helpdesk.lib import clock
from tests.mail_server import MailServerProcess
from tests.tickets.channels.email.ways.test_web import SECRET
from tests.web_server import WebProcess, free_port
from tests.worker import DELIVER, Worker, ask
from tickets.actions.incoming import READ_TASK
from tickets.choices import IncomingState, MailState
from tickets.models import IncomingMail, OutboxMail

MAIL_SERVER, WORKER, DIALOGUE, WEB, FLUSH = (
    "mail server",
    "worker",
    "worker in a dialogue",
    "web",
    "flush of Redis",
)
#: The limits that a flood from one machine would meet.
WIDE = {"MAIL_PER_DOMAIN_PER_MINUTE": "100000"}


class Ticks(threading.Thread):
    """Asks as beat does, only more often. What it asked for is lost with Redis; the next tick asks again."""

    SECONDS, EXPIRES = 0.3, 2

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._is_ending = threading.Event()

    def run(self) -> None:
        while not self._is_ending.wait(self.SECONDS):
            for task in (READ_TASK, DELIVER):
                ask(task, expires=self.EXPIRES)

    def close(self) -> None:
        self._is_ending.set()
        self.join()


class Desk:
    """Mail server, worker and web; ``strikes`` counts what was done to them.

    ``waits``: what a killed worker had in hand is taken up again when its lease has run out; else at once, as if it
    had.
    """

    def __init__(self, folder: Path, start_worker: Callable[..., Worker], *, waits: bool) -> None:
        self.folder = folder
        self.waits = waits
        self.strikes: Counter[str] = Counter()
        self._start_worker = start_worker
        self.web_port = free_port()
        self.worker = self._new_worker()
        self.web = self._new_web()
        self.mail_server = self._new_mail_server()
        self.port = self.mail_server.port
        self.ticks = Ticks()
        self.ticks.start()

    def strike(self, what: str) -> None:
        """kill -9, and a new one in its place; or everything that Redis knows is gone."""
        self.strikes[what] += 1
        if what == MAIL_SERVER:
            self.mail_server.end()
            self.mail_server = self._new_mail_server(self.port)
        elif what in (WORKER, DIALOGUE):
            self.worker.kill()
            self.worker = self._new_worker()
            if not self.waits:
                end_leases()
        elif what == WEB:
            self.web.kill()
            self.web = self._new_web()
        else:
            flush()

    def close(self) -> None:
        self.ticks.close()
        self.mail_server.end()
        self.worker.kill()
        self.web.kill()
        for log in sorted(self.folder.glob("*.log")):
            print(f"── {log.name} ──\n{log.read_text()[-5000:]}")

    def _new_worker(self) -> Worker:
        return self._start_worker(concurrency=2, **WIDE)

    def _new_web(self) -> WebProcess:
        return WebProcess(self.folder / "web.log", port=self.web_port, MAIL_HTTP_SECRET=SECRET)

    def _new_mail_server(self, port: int = 0) -> MailServerProcess:
        number = self.strikes[MAIL_SERVER]
        return MailServerProcess(self.folder / f"mail_server_{number:02}.log", port=port, wait=not port)


def flush() -> None:
    """Queue and cache: the databases of this test, as others may run beside it on the same Redis."""
    for url in (settings.REDIS_URL, settings.REDIS_CACHE_URL):
        redis.Redis.from_url(url).flushdb()


def end_leases() -> None:
    now = clock.now()
    for waiting in (
        IncomingMail.objects.filter(state=IncomingState.STORED, available_at__gt=now),
        OutboxMail.objects.filter(state=MailState.SENDING, available_at__gt=now),
    ):
        waiting.update(available_at=now)

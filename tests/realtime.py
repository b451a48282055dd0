"""The realtime process as ``make up`` starts it, on the test's database, and pages that speak to it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from accounts.models import User
from helpdesk import env
from tests.mail_server import on_this_database
from tests.smtp import DEADLINE, wait_until
from tests.web_server import free_port


class RealtimeProcess:
    """``wait``: until it serves. The test needs committed rows: django_db(transaction=True)."""

    def __init__(self, log: Path, *, port: int = 0, wait: bool = True, **variables: str) -> None:
        self.port = port or free_port()
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "realtime", "--port", str(self.port)],
                cwd=env.BASE_DIR,
                env=on_this_database(**variables),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        if wait:
            wait_until(lambda: self.health() or self.process.poll() is not None, what="a realtime process")
            assert self.process.poll() is None, self.said

    @property
    def said(self) -> str:
        return self.log.read_text()

    @property
    def url(self) -> str:
        """As the setting REALTIME_URL spells it once it is read."""
        return f":{self.port}/ws/"

    def health(self) -> int:
        """The status of its health page; 0 while nobody answers."""
        asked = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            asked.request("GET", "/healthz/")
            return asked.getresponse().status
        except (OSError, HTTPException):
            return 0
        finally:
            asked.close()

    def end(self, sig: signal.Signals = signal.SIGKILL) -> int:
        if self.process.poll() is None:
            self.process.send_signal(sig)
        return self.process.wait(DEADLINE)


@contextmanager
def realtime(log: Path, **variables: str) -> Iterator[RealtimeProcess]:
    process = RealtimeProcess(log, port=0, wait=True, **variables)
    try:
        yield process
    finally:
        process.end()
        print(process.said)


def session_of(user: User) -> str:
    """A log-in as the site keeps it; its key."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    assert store.session_key is not None
    return store.session_key


class Socket:
    """A page's end. ``heard`` is all that came so far; ``closed`` the code, once it is."""

    def __init__(
        self, port: int, session: str = "", *, origin: str = "http://localhost:8000", path: str = "/ws/"
    ) -> None:
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"} if session else {}
        self._open = ExitStack()
        opening = connect(
            f"ws://localhost:{port}{path}",
            additional_headers=cookie,
            origin=Origin(origin) if origin else None,
            open_timeout=DEADLINE,
        )
        self.socket: ClientConnection = self._open.enter_context(opening)
        self.heard: list[dict[str, Any]] = []
        self.closed: int | None = None

    def say(self, **message: Any) -> None:
        self.socket.send(json.dumps(message))

    def watch(self, *tickets: Any, since: int | None = None) -> None:
        self.say(type="watch", tickets={one.number: one.version for one in tickets}, since=since)

    def hear(self, seconds: float = 0.0) -> None:
        """Takes what has come, waiting for so long for the first of it."""
        try:
            while True:
                self.heard.append(json.loads(self.socket.recv(timeout=seconds)))
                seconds = 0.0
        except TimeoutError:
            return
        except ConnectionClosed as end:
            self.closed = end.rcvd.code if end.rcvd else 1006

    def until(self, true: Callable[[dict[str, Any]], Any], seconds: float = DEADLINE) -> dict[str, Any]:
        """The first message that fits; what came before it stays in ``heard``."""
        stop_at, looked = time.monotonic() + seconds, 0
        while True:
            for message in self.heard[looked:]:
                if true(message):
                    return message
            looked = len(self.heard)
            assert self.closed is None, f"closed with {self.closed}; heard {self.heard}"
            assert time.monotonic() < stop_at, f"not heard within {seconds:g} s; heard {self.heard}"
            self.hear(0.2)

    def of(self, kind: str, seconds: float = DEADLINE) -> dict[str, Any]:
        return self.until(lambda message: message["type"] == kind, seconds)

    def news_of(self, number: str) -> list[dict[str, Any]]:
        return [
            ticket
            for message in self.heard
            if message["type"] == "news"
            for ticket in message["tickets"]
            if ticket["number"] == number
        ]

    def until_news_of(self, number: str, seconds: float = DEADLINE) -> dict[str, Any]:
        wait = time.monotonic() + seconds
        while not (news := self.news_of(number)):
            assert self.closed is None, f"closed with {self.closed}"
            assert time.monotonic() < wait, f"no news of {number}; heard {self.heard}"
            self.hear(0.2)
        return news[-1]

    def until_closed(self, seconds: float = DEADLINE) -> int:
        stop_at = time.monotonic() + seconds
        while self.closed is None:
            assert time.monotonic() < stop_at, f"still open after {seconds:g} s"
            self.hear(0.2)
        return self.closed

    def close(self) -> None:
        self._open.close()


@pytest.fixture(scope="module")
def process(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealtimeProcess]:
    """One for the tests of a file; each opens sockets of its own."""
    with realtime(tmp_path_factory.mktemp("realtime") / "log") as started:
        yield started


@pytest.fixture
def open_socket(process: RealtimeProcess) -> Iterator[Callable[..., Socket]]:
    """``open_socket(user)``: a page of somebody who is logged in; None for a stranger's."""
    sockets: list[Socket] = []

    def act(user: User | None, **options: Any) -> Socket:
        sockets.append(Socket(process.port, session_of(user) if user else "", **options))
        return sockets[-1]

    yield act
    for socket in sockets:
        socket.close()

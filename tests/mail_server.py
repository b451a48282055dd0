"""Our own mail server as a process of its own, on the test's database: real sockets, real signals."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import connection

from helpdesk import embedded, env
from tests.smtp import DEADLINE, wait_until


def on_this_database(**more: str) -> dict[str, str]:
    """The environment of a child process that is to see this test's committed rows."""
    from tests.conftest import VAR_DIR

    name = connection.settings_dict["NAME"]
    url = embedded.database_url(VAR_DIR).replace("/helpdesk?", f"/{name}?")
    return dict(os.environ) | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "helpdesk.settings"} | more


class MailServerProcess:
    """``manage.py mail_server``. It has a port once it is there. ``wait``: until it is there."""

    def __init__(self, log: Path, *options: str, port: int = 0, wait: bool = True, **variables: str) -> None:
        self.log = log
        log.write_text("")
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "manage.py",
                    "mail_server",
                    "--host",
                    "127.0.0.1",
                    f"--port={port}",
                    *options,
                ],
                cwd=env.BASE_DIR,
                env=on_this_database(**variables),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        self.port = port
        if wait:
            wait_until(lambda: self._port() or self.process.poll() is not None, what="a mail server")
            self.port = self._port()
            assert self.port, self.said

    @property
    def said(self) -> str:
        return self.log.read_text()

    def _port(self) -> int:
        found = re.search(r"Takes mail by \w+ on \S+:(\d+)\.", self.said)
        return int(found[1]) if found else 0

    def end(self, sig: signal.Signals = signal.SIGKILL) -> int:
        if self.process.poll() is None:
            self.process.send_signal(sig)
        return self.process.wait(DEADLINE)


@contextmanager
def mail_server(log: Path, *options: str, **variables: str) -> Iterator[MailServerProcess]:
    server = MailServerProcess(log, *options, port=0, wait=True, **variables)
    try:
        yield server
    finally:
        server.end()
        print(server.said)


class Talk:
    """The dialogue byte by byte, for what no library would send."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.socket = socket.create_connection(
            ("127.0.0.1", port), timeout=DEADLINE, source_address=(host, 0)
        )
        self.lines = self.socket.makefile("rb")
        self.greeting = self.answer()

    def answer(self) -> str:
        """The last line of the next answer; empty when the other end has hung up."""
        line = b""
        with suppress(ConnectionResetError):
            line = self.lines.readline()
            while line[3:4] == b"-":
                line = self.lines.readline()
        return line.decode().strip()

    def send(self, raw: bytes) -> None:
        self.socket.sendall(raw)

    def say(self, command: str) -> str:
        self.send(command.encode() + b"\r\n")
        return self.answer()

    def begin(self, *recipients: str, hello: str = "EHLO", sender: str = "wang@example.com") -> None:
        """Up to where the text may begin."""
        assert self.say(f"{hello} relay.test").startswith("250")
        assert self.say(f"MAIL FROM:<{sender}>").startswith("250")
        for recipient in recipients:
            assert self.say(f"RCPT TO:<{recipient}>").startswith("250")
        assert self.say("DATA").startswith("354")

    def close(self) -> None:
        self.lines.close()
        self.socket.close()

    def __enter__(self) -> Talk:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


class Cable:
    """Between a process and PostgreSQL: a socket of its own that can be cut and mended."""

    def __init__(self, folder: Path) -> None:
        settings = connection.settings_dict
        self.url = f"postgres://postgres@/{settings['NAME']}?host={folder}"
        self._there = f"{settings['HOST']}/.s.PGSQL.{settings['PORT'] or 5432}"
        self._here = folder / ".s.PGSQL.5432"
        self._ends: list[socket.socket] = []
        self._listener: socket.socket | None = None
        self.mend()

    def mend(self) -> None:
        self._here.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._here))
        self._listener.listen()
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        assert self._listener is not None
        for end in [self._listener, *self._ends]:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._here.unlink(missing_ok=True)
        self._ends = []

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._there)
                self._ends += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while piece := one.recv(65536):
            other.sendall(piece)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)

"""The server under its production launcher, and a client that asks one thing after the other."""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.sql_time import HEADER

BASE_DIR = Path(__file__).resolve().parent.parent
LAUNCHERS: Mapping[str, list[str]] = {
    "gunicorn sync": ["gunicorn", "helpdesk.wsgi", "--workers", "2", "--bind", "127.0.0.1:{port}"],
    "gunicorn gthread": [
        "gunicorn", "helpdesk.wsgi", "--workers", "2", "--threads", "4", "--worker-class", "gthread", "--bind", "127.0.0.1:{port}"
    ],
    "granian WSGI": ["granian", "helpdesk.wsgi:application", "--interface", "wsgi", "--workers", "2", "--port", "{port}"],
}  # fmt: skip


def program(launcher: str) -> Path:
    return Path(sys.executable).parent / LAUNCHERS[launcher][0]


@contextmanager
def serving(launcher: str, environment: Mapping[str, str], port: int) -> Iterator[None]:
    """Start the launcher and wait until it answers; stop it at the end."""
    options = [word.format(port=port) for word in LAUNCHERS[launcher][1:]]
    server = subprocess.Popen(
        [str(program(launcher)), *options],
        cwd=BASE_DIR,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(port, server)
        yield
    finally:
        server.terminate()
        server.wait(20)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SystemExit(f"The server stopped with {server.returncode} before it answered.")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/bare/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server did not answer within 30 s.")


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Client:
    """One person with one browser: cookies kept, a connection each time the server closes it."""

    def __init__(self, port: int, cookies: Mapping[str, str] | None = None) -> None:
        self.port, self.cookies = port, dict(cookies or {})
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        every = {"Cookie": cookie, "Accept-Language": "en", "Accept-Encoding": "identity", **headers}
        self.connection.request(method, path, body=body, headers=every)
        response = self.connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer


@dataclass(frozen=True)
class Figures:
    """Milliseconds of one thing asked many times, the bytes of its answer, and what of the time the database took."""

    p50: float
    p95: float
    size: int
    asked: int
    sql: float
    statements: int


def measure(
    ask: Callable[[Any], Answer],
    *,
    times: int,
    before: Callable[[int], Any] = lambda turn: turn,
    warm_up: int = 5,
    expect: int = 200,
) -> Figures:
    """Ask one after the other. ``before`` prepares each turn outside the measured time and its result is asked with."""
    spans, in_sql, size = [], [(0.0, 0)], 0
    for turn in range(warm_up + times):
        prepared = before(turn)
        start = time.perf_counter()
        answer = ask(prepared)
        span = (time.perf_counter() - start) * 1000
        if answer.status != expect:
            raise SystemExit(f"Asked for {expect}, got {answer.status}: {answer.body[:600]!r}")
        if turn >= warm_up:
            spans.append(span)
            in_sql.append(_in_sql(answer))
        size = len(answer.body)
    ordered = sorted(spans)
    sql, statements = statistics.median(ms for ms, _ in in_sql[1:]), max(count for _, count in in_sql)
    p95 = ordered[int(len(ordered) * 0.95)]
    return Figures(statistics.median(ordered), p95, size, times, sql, statements)


def _in_sql(answer: Answer) -> tuple[float, int]:
    milliseconds, _, statements = answer.headers.get(HEADER, "0 0").partition(" ")
    return float(milliseconds), int(statements)

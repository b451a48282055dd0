"""A real Celery worker: processes of its own, on the test's database and queue, that can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import current_app
from django.db import connection

from helpdesk import env
from tests.smtp import DEADLINE, MailServer, wait_until

DELIVER = "tickets.deliver_outbox"
LEASE_SECONDS = 5  # the shortest that the settings allow


class Worker:
    """``kill`` ends it as a power cut would: nothing is caught, nothing is tidied up."""

    def __init__(self, environ: dict[str, str], log: Path, *, concurrency: int = 1) -> None:
        command = [
            sys.executable,
            "-W",
            "ignore::RuntimeWarning:celery.platforms",
            "-m",
            "celery",
            "-A",
            "helpdesk",
        ]
        options = ["--concurrency", str(concurrency), "--without-gossip", "--without-mingle"]
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, "--quiet", "worker", *options, "--loglevel", "warning"],
                cwd=env.BASE_DIR,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                process_group=0,
            )

    @property
    def children(self) -> list[int]:
        """The processes that work; the first one only hands out."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(number) for number in listed.split()]

    def kill(self) -> None:
        """All of it at once."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def kill_child(self) -> None:
        """Only the process at work; its parent notices."""
        for child in self.children:
            os.kill(child, signal.SIGKILL)


@pytest.fixture
def start_worker(
    process_env: dict[str, str], smtp_server: MailServer, tmp_path: Path, transactional_db: None
) -> Iterator[Callable[..., Worker]]:
    """Start a worker that delivers to the test's mail server; more of its environment may be named. All are gone at
    the end of the test.
    """
    redis.Redis.from_url(os.environ["REDIS_URL"]).flushdb()
    environ = process_env | {"SMTP_URL": smtp_server.url, "OUTBOX_LEASE_SECONDS": str(LEASE_SECONDS)}
    log = tmp_path / "worker.log"
    workers: list[Worker] = []

    def start(*, concurrency: int = 1, **more: str) -> Worker:
        workers.append(Worker(environ | more, log, concurrency=concurrency))
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()
    print(log.read_text() if log.exists() else "no worker was started")


def ask(task: str = DELIVER, **options: Any) -> None:
    """As the clock does."""
    current_app.send_task(task, ignore_result=True, **options)


def ask_until(
    true: Callable[[], bool], *, task: str = DELIVER, seconds: float = DEADLINE, what: str = ""
) -> None:
    """Tick like the clock, only faster, until it is so."""
    stop_at = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < stop_at, f"not within {seconds:g} s: {what or true}"
        ask(task)
        next_tick = time.monotonic() + 0.5
        while time.monotonic() < next_tick and not true():
            time.sleep(0.02)


@contextmanager
def held(statement: str, *values: str) -> Iterator[None]:
    """What the statement locks stays locked: whoever needs it waits at exactly this place."""
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute(statement, values)
        yield
    finally:
        other.rollback()
        other.close()


def wait_until_somebody_waits() -> None:
    """For a lock that ``held`` holds."""
    wait_until(_somebody_waits, what="a process that waits for a lock")


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        # Within a transaction the view is a snapshot.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])

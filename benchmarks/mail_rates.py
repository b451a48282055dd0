"""How many mails a second: accepted by the SMTP server, and taken in by one reader."""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.__main__ import free_port
from benchmarks.mail import RELAY, _blank
from benchmarks.server import BASE_DIR

if TYPE_CHECKING:
    from tickets.models import IncomingMail

CONNECTIONS = 4


def measure(mails: int, var_dir: Path) -> None:
    from accounts.models import Brand

    to = Brand.objects.order_by("pk")[0].email
    written = [_four_kilobytes(number, to) for number in range(mails)]
    accepted = _accepted(written, to)
    print(f"\n{mails:,} mails of {len(written[0]) / 1024:.1f} kB, {CONNECTIONS} connections at a time:")
    print(f"  accepted by the SMTP server      {mails / accepted:6.0f} a second")
    _taken(mails)


def _four_kilobytes(number: int, to: str) -> bytes:
    mail = _blank(number, to)
    mail.set_content(
        "My withdrawal of 500 CNY of yesterday has not arrived. Transaction TX20261123-77120.\n" * 42
    )
    return mail.as_bytes()


def _accepted(written: list[bytes], to: str) -> float:
    """Seconds until the last of them is committed, over the real server in a process of its own."""
    port = free_port()
    command = [sys.executable, "manage.py", "mail_server", "--host", "127.0.0.1", f"--port={port}"]
    server = subprocess.Popen(command, cwd=BASE_DIR, env=dict(os.environ), stdout=subprocess.DEVNULL)
    try:
        _until_it_answers(port)
        shares = [written[place::CONNECTIONS] for place in range(CONNECTIONS)]
        threads = [threading.Thread(target=_send, args=(port, share, to)) for share in shares]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.perf_counter() - started
    finally:
        server.terminate()
        server.wait(30)


def _until_it_answers(port: int) -> None:
    stop_at = time.monotonic() + 60
    while True:
        try:
            smtplib.SMTP("127.0.0.1", port, timeout=10).quit()
            return
        except OSError:
            if time.monotonic() > stop_at:
                raise
            time.sleep(0.05)


def _send(port: int, mails: list[bytes], to: str) -> None:
    with smtplib.SMTP("127.0.0.1", port, local_hostname=RELAY, timeout=60) as relay:
        for raw in mails:
            relay.sendmail("bounce@example.com", [to], raw)


def _taken(mails: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tickets.actions import incoming
    from tickets.channels.email.taking import take
    from tickets.queries.mailboxes import Directory

    directory = Directory()  # as the reader's task has one at hand
    with CaptureQueriesContext(connection) as captured:
        _take_one(incoming.claim_one, lambda row: take(row, directory))
    started, used, taken = time.perf_counter(), time.process_time(), 0
    while _take_one(incoming.claim_one, lambda row: take(row, directory)):
        taken += 1
    seconds, used = time.perf_counter() - started, time.process_time() - used
    assert taken >= mails - 1, taken
    print(f"  taken in by one reader           {taken / seconds:6.0f} a second")
    print(
        f"    of {1000 * seconds / taken:.1f} ms each: {1000 * used / taken:.1f} ms Python, "
        f"{1000 * (seconds - used) / taken:.1f} ms waiting for PostgreSQL; {len(captured)} statements"
    )


def _take_one(claim: Callable[[], IncomingMail | None], take: Callable[[IncomingMail], None]) -> bool:
    row = claim()
    if row is None:
        return False
    take(row)
    return True

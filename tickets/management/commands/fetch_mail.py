"""``manage.py fetch_mail [--idle]``: mail from the mailboxes that we fetch; see docs/mail.md."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tickets.channels.email.ways.imap.polling import poll
from tickets.channels.email.ways.imap.watching import watch
from tickets.queries.fetched import fetched

SECONDS = 3600.0


class Command(BaseCommand):
    help = "Fetch what is new in all IMAP mailboxes, once; or stay connected and fetch within seconds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--idle", action="store_true", help="stay connected until told to stop (IDLE)")

    def handle(self, *, idle: bool, **options: Any) -> None:
        if idle:
            self._watch()
            return
        came = poll(seconds=SECONDS)
        self.stdout.write(f"{came} mail(s) fetched.")
        for mailbox in fetched():
            if mailbox.last_error:
                self.stdout.write(f"{mailbox.address}: {mailbox.last_error}")

    def _watch(self) -> None:
        ending = threading.Event()
        for sig in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sig, lambda *_: ending.set())
        self.stdout.write("Watches the mailboxes. Ctrl-C ends it.")
        self.stdout.flush()
        watch(ending)

"""``manage.py mail_server [--lmtp]``: takes mail for our mailboxes from a relay; see docs/mail.md."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tickets.channels.email.ways.smtp.server import serve, tls_context


class Command(BaseCommand):
    help = "Take mail by SMTP or LMTP, store it, and only then say accepted. Runs until it is told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--lmtp", action="store_true", help="speak LMTP: one answer for each recipient")
        parser.add_argument("--host", default=settings.MAIL_SERVER_HOST, help="else MAIL_SERVER_HOST")
        parser.add_argument(
            "--port", type=int, default=settings.MAIL_SERVER_PORT, help="else MAIL_SERVER_PORT; 0 for any"
        )

    def handle(self, *, lmtp: bool, host: str, port: int, **options: Any) -> None:
        def ready(heard_on: int) -> None:
            self.stdout.write(f"Takes mail by {'LMTP' if lmtp else 'SMTP'} on {host}:{heard_on}.")
            self.stdout.flush()

        try:
            tls = tls_context(settings.MAIL_SERVER_CERTIFICATE, settings.MAIL_SERVER_KEY)
        except (OSError, ValueError) as problem:
            raise CommandError(f"MAIL_SERVER_CERTIFICATE or MAIL_SERVER_KEY: {problem}") from problem
        try:
            asyncio.run(serve(host, port, lmtp=lmtp, tls=tls, ready=ready))
        except OSError as problem:
            raise CommandError(
                f"Nothing can listen on {host}:{port}: {problem.strerror or problem}"
            ) from problem

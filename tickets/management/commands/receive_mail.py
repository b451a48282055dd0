"""``manage.py receive_mail [--recipient ADDRESS …] [--sender ADDRESS] < message``; see docs/mail.md."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tickets.channels.email.ways.pipe import receive_or_later


class Command(BaseCommand):
    help = "Take one mail from standard input. Exit codes: 0 stored, 67 no such mailbox, 75 try later, 65 no mail."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--recipient",
            action="append",
            default=[],
            metavar="ADDRESS",
            help="for whom it is, may be given several times; else read from Delivered-To, X-Original-To, "
            "Envelope-To, To and Cc",
        )
        parser.add_argument("--sender", metavar="ADDRESS", help='envelope sender; "" for that of a report')

    def handle(self, *, recipient: list[str], sender: str | None, **options: Any) -> None:
        sys.exit(receive_or_later(sys.stdin.buffer, recipients=recipient, sender=sender))

"""``manage.py wallet_sandbox``: a wallet core to try sensitive acts against; see docs/wallet-gateway.md."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tickets.gateways.wallet_core.sandbox import Sandbox
from tickets.gateways.wallet_core.sandbox_server import HANG_SECONDS, SLOW_SECONDS, Server


class Command(BaseCommand):
    help = "A wallet that keeps no money, with every answer a real one might give. Runs until it is told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument(
            "--port",
            type=int,
            default=settings.WALLET_SANDBOX_PORT,
            help="else WALLET_SANDBOX_PORT; 0 for any",
        )
        parser.add_argument(
            "--call-back",
            default=f"http://127.0.0.1:{settings.PORT}/wallet/answers/",
            help='where the helpdesk hears it; "" for nowhere',
        )
        parser.add_argument("--hang", type=float, default=HANG_SECONDS, help="seconds of silence")
        parser.add_argument("--slow", type=float, default=SLOW_SECONDS, help="seconds until it calls back")
        parser.add_argument(
            "--journal",
            type=Path,
            default=Path(settings.VAR_DIR) / "wallet_sandbox.jsonl",
            help="where it writes down what it did",
        )

    def handle(
        self,
        *,
        host: str,
        port: int,
        call_back: str,
        hang: float,
        slow: float,
        journal: Path,
        **options: Any,
    ) -> None:
        try:
            server = Server(
                (host, port), Sandbox(journal), call_back=call_back, hang_seconds=hang, slow_seconds=slow
            )
        except OSError as problem:
            reason = problem.strerror or problem
            raise CommandError(f"Nothing can listen on {host}:{port}: {reason}") from problem
        stop = threading.Event()
        for sig in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sig, lambda *_: stop.set())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.stdout.write(f"A sandbox wallet answers on {server.url} .")
        self.stdout.flush()
        stop.wait()
        server.shutdown()

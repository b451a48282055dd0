"""``manage.py realtime``: tells the workspace's pages what is new; see docs/live.md."""

from __future__ import annotations

import os
import socket
from argparse import ArgumentParser
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

#: A socket whose other end has vanished is noticed within both together; so long somebody seems to be here.
PING_SECONDS, PONG_SECONDS = 4.0, 8.0
LARGEST_MESSAGE = 8 * 1024
MOST_SOCKETS = 2000
STATEMENT_SECONDS = 10


class Command(BaseCommand):
    help = "Serve the websockets of the workspace. Runs until it is told to stop."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="where to listen, else on this machine only")
        parser.add_argument("--port", type=int, default=settings.REALTIME_PORT, help="else REALTIME_PORT")

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        limit_statements()
        heard_on = listen(host, port)
        self.stdout.write(f"Tells pages what is new on {host}:{heard_on.getsockname()[1]}.")
        self.stdout.flush()
        uvicorn.Server(config()).run(sockets=[heard_on])


def listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=MOST_SOCKETS)
    except OSError as problem:
        why = os.strerror(problem.errno) if problem.errno else str(problem)
        raise CommandError(f"Nothing can listen on {host}:{port}: {why}") from problem


def config() -> uvicorn.Config:
    return uvicorn.Config(
        "helpdesk.asgi:application",
        loop="asyncio",
        http="h11",
        ws="websockets-sansio",
        lifespan="on",
        ws_max_size=LARGEST_MESSAGE,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PONG_SECONDS,
        ws_per_message_deflate=False,  # a hundred bytes at a time do not shrink, and each window takes memory
        limit_concurrency=MOST_SOCKETS,
        timeout_graceful_shutdown=5,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        log_level="warning",
        log_config=None,  # Django's, with all else
    )


def limit_statements() -> None:
    """One question that waits for a lock, or for a machine that is gone, must not silence every page for long."""
    given = connection.settings_dict["OPTIONS"]
    given.setdefault("connect_timeout", 5)
    given["options"] = f"{given.get('options', '')} -c statement_timeout={STATEMENT_SECONDS}s"

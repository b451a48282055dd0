"""The web server of `make up`: browsers speak to it without a proxy between."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.smtp import DEADLINE, wait_until
from tests.web_server import WebProcess, free_port


def answers(port: int) -> bool:
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
        connection.request("GET", "/healthz/")
        return connection.getresponse().status > 0
    except ConnectionError:
        return False


@pytest.mark.django_db(transaction=True)
def test_connections_on_which_nothing_is_asked_hold_nobody_up(tmp_path: Path) -> None:
    server = WebProcess(tmp_path / "log", port=free_port())
    try:
        wait_until(lambda: answers(server.port), what="the start")
        with ExitStack() as idle:
            for _ in range(20):
                idle.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            assert answers(server.port)
            assert "WORKER TIMEOUT" not in (tmp_path / "log").read_text()
    finally:
        server.kill()

"""The web server as `make up` starts it, on the test's database, in a process group that can be killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from helpdesk import env
from helpdesk.supervisor import commands
from tests.mail_server import on_this_database


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


class WebProcess:
    """Not waited for: whoever asks it finds out when it answers."""

    def __init__(self, log: Path, *, port: int, workers: int = 1, **variables: str) -> None:
        self.port = port
        command = commands(replace(env.read(), port=port))["web"]
        assert command[0] == sys.executable
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                cwd=env.BASE_DIR,
                env=on_this_database(WEB_CONCURRENCY=str(workers), **variables),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                process_group=0,
            )

    def kill(self) -> None:
        """All of it at once."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

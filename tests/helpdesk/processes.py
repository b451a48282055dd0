"""What the tests of embedded engines and supervisor need to know about processes."""

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

from tests.smtp import DEADLINE


def naming(folder: Path) -> dict[int, str]:
    """Processes whose environment or command line names the folder: id to command line. Zombies do not count."""
    mark, found = os.fsencode(folder), {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command, environment = (entry / "cmdline").read_bytes(), (entry / "environ").read_bytes()
        except OSError:  # it has just ended, or is somebody else's
            continue
        if mark in command or mark in environment:
            found[int(entry.name)] = command.replace(b"\0", b" ").decode()
    return found


def wait_for(what: Callable[[], bool], seconds: float = DEADLINE) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.05)
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

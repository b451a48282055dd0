"""The process that starts one engine, watches over it, and stops it when its last user is gone.

    python -m helpdesk.engines.keeper postgres|redis VAR_DIR [--ephemeral]

See helpdesk/embedded.py for how it knows who uses the engine.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import IO

from helpdesk.engines import places, postgres, redis
from helpdesk.engines.places import Place
from helpdesk.engines.postgres import Unavailable

ENGINES: dict[str, ModuleType] = {"postgres": postgres, "redis": redis}
LINGER_SECONDS = 3.0  # one manage.py command often follows another
POLL_SECONDS = 0.1
START_SECONDS = 45
STOP_SECONDS = 20


class Keeper:
    def __init__(self, place: Place, *, ephemeral: bool) -> None:
        self.place = place
        self.engine = ENGINES[place.name]
        self.ephemeral = ephemeral
        self.linger = LINGER_SECONDS
        self.server: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        signal.signal(signal.SIGTERM, self.hurry)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self.start()
            self.watch()
        except (Unavailable, OSError) as problem:
            self.place.problem.write_text(f"{problem}\n")
        finally:
            self.place.ready.unlink(missing_ok=True)
            self.stop()

    def hurry(self, *_: object) -> None:
        """SIGTERM: stop as soon as nobody uses the engine. It does not take it away from those who do."""
        self.linger = 0.0

    def start(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        self.engine.prepare(self.place)
        while self.engine.left_over(self.place) and time.monotonic() < deadline:
            pass
        self.server = self.engine.start(self.place, self.ephemeral)
        while not self.engine.answers(self.place):
            if self.server.poll() is not None:
                raise Unavailable(f"it stopped while starting; {self.place.log} says why")
            if time.monotonic() > deadline:
                raise Unavailable(f"it does not answer; {self.place.log} says why")
            time.sleep(0.02)
        fresh = self.place.ready.with_suffix(".new")
        fresh.write_text(str(os.getpid()))
        fresh.rename(self.place.ready)

    def watch(self) -> None:
        """Return once nobody has used the engine for a while, holding the lock so that newcomers wait."""
        idle_since: float | None = None
        self.users: IO[str] = self.place.users.open("a")
        while self.server and self.server.poll() is None:
            try:
                fcntl.flock(self.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                idle_since = None
            else:
                idle_since = idle_since or time.monotonic()
                if time.monotonic() - idle_since >= self.linger:
                    return
                fcntl.flock(self.users, fcntl.LOCK_UN)
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        if self.server and self.server.poll() is None:
            self.server.send_signal(self.engine.STOP_SIGNAL)
            try:
                self.server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        if self.ephemeral:
            shutil.rmtree(self.place.data, ignore_errors=True)


def main() -> None:
    name, var_dir = sys.argv[1], Path(sys.argv[2])
    place = getattr(places, name)(var_dir)
    # Before the fork, so that it is held once whoever started us goes on; a bare descriptor, so that only the
    # kernel lets go of it, when this process is truly gone.
    fcntl.flock(os.open(place.keeper, os.O_RDWR | os.O_CREAT, 0o600), fcntl.LOCK_EX)
    if os.fork():
        os._exit(0)  # nobody has a child to wait for
    with place.log.open("a") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    Keeper(place, ephemeral="--ephemeral" in sys.argv).run()


if __name__ == "__main__":
    main()

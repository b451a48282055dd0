"""Engines of these tests' own, in folders of their own: they are killed and left behind on purpose."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk import embedded, env
from helpdesk.engines import places
from tests.helpdesk.processes import naming, wait_for

pytestmark = pytest.mark.long

USE = """
import sys, time
from pathlib import Path
import dj_database_url, psycopg2
from helpdesk import embedded
from helpdesk.engines import places
var = Path(sys.argv[1])
embedded.attach(var, ephemeral=True)
host = places.postgres(var).sockets
with psycopg2.connect(host=str(host), user="postgres", dbname="helpdesk") as connection:
    connection.cursor().execute("CREATE TABLE IF NOT EXISTS seen (at timestamptz)") if sys.argv[2] == "first" else None
print("attached", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def var_dir() -> Iterator[Path]:
    """Short, because a socket's path may not be long."""
    with tempfile.TemporaryDirectory(prefix="helpdesk-engines-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)
        assert wait_for(lambda: not naming(Path(folder))), naming(Path(folder))


def use(var_dir: Path, mark: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", USE, str(var_dir), mark]
    return subprocess.Popen(
        command, cwd=env.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def attached(process: subprocess.Popen[str]) -> bool:
    assert process.stdout
    return process.stdout.readline() == "attached\n"


def engines(var_dir: Path) -> int:
    return sum("bin/postgres" in line or "redis-server" in line for line in naming(var_dir).values())


def test_many_start_at_once_and_share_one_pair_of_engines(var_dir: Path) -> None:
    users = [use(var_dir) for _ in range(4)]
    assert all(attached(user) for user in users)
    assert engines(var_dir) == 2
    for user in users[:3]:
        user.communicate()
    assert engines(var_dir) == 2  # one still uses them
    users[3].kill()  # and it says no good-bye
    users[3].communicate()


def test_a_killed_keeper_takes_its_engine_along_and_the_next_user_gets_a_new_one(var_dir: Path) -> None:
    first = use(var_dir, "first")
    assert attached(first)
    for place in places.both(var_dir):
        os.kill(int(place.ready.read_text()), signal.SIGKILL)
    second = use(var_dir)
    assert attached(second)
    assert engines(var_dir) == 2
    first.communicate()
    second.communicate()


def test_a_failed_start_is_told_in_one_line(var_dir: Path) -> None:
    (var_dir / "postgres").write_text("a file where the folder should be")
    ended = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--plan"],
        cwd=env.BASE_DIR,
        env={name: value for name, value in os.environ.items() if name != "REDIS_URL"}
        | {"VAR_DIR": str(var_dir)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("Embedded PostgreSQL: ")
    assert ended.stderr.count("\n") == 1


def test_a_long_path_is_no_obstacle() -> None:
    place = places.postgres(Path("/srv") / ("long" * 40))
    assert len(str(place.socket)) < places.SOCKET_PATH_LIMIT
    assert embedded.database_url(place.var_dir).endswith(str(place.sockets))

"""Several real clocks at once: one ticks, whatever happens to the others, to the database and to Redis."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import redis
from django.db import connection

from helpdesk import env
from helpdesk.beat import LOCK
from helpdesk.lib.standing_lock import StandingLock
from tests.smtp import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
QUEUE = "helpdesk:celery:celery"
TICKS, STANDS_BY, LOST = "has the lock and ticks", "stands by", "has lost the lock"


class Beat:
    """A clock in a process of its own, as the supervisor starts it."""

    def __init__(self, environ: dict[str, str], folder: Path) -> None:
        self.log = folder / "log"
        options = ["beat", "--pidfile=", f"--schedule={folder / 'schedule'}", "--loglevel", "info"]
        quiet = ["-W", "ignore::RuntimeWarning:celery.platforms", "-m", "celery", "-A", "helpdesk", "--quiet"]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, *quiet, *options],
                cwd=env.BASE_DIR,
                env=environ | {"LOG_LEVEL": "INFO"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def count(self, words: str) -> int:
        return self.log.read_text().count(words)

    def says(self, words: str, times: int = 1) -> None:
        wait_until(
            lambda: self.count(words) >= times, what=f"{words}, said {times} times by {self.process.pid}"
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


StartBeat = Callable[..., Beat]


@pytest.fixture
def queue() -> redis.Redis:
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    client.flushdb()
    return client


@pytest.fixture
def start_beat(process_env: dict[str, str], tmp_path: Path, queue: redis.Redis) -> Iterator[StartBeat]:
    """``start_beat("first")``: the name is that of the folder where it keeps its schedule."""
    beats: list[Beat] = []

    def start(name: str, **environ: str) -> Beat:
        (tmp_path / name).mkdir(exist_ok=True)
        beats.append(Beat(process_env | environ, tmp_path / name))
        return beats[-1]

    yield start
    for beat in beats:
        beat.kill()
        print(beat.log.read_text())


def senders(queue: redis.Redis) -> set[int]:
    """The processes that sent what waits in the queue."""
    waiting: Any = queue.lrange(QUEUE, 0, -1)
    origins = [str(json.loads(message)["headers"]["origin"]) for message in waiting]
    return {int(origin.removeprefix("gen").partition("@")[0]) for origin in origins}


def test_one_ticks_and_the_other_takes_over(start_beat: StartBeat, queue: redis.Redis) -> None:
    first = start_beat("first")
    first.says(TICKS)
    second = start_beat("second")
    second.says(STANDS_BY)
    wait_until(lambda: senders(queue) == {first.process.pid}, what="the first sends")
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait()
    queue.flushdb()
    second.says(TICKS)
    wait_until(lambda: senders(queue), what="the second sends")
    assert senders(queue) == {second.process.pid}
    assert (first.count(TICKS), second.count(TICKS)) == (1, 1)


@pytest.mark.long
def test_several_started_at_once(start_beat: StartBeat, queue: redis.Redis) -> None:
    """On one machine and with one file, as when somebody starts a second by mistake."""
    beats = [start_beat("same") for _ in range(3)]
    shared = beats[0]  # they write into one log
    shared.says(STANDS_BY, times=2)
    shared.says(TICKS)
    wait_until(lambda: senders(queue), what="somebody sends")
    assert len(senders(queue)) == 1
    assert shared.count(TICKS) == 1


@pytest.mark.long
def test_a_flushed_redis_makes_no_second_clock(start_beat: StartBeat, queue: redis.Redis) -> None:
    first, second = start_beat("first"), start_beat("second")
    wait_until(lambda: first.count(TICKS) + second.count(TICKS) == 1, what="one ticks")
    wait_until(lambda: first.count(STANDS_BY) + second.count(STANDS_BY) == 1, what="one stands by")
    ticking = first if first.count(TICKS) else second
    queue.flushall()
    wait_until(lambda: senders(queue), what="it goes on sending")
    assert senders(queue) == {ticking.process.pid}
    assert first.count(TICKS) + second.count(TICKS) == 1


@pytest.mark.long
def test_who_loses_the_lock_stops(start_beat: StartBeat, queue: redis.Redis) -> None:
    beat = start_beat("only")
    beat.says(TICKS)
    mine = StandingLock(LOCK)

    def is_mine() -> bool:
        """A beat that was about to send asks once more at once, and may be quicker than we."""
        if mine.hold():
            return True
        mine.release()
        end_sessions()
        return False

    wait_until(is_mine, what="the lock, once its session has ended")
    beat.says(LOST)
    beat.says(STANDS_BY)
    ticked = beat.count(TICKS)
    queue.flushdb()
    assert mine.hold()
    assert senders(queue) == set()
    mine.release()
    beat.says(TICKS, times=ticked + 1)
    wait_until(lambda: senders(queue) == {beat.process.pid}, what="it sends again")


@pytest.mark.long
def test_a_database_that_is_away_for_a_while(
    start_beat: StartBeat, process_env: dict[str, str], tmp_path: Path
) -> None:
    """Its socket is not there, comes, goes and comes again; the beat lives through it all."""
    url = process_env["DATABASE_URL"]
    real = Path(parse_qs(urlsplit(url).query)["host"][0])
    door = tmp_path / "d"
    door.mkdir()
    beat = start_beat("only", DATABASE_URL=url.replace(str(real), str(door)))
    beat.says("stands by: the database does not answer")
    socket = next(real.glob(".s.PGSQL.*[0-9]"))
    (door / socket.name).symlink_to(socket)
    beat.says(TICKS)
    (door / socket.name).unlink()
    end_sessions()
    beat.says(LOST)
    (door / socket.name).symlink_to(socket)
    beat.says(TICKS, times=2)
    assert beat.process.poll() is None


@pytest.mark.long
def test_ended_in_peace_it_lets_go(start_beat: StartBeat) -> None:
    beat = start_beat("only")
    beat.says(TICKS)
    beat.process.terminate()
    assert beat.process.wait(60) == 0
    mine = StandingLock(LOCK)
    wait_until(mine.hold)
    mine.release()
    assert (beat.log.parent / "schedule.alive").exists(), "what a container's health check looks at"


def end_sessions() -> None:
    """As an administrator would, or a restart."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = %s AND datname = current_database()",
            [LOCK],
        )

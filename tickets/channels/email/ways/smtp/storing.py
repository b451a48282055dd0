"""The database's part of the dialogue: in threads, because the dialogue itself must not wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import close_old_connections, connections

Got = TypeVar("Got")
THREADS = 4
#: Bytes. Larger ones are received two at a time and stored one by one, as storing takes several times their size.
LARGE = 512 * 1024


class Threads:
    """Each thread has a database connection to itself, looked after before and after each job."""

    def __init__(self) -> None:
        self._many = ThreadPoolExecutor(THREADS, thread_name_prefix="mail")
        self._one = ThreadPoolExecutor(1, thread_name_prefix="large-mail")

    async def run(self, job: Callable[[], Got], *, size: int = 0) -> Got:
        """What the job gives. Once begun it ends, even if whoever asked has hung up."""
        pool = self._one if size > LARGE else self._many
        return await asyncio.get_running_loop().run_in_executor(pool, _with_connection, job)

    def finish(self) -> None:
        """Wait for what was begun."""
        for pool in (self._many, self._one):
            pool.shutdown(wait=True)


def _with_connection(job: Callable[[], Got]) -> Got:
    close_old_connections()
    try:
        return job()
    except Exception:
        # Whatever is wrong with it, the next job begins with another.
        connections.close_all()
        raise
    finally:
        close_old_connections()

"""Several people who act in the same moment: a thread and a database connection for each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection


def all_at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each gave back, or the exception that it raised, in the order of the acts.

    Rows must be committed for the others to see them: @pytest.mark.django_db(transaction=True).
    """
    results: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(place: int) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            results[place] = acts[place]()
        except Exception as problem:
            results[place] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results

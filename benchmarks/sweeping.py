"""One sweep of the due clocks, as the worker's task does it, in a process that did nothing before."""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

from benchmarks.clocks import NOW

TIMES = 50
COUNTED = ("tickets_event", "tickets_steptaken", "tickets_notice", "tickets_outboxmail")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--plans", action="store_true")
    options = parser.parse_args()
    django.setup()
    from django.db import connection

    from helpdesk.lib import clock
    from tickets import tasks

    connection.ensure_connection()
    bare = _peak()
    with clock.frozen(NOW - timedelta(minutes=1)):
        quiet = _none_due()
    with clock.frozen(NOW):
        _sweep(tasks.sweep_timers, bare)
        after = _none_due()
        print(f"None due: {quiet} before; right after, nothing vacuumed, {after}")
        _autovacuum()
        if options.plans:
            from benchmarks.plans import show

            show()


def _peak() -> float:
    """The most memory that this process held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _served() -> float:
    """Seconds of a processor that PostgreSQL spent on our connection."""
    fields = Path(f"/proc/{_ask('SELECT pg_backend_pid()')}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _ask(statement: str) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def _none_due() -> str:
    from tickets.actions import escalation

    spans = []
    for _turn in range(TIMES):
        start = time.perf_counter()
        assert escalation.sweep() == 0
        spans.append((time.perf_counter() - start) * 1000)
    return f"{statistics.median(spans):.1f} ms (the first {spans[0]:.1f})"


def _sweep(task: Callable[[], None], bare: float) -> None:
    from tickets.models import Timer

    due = Timer.objects.filter(check_at__lte=NOW)
    count = due.count()
    before = {table: _rows(table) for table in COUNTED}
    load, started, used, served = os.getloadavg()[0], time.perf_counter(), time.process_time(), _served()
    task()
    seconds, busy, served = time.perf_counter() - started, time.process_time() - used, _served() - served
    peak, left = _peak(), due.count()
    written = ", ".join(
        f"{_rows(table) - before[table]:,} {table.removeprefix('tickets_')}" for table in COUNTED
    )
    swept = count - left
    print(
        f"{swept:,} of {count:,} due clocks swept in {seconds:.1f} s: {swept / seconds:,.0f} a second; {left} left"
    )
    print(
        f"  on the processor: {busy:.1f} s Python, {served:.1f} s PostgreSQL; load {load:.1f} before, {os.getloadavg()[0]:.1f} after"
    )
    print(f"  new rows: {written}")
    print(f"  peak memory {peak:.0f} MB, {peak - bare:.0f} MB over the bare process")
    floor = _floor(max(swept, 1))
    print(
        f"  floor, one UPDATE of as many clocks: {floor:.2f} s; the sweep takes {seconds / floor:.0f} times as long"
    )


def _rows(table: str) -> int:
    return int(_ask(f"SELECT count(*) FROM {table}"))


def _floor(count: int) -> float:
    """The same number of clocks marked in one statement: those that come next."""
    started = time.perf_counter()
    _ask(
        "WITH marked AS (UPDATE tickets_timer SET breached_at = due_at, check_at = NULL WHERE id IN"
        f" (SELECT id FROM tickets_timer WHERE check_at IS NOT NULL ORDER BY check_at LIMIT {count}"
        " FOR UPDATE SKIP LOCKED) RETURNING id) SELECT count(*) FROM marked"
    )
    return time.perf_counter() - started


def _autovacuum() -> None:
    told = _ask(
        "SELECT string_agg(format('%s: %s dead, %s autovacuums', relname, n_dead_tup, autovacuum_count), '; ')"
        " FROM pg_stat_user_tables WHERE relname IN ('tickets_timer', 'tickets_ticket')"
    )
    print(f"  {told}")


if __name__ == "__main__":
    main()

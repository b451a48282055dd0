"""A desk of open cases for the sweep: ``python -m benchmarks.clocks --open 1000000 --due 10000``, in minutes.

Two running clocks a case, their moments computed by the product's own rules for a few thousand shapes of a case and then
multiplied in SQL. ``due`` of the cases have one clock whose promise ends within the twenty seconds before ``NOW``; what
came before the end (the steps at 50 % and 80 %) is noted as taken wherever its moment has passed.
"""

from __future__ import annotations

import argparse
import datetime
import random
import time
from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from benchmarks.desk import Desk, Promised
    from tickets.rules.business_time import WorkingCalendar

#: A Wednesday in office hours, twenty seconds past ten in Shanghai: the sweep's clock is stopped here.
NOW = datetime.datetime(2026, 3, 4, 2, 0, 20, tzinfo=UTC)
OPEN_SHAPES, DUE_SHAPES = 4000, 1000
TABLES = ("tickets_ticket", "tickets_timer", "tickets_event", "tickets_steptaken")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--open", type=int, required=True)
    parser.add_argument("--due", type=int, required=True)
    options = parser.parse_args()
    django.setup()
    started = time.perf_counter()
    seed(options.open, options.due)
    print(f"Seeded {options.open:,} open tickets in {time.perf_counter() - started:.0f} s.", flush=True)


def seed(count: int, due: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from benchmarks import desk

    call_command("migrate", verbosity=0)
    made = desk.build()
    with connection.cursor() as cursor:
        # No trigger asks for each of millions of rows whether what it names is there.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        _write_shapes(cursor, made)
        indexes = _drop_indexes(cursor)
        for statement in _statements(count, due):
            cursor.execute(statement)
        for statement in indexes:
            cursor.execute(statement)
        for table in TABLES:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
        cursor.execute("DROP TABLE shape")
        cursor.execute("VACUUM ANALYZE")


def _drop_indexes(cursor: Any) -> list[str]:
    """Building them at the end takes a fraction of keeping them up to date; those of constraints stay."""
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS"
        " (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
        [list(TABLES)],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in found]


def _write_shapes(cursor: Any, made: Desk) -> None:
    from psycopg2.extras import execute_values

    cursor.execute(
        "CREATE UNLOGGED TABLE shape (is_due bool, n int, brand int, customer int, category int, team int, assignee int,"
        " priority int, channel text, policy int, calendar int, opened timestamptz, broken bool, nearest timestamptz,"
        " targets int[], dues timestamptz[], checks timestamptz[], breaches timestamptz[], taken_1 int[], taken_2 int[])"
    )
    rng = random.Random(1)
    rows = [
        _shape(made, rng, n, due)
        for due, many in ((False, OPEN_SHAPES), (True, DUE_SHAPES))
        for n in range(many)
    ]
    execute_values(cursor.cursor, "INSERT INTO shape VALUES %s", rows)
    cursor.execute("ALTER TABLE shape ADD PRIMARY KEY (is_due, n)")
    cursor.execute("ANALYZE shape")


def _shape(made: Desk, rng: random.Random, n: int, due: bool) -> tuple[Any, ...]:
    """One way a case may stand at NOW. Of the due ones a quarter break the solution, the others the first reply."""
    brand, team = rng.choice(made.brands), rng.choice(made.teams)
    priority, policy = rng.choice([10, 20, 20, 20, 30, 40]), made.policies[n % 10 == 0]
    promised = policy.promised(priority)
    hours, broken = made.hours[brand.pk], promised[n % 4 == 0] if due else None
    while True:
        used = broken.target + rng.randrange(20) if broken else rng.randrange(1, promised[0].target)
        opened = _opened(hours, used)
        clocks = [_clock(hours, promise, opened) for promise in promised]
        dues, checks, breaches, taken = (list(column) for column in zip(*clocks, strict=True))
        if sum(check is not None and check <= NOW for check in checks) == due:
            break
    return (
        *(due, n, brand.pk, rng.choice(made.customers), rng.choice(made.categories), team.pk),
        rng.choice(made.agents[team.pk]).pk if rng.random() < 0.7 else None,
        *(priority, policy.channel, policy.pk, made.calendars[brand.pk], opened),
        *(any(breaches), min(dues), [promise.target for promise in promised], dues, checks, breaches, *taken),
    )


def _opened(hours: WorkingCalendar, used: int) -> datetime.datetime:
    """The last second from which so much working time has run until NOW."""
    from tickets.rules.business_time import working_seconds_between

    early, late = 0, 120 * 24 * 3600
    while early < late:
        middle = (early + late) // 2
        if working_seconds_between(hours, NOW - timedelta(seconds=middle), NOW) < used:
            early = middle + 1
        else:
            late = middle
    return NOW - timedelta(seconds=early)


def _clock(hours: WorkingCalendar, promise: Promised, opened: datetime.datetime) -> tuple[Any, ...]:
    """Due, to be looked at, broken before this sweep, and the steps already taken."""
    from tickets.rules import sla

    run = sla.Run(promise.target, 0, opened)
    due = sla.due_at(hours, run)
    assert due is not None
    moments = {step.pk: sla.step_at(hours, run, due, step) for step in promise.steps}
    before = NOW - timedelta(seconds=20)  # when the last sweep was
    taken = [pk for pk, at in moments.items() if at is not None and at < before]
    broken = due < before
    check = sla.next_check(hours, run, due, broken, [step for step in promise.steps if step.pk not in taken])
    return due, check, due if broken else None, taken


def _statements(count: int, due: int) -> Iterator[str]:
    every = max(count // due, 1) if due else count + 1
    numbered = (
        f"SELECT g, g % {every} = 0 AND g / {every} <= {due} AS is_due, g / {every} % {DUE_SHAPES} AS due_shape,"
        f" g % {OPEN_SHAPES} AS open_shape FROM generate_series(1, {count}) AS g OFFSET 0"
    )
    shaped = (
        f"FROM ({numbered}) AS numbered JOIN shape"
        " ON (shape.is_due, shape.n) = (numbered.is_due, CASE WHEN numbered.is_due THEN due_shape ELSE open_shape END)"
    )
    yield (
        "INSERT INTO tickets_ticket (id, number, brand_id, customer_id, category_id, subject, fields, language, channel,"
        " status, priority, team_id, assignee_id, tags, version, created_at, updated_at, reopen_count, due_at, is_breached,"
        " is_complaint, last_customer_message_at)"
        " SELECT g, lpad(g::text, 9, '0'), brand, customer + g % 50000, category, 'Withdrawal not arrived ' || g, '{}',"
        " 'zh-hans', channel, 'open', priority, team, assignee, '{}', 3, opened, opened, 0, nearest, broken, false, opened "
        + shaped
    )
    for place, kind in ((1, "first_response"), (2, "resolution")):
        yield (
            "INSERT INTO tickets_timer (id, ticket_id, kind, policy_id, is_statutory, calendar_id, target_seconds,"
            " pauses_on, state, started_at, running_since, used_seconds, due_at, check_at, breached_at, breach_cause)"
            f" SELECT g * 2 - {2 - place}, g, '{kind}', policy, false, calendar, targets[{place}], '{{pending}}',"
            f" 'running', opened, opened, 0, dues[{place}], checks[{place}], breaches[{place}],"
            f" CASE WHEN breaches[{place}] IS NULL THEN '' ELSE 'nobody' END " + shaped
        )
        yield (
            "INSERT INTO tickets_steptaken (timer_id, step_id, at)"
            f" SELECT g * 2 - {2 - place}, unnest(taken_{place}), opened " + shaped
        )
    yield (
        "INSERT INTO tickets_event (ticket_id, kind, at, actor_kind, actor_name, data)"
        " SELECT g, 'opened', opened, 'customer', 'Wang', '{\"channel\": \"web\"}' " + shaped
    )
    yield (
        "INSERT INTO tickets_event (ticket_id, kind, at, actor_kind, actor_name, data)"
        " SELECT ticket_id, 'timer_started', started_at, 'customer', 'Wang', jsonb_build_object('timer', kind,"
        " 'timer_id', id, 'why', 'opened', 'used_seconds', 0, 'target_seconds', target_seconds, 'calendar', calendar_id,"
        " 'due_at', due_at) FROM tickets_timer"
    )


if __name__ == "__main__":
    main()

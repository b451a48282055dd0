"""How PostgreSQL runs the statements of one batch of the sweep, each with what it read and how long it took."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.db import connection, transaction

from helpdesk.lib import clock
from tickets.actions import escalation
from tickets.models import Timer

EXPLAINED = ("SELECT", "INSERT", "UPDATE", "WITH")
LONGEST = 220


class Explained:
    """Runs each statement twice: explained and taken back, then in earnest. Each kind of statement is kept once."""

    def __init__(self) -> None:
        self.plans: dict[str, list[str]] = {}

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        name = sql[:LONGEST]
        if sql.lstrip().startswith(EXPLAINED) and name not in self.plans:
            with connection.connection.cursor() as cursor:
                cursor.execute("SAVEPOINT explained")
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)
                self.plans[name] = [line for (line,) in cursor.fetchall()]
                cursor.execute("ROLLBACK TO SAVEPOINT explained")
        return execute(sql, params, many, context)


def show() -> None:
    """Of the clocks that come next; nothing of it is kept."""
    upcoming = Timer.objects.exclude(check_at=None).order_by("check_at").values_list("check_at", flat=True)
    explained = Explained()
    next_at = upcoming[escalation.BATCH]
    assert next_at is not None  # excluded above
    with ExitStack() as during:
        during.enter_context(clock.frozen(next_at))
        during.enter_context(transaction.atomic())
        during.enter_context(connection.execute_wrapper(explained))
        swept = escalation.sweep()
        transaction.set_rollback(True)
    print(f"\nThe statements of a batch of {swept} clocks:")
    for name, plan in explained.plans.items():
        print(f"\n{name}{' …' if len(name) == LONGEST else ''}")
        print("\n".join(f"    {line}" for line in plan))

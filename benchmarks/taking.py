"""Take next on a big desk: ``python -m benchmarks.taking --tickets 200000 --var-dir var/bench``.

Most of the open cases are made nobody's, as on the worst of mornings; then people take the next one, one after the
other, each in a transaction that is taken back. Prints p50 and p95 of the verb (all of its statements, no page), for
agents of every team at once, and for one whose language and skills fit few of the cases; and how PostgreSQL runs
the statement that chooses.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.server import BASE_DIR


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--tickets", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--var-dir", type=Path, default=BASE_DIR / "var" / "bench")
    return parser.parse_args()


def main() -> None:
    chosen = options()
    chosen.var_dir.mkdir(parents=True, exist_ok=True)
    chosen.var_dir.chmod(0o711)
    from helpdesk import embedded

    embedded.attach(chosen.var_dir)
    from benchmarks.__main__ import environment, free_port

    os.environ.update(environment(chosen.var_dir, free_port()))
    import django

    django.setup()
    from benchmarks import prepare

    prepare.ready(chosen.tickets)
    _measure(chosen.times)


def _measure(times: int) -> None:
    from django.db import connection

    from accounts.models import User
    from tickets.models import Category, Ticket

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_ticket SET assignee_id = NULL WHERE status IN ('new', 'open') AND assignee_id IS NOT NULL"
            " AND id % 10 <> 0"
        )
        cursor.execute("VACUUM ANALYZE tickets_ticket")
    User.objects.exclude(role="customer").update(capacity=30_000, is_on_duty=True, speaks=[], skills=[])
    waiting = Ticket.objects.filter(assignee=None, status__in=["new", "open"]).count()
    print(f"{Ticket.objects.count():,} tickets, {waiting:,} of them wait for somebody.")
    agents = list(User.objects.filter(role="agent", is_active=True))
    _time("agents, each in turn", lambda number: agents[number % len(agents)], times)
    _time("an administrator: every team", lambda _number: User.objects.get(role="administrator"), times)
    rare = Category.objects.order_by("-pk").first()
    assert rare is not None
    Category.objects.exclude(pk=rare.pk).update(skill="rare")
    agents[0].speaks = ["en"]
    agents[0].save()
    _time("an agent who can do few", lambda _number: agents[0], times)
    _explain(agents[0])
    Category.objects.update(skill="")


def _time(what: str, who: Callable[[int], Any], times: int) -> None:
    from django.db import transaction

    from tickets.actions.taking import take_next

    spent, found = [], 0
    for number in range(times + 10):
        person = who(number)
        with transaction.atomic():
            started = time.perf_counter()
            found += take_next(person) is not None
            if number >= 10:
                spent.append((time.perf_counter() - started) * 1000)
            transaction.set_rollback(True)
    p95 = statistics.quantiles(spent, n=20)[-1]
    print(
        f"{what}: least {min(spent):.1f} ms, p50 {statistics.median(spent):.1f} ms, p95 {p95:.1f} ms, found {found} of {times + 10}"
    )


def _explain(person: Any) -> None:
    from django.db import connection, transaction

    from benchmarks.plans import Explained
    from tickets.actions.taking import take_next

    explained = Explained()
    with transaction.atomic(), connection.execute_wrapper(explained):
        take_next(person)
        transaction.set_rollback(True)
    for name, plan in explained.plans.items():
        if "WITH found" in name or "accounts_user" in name:
            print(f"\n{name.strip()[:100]} …")
            print("\n".join(f"    {line}" for line in plan))


if __name__ == "__main__":
    main()

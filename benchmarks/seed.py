"""A big desk in minutes: ``python -m benchmarks.seed --tickets 100000``, valid for every page.

Needs the demo's configuration (``manage.py load_demo --tickets 0``), which ``benchmarks.run`` loads first.
Two messages, two clocks, three to six events and one search document a ticket, over one year, one in eight open.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import django


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    from helpdesk import embedded, env

    embedded.attach(env.read().var_dir)
    django.setup()
    started = time.perf_counter()
    seed(options.tickets, random.Random(options.seed))
    seconds = time.perf_counter() - started
    print(f"{options.tickets} tickets seeded in {seconds:.1f} s ({options.tickets / seconds:.0f} a second)")


@dataclass
class World:
    """What exists before: ids of brands, categories with team and policy, people, calendars."""

    brands: list[Any]
    categories: list[tuple[int, int, Any]]
    agents: dict[tuple[int, int], list[Any]]
    calendars: dict[int, Any]
    targets: dict[tuple[int, int], dict[str, int]]
    numbers: set[str] = field(default_factory=set)


def read_world() -> World:
    from accounts.models import Brand, Team, User
    from tickets.models import Category, SlaTarget, Ticket
    from tickets.queries.calendars import calendar_for
    from tickets.queries.categories import policy_of, route_of

    brands = list(Brand.objects.all())
    categories = []
    some_team = Team.objects.values_list("pk", flat=True)[0]
    for category in Category.objects.select_related("parent"):
        categories.append((category.pk, route_of(category).team_id or some_team, policy_of(category)))
    agents: dict[tuple[int, int], list[Any]] = {}
    for user in User.objects.filter(role="agent").prefetch_related("brands", "teams"):
        for brand in user.brands.all():
            for team in user.teams.all():
                agents.setdefault((brand.pk, team.pk), []).append(user)
    targets: dict[tuple[int, int], dict[str, int]] = {}
    for row in SlaTarget.objects.all():
        targets.setdefault((row.policy_id, row.priority), {})[row.kind] = row.minutes * 60
    calendars = {brand.pk: calendar_for(team_id=None, brand_id=brand.pk) for brand in brands}
    taken = set(Ticket.objects.values_list("number", flat=True))
    return World(brands, categories, agents, calendars, targets, taken)


def seed(count: int, rng: random.Random) -> None:
    from django.db import connection, transaction

    from benchmarks.copying import copy, renumber
    from benchmarks.tables import TABLES, all_openings, rows_of

    world = read_world()
    with transaction.atomic():
        openings = all_openings(count, rng)
        for batch in batches(count, 10_000):
            rows = rows_of(world, {number: openings[number] for number in batch}, rng)
            for model, columns in TABLES():
                copy(model, columns, rows[model])
        renumber(*(model for model, columns in TABLES() if columns[0] == "id"))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def batches(count: int, size: int) -> Iterator[range]:
    for start in range(0, count, size):
        yield range(start, min(start + size, count))


if __name__ == "__main__":
    main()

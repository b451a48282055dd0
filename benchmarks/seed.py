"""A big desk in minutes: ``python -m benchmarks.seed --tickets 100000``, valid for every page.

Needs the demo's configuration (``manage.py load_demo --tickets 0``), which ``benchmarks.prepare`` loads first.
Three messages (one ticket in 100,000: three hundred), two clocks (more for complaints), six to nine events and one search
document a ticket, over one year, one in eight open. Of a great many, the indexes are built afterwards.
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
    """What exists before: brands, categories with their teams, people, policies and whose hours they count in."""

    brands: list[Any]
    categories: list[tuple[Any, int]]
    agents: dict[tuple[int, int], list[Any]]
    policies: list[Any]
    calendars: Any
    numbers: set[str] = field(default_factory=set)


def read_world() -> World:
    from accounts.models import Brand, Team, User
    from tickets.models import Category, Ticket
    from tickets.queries.categories import route_of, with_lineage
    from tickets.queries.promises import Calendars, policies

    brands = list(Brand.objects.all())
    some_team = Team.objects.values_list("pk", flat=True)[0]
    categories = [
        (category, route_of(category).team_id or some_team)
        for category in Category.objects.select_related(*with_lineage())
    ]
    agents: dict[tuple[int, int], list[Any]] = {}
    for user in User.objects.filter(role="agent").prefetch_related("brands", "teams"):
        for brand in user.brands.all():
            for team in user.teams.all():
                agents.setdefault((brand.pk, team.pk), []).append(user)
    taken = set(Ticket.objects.values_list("number", flat=True))
    return World(brands, categories, agents, policies(), Calendars(), taken)


def seed(count: int, rng: random.Random) -> None:
    from django.db import connection, transaction

    from benchmarks.copying import copy, renumber, without_indexes
    from benchmarks.tables import TABLES, all_openings, rows_of

    world = read_world()
    with transaction.atomic(), without_indexes(TABLES(), count):
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

"""What may be chosen on the agents' pages. Small tables that seldom change: remembered for a minute."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.core.cache import cache
from django.utils.translation import get_language

from accounts import access
from accounts.models import Brand, Team, User
from accounts.rules.capabilities import CAPABILITIES, Capability, Role
from tickets.models import Category, Macro, Ticket
from tickets.queries.categories import with_lineage
from tickets.rules import visibility

SECONDS = 60
T = TypeVar("T")


@dataclass(frozen=True)
class Choice:
    value: int
    label: str


@dataclass(frozen=True)
class Worker:
    """Somebody who answers tickets, with what tells which."""

    value: int
    label: str
    role: Role
    brands: frozenset[int]
    teams: frozenset[int]

    def may_see(self, ticket: Ticket) -> bool:
        """As ``rules.visibility.may_see``, for somebody who need not be loaded; the verb asks that one again."""
        may = CAPABILITIES[self.role]
        if Capability.VIEW_ALL_TICKETS in may:
            return True
        if ticket.brand_id not in self.brands:
            return False
        every_team = Capability.VIEW_BRAND_TICKETS in may
        return every_team or ticket.team_id is None or ticket.team_id in self.teams


def _remembered(name: str, load: Callable[[], T]) -> T:
    key = f"picker:{name}:{get_language()}"
    known: T | None = cache.get(key)
    if known is None:
        known = load()
        cache.set(key, known, SECONDS)
    return known


def categories() -> list[Choice]:
    """Those in use, each below its parent."""

    def load() -> list[Choice]:
        rows = Category.objects.filter(is_active=True).select_related(*with_lineage())
        ordered = sorted(rows, key=_place)
        return [
            Choice(row.pk, " › ".join(node.name for node in reversed([*row.lineage()]))) for row in ordered
        ]

    return _remembered("categories", load)


def _place(category: Category) -> list[tuple[int, str]]:
    return [(node.position, node.slug) for node in reversed([*category.lineage()])]


def brands(user: User) -> list[Choice]:
    """The brands whose tickets somebody sees."""
    every = _remembered("brands", lambda: [Choice(row.pk, row.name) for row in Brand.objects.all()])
    scope = visibility.scope_of(user)
    return [choice for choice in every if scope.everything or choice.value in scope.brands]


def teams() -> list[Choice]:
    return _remembered(
        "teams", lambda: [Choice(row.pk, row.name) for row in Team.objects.filter(is_active=True)]
    )


def workers() -> list[Worker]:
    def load() -> list[Worker]:
        roles = access.roles_that_can(Capability.WORK_TICKETS)
        rows = User.objects.filter(role__in=roles, is_active=True).prefetch_related("brands", "teams")
        found = [
            Worker(
                row.pk,
                row.display_name,
                Role(row.role),
                frozenset(brand.pk for brand in row.brands.all()),
                frozenset(team.pk for team in row.teams.all()),
            )
            for row in rows
        ]
        return sorted(found, key=lambda worker: worker.label.casefold())

    return _remembered("workers", load)


def colleagues(user: User) -> list[Worker]:
    """Whose tickets somebody might look for."""
    scope = visibility.scope_of(user)
    return [worker for worker in workers() if scope.everything or worker.brands & scope.brands]


def may_have(ticket: Ticket) -> list[Worker]:
    """To whom a ticket can be given."""
    return [worker for worker in workers() if worker.may_see(ticket)]


def macros(ticket: Ticket) -> list[Macro]:
    """Those that fit the ticket's brand and category, or a category above it."""
    every = _remembered("macros", lambda: list(Macro.objects.filter(is_active=True)))
    above = {node.pk for node in ticket.category.lineage()} if ticket.category else set()
    return [
        macro
        for macro in every
        if macro.brand_id in (None, ticket.brand_id)
        and (macro.category_id is None or macro.category_id in above)
    ]

"""What may be chosen on the agents' pages. Small tables that seldom change: remembered for a minute."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import get_language

from accounts import access
from accounts.models import Brand, Team, User
from accounts.rules.capabilities import CAPABILITIES, Capability, Role
from tickets.models import Category, Macro, Ticket
from tickets.queries.categories import with_lineage
from tickets.queries.macros import case_of, teams_of
from tickets.rules import visibility
from tickets.rules.macros import fits

SECONDS = 60


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


@dataclass(frozen=True)
class Pickers:
    categories: list[Choice]
    every_brand: list[Choice]
    teams: list[Choice]
    workers: list[Worker]
    every_macro: list[Macro]

    def brands(self, user: User) -> list[Choice]:
        """The brands whose tickets somebody sees."""
        scope = visibility.scope_of(user)
        return [choice for choice in self.every_brand if scope.everything or choice.value in scope.brands]

    def colleagues(self, user: User) -> list[Worker]:
        """Whose tickets somebody might look for."""
        scope = visibility.scope_of(user)
        return [worker for worker in self.workers if scope.everything or worker.brands & scope.brands]

    def may_have(self, ticket: Ticket) -> list[Worker]:
        """To whom a ticket can be given."""
        return [worker for worker in self.workers if worker.may_see(ticket)]

    def macros(self, ticket: Ticket, user: User) -> list[Macro]:
        """Those that fit the case, for somebody of the user's teams."""
        case, teams = case_of(ticket), teams_of(user)
        return [macro for macro in self.every_macro if fits(macro.conditions, case, teams=teams)]

    def macros_of(self, user: User) -> list[Macro]:
        """Those that somebody may use on one case or another."""
        brands, teams = {choice.value for choice in self.brands(user)}, teams_of(user)
        return [
            macro
            for macro in self.every_macro
            if (macro.brand_id is None or macro.brand_id in brands)
            and (macro.team_id is None or teams is None or macro.team_id in teams)
        ]


def load() -> Pickers:
    """In the reader's language; all in one, because each look into the cache costs as much as a query."""
    key = f"pickers:{get_language()}"
    known: Pickers | None = cache.get(key)
    if known is None:
        known = Pickers(
            categories=_categories(),
            every_brand=[Choice(row.pk, row.name) for row in Brand.objects.all()],
            teams=[Choice(row.pk, row.name) for row in Team.objects.filter(is_active=True)],
            workers=_workers(),
            every_macro=list(Macro.objects.filter(is_active=True)),
        )
        cache.set(key, known, SECONDS)
    return known


def _categories() -> list[Choice]:
    """Those in use, each below its parent."""
    rows = Category.objects.filter(is_active=True).select_related(*with_lineage())
    return [
        Choice(row.pk, " › ".join(node.name for node in reversed([*row.lineage()])))
        for row in sorted(rows, key=_place)
    ]


def _place(category: Category) -> list[tuple[int, str]]:
    return [(node.position, node.slug) for node in reversed([*category.lineage()])]


def _workers() -> list[Worker]:
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

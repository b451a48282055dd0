"""Which cases a page of numbers speaks of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.db.models import Q

from accounts.models import Brand, Decoy, Team, User
from tickets.models import Category, Ticket
from tickets.models.tickets import TicketQuerySet
from tickets.rules.analytics import Period, Span
from tickets.rules.visibility import scope_of


@dataclass(frozen=True)
class CaseScope:
    """The viewer's own cases, narrowed. ``categories`` are those of the whole branch; None narrows nothing."""

    user: User
    period: Period
    now: datetime
    brand: Brand | None = None
    category: Category | None = None
    categories: frozenset[int] | None = None
    team: Team | None = None
    channel: str = ""
    #: Speaks of the period of comparison instead.
    is_earlier: bool = False

    def tickets(self) -> TicketQuerySet:
        # Decoys are no cases; there are few, so they are looked up once for a whole question.
        rows = Ticket.objects.visible_to(self.user).exclude(customer__in=Decoy.objects.values("customer"))
        if self.brand is not None:
            rows = rows.filter(brand=self.brand)
        if self.categories is not None:
            rows = rows.filter(category_id__in=self.categories)
        if self.team is not None:
            rows = rows.filter(team=self.team)
        return rows.filter(channel=self.channel) if self.channel else rows

    @cached_property
    def span(self) -> Span:
        return self.before if self.is_earlier else self.period.span(self.now)

    @cached_property
    def before(self) -> Span:
        return self.period.before(self.now)

    def moved(self) -> TicketQuerySet:
        """Cases opened, first answered or solved in the period or in the one before."""
        return self.tickets().filter(
            within("created_at", self.both)
            | within("first_response_at", self.both)
            | within("solved_at", self.both)
        )

    @property
    def both(self) -> Span:
        """From the beginning of the period before to the end of this one."""
        return Span(self.before.start, self.span.end)

    def earlier(self) -> CaseScope:
        """The same cases in the period of comparison."""
        return replace(self, is_earlier=True)


def within(field: str, span: Span) -> Q:
    return Q(**{f"{field}__gte": span.start, f"{field}__lt": span.end})


def brands_of(user: User) -> list[Brand]:
    """The brands whose numbers this person may see."""
    scope = scope_of(user)
    rows = Brand.objects.filter(is_active=True)
    return list(rows if scope.everything else rows.filter(pk__in=scope.brands))


def teams_of(user: User) -> list[Team]:
    scope = scope_of(user)
    rows = Team.objects.filter(is_active=True)
    return list(rows if scope.teams is None else rows.filter(pk__in=scope.teams))


class CategoryTree:
    """All categories, read once: who lies below whom, in the order of the tree."""

    def __init__(self, rows: Iterable[Category] | None = None) -> None:
        found = list(Category.objects.all() if rows is None else rows)
        self.by_id = {row.pk: row for row in found}
        self.children: dict[int | None, list[Category]] = {}
        for row in found:
            self.children.setdefault(row.parent_id, []).append(row)

    def branch(self, category: Category) -> frozenset[int]:
        """The category and all below it."""
        below = [self.branch(child) for child in self.children.get(category.pk, [])]
        return frozenset({category.pk}).union(*below)

    def walk(self, parent_id: int | None = None, depth: int = 0) -> list[tuple[int, Category]]:
        """(depth, category), each followed by what lies below it."""
        found: list[tuple[int, Category]] = []
        for row in self.children.get(parent_id, []):
            found += [(depth, row), *self.walk(row.pk, depth + 1)]
        return found

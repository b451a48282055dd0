"""The categories that a brand's form offers to customers."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import Brand
from tickets.models import Category
from tickets.queries.categories import with_lineage


def offered(brand: Brand) -> list[Category]:
    """Every category the brand offers, parents first by their order; one whose parent is not offered is not either."""
    rows = list(
        Category.objects.filter(Q(brands=None) | Q(brands=brand), is_active=True)
        .select_related(*with_lineage())
        .distinct()
    )
    found = {row.pk for row in rows}
    return [row for row in rows if all(node.pk in found for node in row.lineage())]


def top_level(categories: list[Category]) -> list[Category]:
    return [row for row in categories if row.parent_id is None]


def children_of(category: Category, categories: list[Category]) -> list[Category]:
    return [row for row in categories if row.parent_id == category.pk]


def emergency(categories: list[Category]) -> Category | None:
    """The one red door."""
    return next((row for row in categories if row.is_emergency), None)

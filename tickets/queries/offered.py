"""The categories that a brand's form offers to customers."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Exists, OuterRef

from accounts.models import Brand
from tickets.models import Category


def offered(brand: Brand) -> list[Category]:
    """Every category the brand offers, parents first by their order; one whose parent is not offered is not either."""
    limits = Category.brands.through.objects.filter(category_id=OuterRef("pk"))
    here = ~Exists(limits) | Exists(limits.filter(brand_id=brand.pk))
    rows = list(Category.objects.filter(here, is_active=True))
    found = {row.pk: row for row in rows}
    for row in rows:
        if row.parent_id in found:
            row.parent = found[row.parent_id]
    return [row for row in rows if _is_whole(row, found)]


def _is_whole(row: Category, found: Mapping[int, Category]) -> bool:
    while row.parent_id is not None:
        if row.parent_id not in found:
            return False
        row = found[row.parent_id]
    return True


def top_level(categories: list[Category]) -> list[Category]:
    return [row for row in categories if row.parent_id is None]


def children_of(category: Category, categories: list[Category]) -> list[Category]:
    return [row for row in categories if row.parent_id == category.pk]


def emergency(categories: list[Category]) -> Category | None:
    """The one red door."""
    return next((row for row in categories if row.is_emergency), None)

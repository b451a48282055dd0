"""Which skill a case needs: its category's, or that of the nearest category above it."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from tickets.models import Category
from tickets.rules.assignment import needed_skill


def skill_of(category: Category | None) -> str:
    return needed_skill([node.skill for node in category.lineage()]) if category else ""


def needed_by_category() -> dict[int, str]:
    """Of the categories that need one; the tree is small and read whole."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, parent_id, skill FROM tickets_category")
        rows = {pk: (parent, skill) for pk, parent, skill in cursor.fetchall()}
    return {pk: skill for pk in rows if (skill := needed_skill(_upwards(pk, rows)))}


def _upwards(pk: int | None, rows: dict[int, tuple[int | None, str]]) -> list[str]:
    found: list[str] = []
    while pk in rows and len(found) < 10:
        pk, skill = rows[pk]
        found.append(skill)
    return found


def beyond(skills: Collection[str]) -> list[int]:
    """The categories whose cases need a skill that is not among these."""
    return [pk for pk, skill in needed_by_category().items() if skill not in skills]


def in_use() -> list[str]:
    """The skills that some category asks for, in the order of the alphabet."""
    return sorted(set(Category.objects.exclude(skill="").values_list("skill", flat=True)))

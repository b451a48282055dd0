"""The category tree and what it says about a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection

from accounts.models import Brand, Team
from helpdesk.lib.rows import columns, fetch
from tickets.models import Category, CategoryField
from tickets.rules.forms import FieldSpec
from tickets.rules.routing import Route, route


def with_lineage() -> tuple[str, ...]:
    """For select_related: three levels are as deep as a form should ever ask."""
    return ("parent", "parent__parent")


_LINEAGE = """
WITH RECURSIVE up AS (
    SELECT c.*, 0 AS depth FROM tickets_category c WHERE c.slug = %s AND c.is_active
    UNION ALL
    SELECT p.*, up.depth + 1 FROM tickets_category p JOIN up ON p.id = up.parent_id AND up.depth < 9
)
SELECT COLUMNS FROM up ORDER BY depth
"""


def by_slug(slug: str) -> Category | None:
    """The category that forms offer under this name, with all that stand above it: one statement."""
    # Names only are put in.
    sql = _LINEAGE.replace("COLUMNS", columns(Category, "up"))
    lineage = [node for (node,) in fetch([Category], sql, [slug])]
    for node, parent in pairwise([*lineage, None]):
        node.parent = parent
    return lineage[0] if lineage else None


def is_offered(category: Category, brand: Brand) -> bool:
    """Whether the brand's forms may show it: one that names no brand is every brand's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT brand_id FROM tickets_category_brands WHERE category_id = %s", [category.pk])
        brands = [pk for (pk,) in cursor.fetchall()]
    return not brands or brand.pk in brands


def route_of(category: Category | None) -> Route:
    """Team and priority that the category, or the nearest one above it, names."""
    lineage = list(category.lineage()) if category else []
    return route([(node.team_id, node.priority) for node in lineage])


def is_complaint(category: Category | None) -> bool:
    """Whether its cases, or those of one above it, are complaints."""
    return category is not None and any(node.is_complaint for node in category.lineage())


def team_of(category: Category | None) -> Team | None:
    """The team that the category, or the nearest one above it, names."""
    lineage = category.lineage() if category else ()
    return next((node.team for node in lineage if node.team_id is not None), None)


def fields_of(category: Category | None) -> list[CategoryField]:
    """The questions of the form: those of the categories above first, a nearer one replacing the same key."""
    if category is None:
        return []
    return fields_of_each([category])[category.pk]


def fields_of_each(categories: Sequence[Category]) -> dict[int, list[CategoryField]]:
    """The same for many categories, by their ids: one query for all."""
    lineages = {category.pk: [node.pk for node in category.lineage()] for category in categories}
    asked = sorted({pk for lineage in lineages.values() for pk in lineage})
    names = columns(CategoryField, "f")
    sql = f"SELECT {names} FROM tickets_categoryfield f WHERE f.category_id = ANY(%s)"  # noqa: S608 - names only
    by_category: dict[int, list[CategoryField]] = {}
    for (row,) in fetch([CategoryField], sql, [asked]):
        by_category.setdefault(row.category_id, []).append(row)
    return {pk: _nearest(lineage, by_category) for pk, lineage in lineages.items()}


def _nearest(lineage: Sequence[int], by_category: Mapping[int, list[CategoryField]]) -> list[CategoryField]:
    found = {row.key: row for pk in reversed(lineage) for row in by_category.get(pk, [])}
    return sorted(found.values(), key=lambda row: (row.position, row.pk))


def specs_of(category: Category | None) -> list[FieldSpec]:
    return [spec(field) for field in fields_of(category)]


def spec(field: CategoryField) -> FieldSpec:
    return FieldSpec(
        key=field.key,
        kind=field.kind,
        required=field.required,
        options=tuple(
            option["value"] if isinstance(option, dict) else str(option) for option in field.options
        ),
        pattern=field.pattern,
        max_length=field.max_length,
    )


@dataclass(frozen=True)
class Answer:
    """One answered question, ready to show."""

    label: str
    value: str


def answers_in_words(category: Category | None, fields: dict[str, object]) -> list[Answer]:
    """Labels and values for people; answers whose question is gone keep their key as label."""
    known = {field.key: field for field in fields_of(category)}
    return [
        Answer(known[key].label if key in known else key, _in_words(known.get(key), value))
        for key, value in fields.items()
        if value not in ("", None, {})
    ]


def _in_words(field: CategoryField | None, value: object) -> str:
    from django.utils.dateparse import parse_datetime
    from django.utils.formats import date_format
    from django.utils.timezone import localtime
    from django.utils.translation import gettext as _

    from helpdesk.lib.localized import suffix

    if isinstance(value, dict):
        return " ".join(str(part) for part in (value.get("amount"), value.get("currency")) if part)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field is not None and field.kind == "datetime" and isinstance(value, str):
        moment = parse_datetime(value)
        return date_format(localtime(moment), "DATETIME_FORMAT") if moment else value
    for option in field.options if field is not None else []:
        if isinstance(option, dict) and option.get("value") == value:
            return str(option.get(suffix()) or value)
    return str(value)

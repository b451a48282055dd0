"""The demo's configuration: brands, hours, teams, categories with their questions, macros."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from accounts.models import Brand, Team
from tickets.choices import Priority
from tickets.demo.material import table
from tickets.models import (
    Calendar,
    CalendarHours,
    Category,
    CategoryField,
    Macro,
)

DAYS = {"mon-fri": range(5), "sat": range(5, 6), "sat-sun": range(5, 7)}
Row = Mapping[str, Any]


def build() -> None:
    """All of it, into an empty database."""
    for position, row in enumerate(table("brands")):
        _brand(row, position)
    for row in table("staff")["teams"]:
        Team.objects.create(**row)
    for position, row in enumerate(table("categories")):
        _category(row, position)
    for position, row in enumerate(table("macros")):
        _macro(row, position)


def _brand(row: Row, position: int) -> None:
    values = {key: value for key, value in row.items() if key != "weekly"}
    brand = Brand.objects.create(**values, position=position)
    calendar = Calendar.objects.create(
        name=f"{brand.name_zh} {brand.name_en}",
        brand=brand,
        time_zone=brand.time_zone,
        holiday_country="CN",
    )
    CalendarHours.objects.bulk_create(
        CalendarHours(calendar=calendar, weekday=weekday, opens=_time(opens), closes=_time(closes))
        for days, spans in row["weekly"].items()
        for weekday in DAYS[days]
        for opens, closes in spans
    )


def _macro(row: Row, position: int) -> None:
    values = dict(row)
    for name, model in (
        ("category", Category),
        ("set_category", Category),
        ("team", Team),
        ("set_team", Team),
    ):
        if slug := values.pop(name, None):
            values[name] = model.objects.get(slug=slug)
    if "set_priority" in values:
        values["set_priority"] = Priority.from_slug(values["set_priority"])
    Macro.objects.create(**values, position=position)


def _time(text: str) -> datetime.time:
    return datetime.time.fromisoformat(text)


def _category(row: Row, position: int) -> None:
    texts = ("slug", "name_zh", "name_en", "hint_zh", "hint_en", "have_ready_zh", "have_ready_en", "icon")
    category = Category.objects.create(
        **{key: row[key] for key in texts},
        parent=Category.objects.get(slug=row["parent"]) if "parent" in row else None,
        team=Team.objects.get(slug=row["team"]),
        priority=Priority.from_slug(row["priority"]),
        is_emergency=row.get("is_emergency", False),
        is_complaint=row.get("is_complaint", False),
        position=position * 10,
    )
    CategoryField.objects.bulk_create(
        CategoryField(**field, category=category, position=place * 10)
        for place, field in enumerate(row.get("fields", []))
    )

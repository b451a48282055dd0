"""Loading rows where every request passes and compiling the query would cost more than running it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, Model, QuerySet

Row = TypeVar("Row", bound=Model)


def one_or_none(rows: QuerySet[Row]) -> Row | None:
    """The only row. Cheaper than ``first()``, which sorts: for conditions that a unique index answers."""
    try:
        return rows.get()
    except rows.model.DoesNotExist:  # type: ignore[attr-defined]
        return None


@cache
def _fields(model: type[Model]) -> tuple[Field[Any, Any], ...]:
    return tuple(model._meta.local_concrete_fields)


@cache
def columns(model: type[Model], alias: str) -> str:
    """For the SELECT of a handwritten statement: all columns of ``model`` as ``alias``."""
    quote = connection.ops.quote_name
    return ", ".join(f"{alias}.{quote(str(field.column))}" for field in _fields(model))


def fetch(
    models: Sequence[type[Model]], sql: str, values: Mapping[str, Any] | Sequence[Any]
) -> list[tuple[Any, ...]]:
    """The answer to ``sql`` as objects: its columns are those of ``models``, one after the other."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [_objects(models, row) for row in cursor.fetchall()]


def _objects(models: Sequence[type[Model]], row: Sequence[Any]) -> tuple[Any, ...]:
    found, at = [], 0
    for model in models:
        fields = _fields(model)
        part = [_value(field, row[at + place]) for place, field in enumerate(fields)]
        found.append(model.from_db(connection.alias, [field.attname for field in fields], part))
        at += len(fields)
    return tuple(found)


def _value(field: Field[Any, Any], stored: Any) -> Any:
    """As the field reads it: JSON comes as text, for one."""
    convert = getattr(field, "from_db_value", None)
    return convert(stored, None, connection) if convert is not None else stored

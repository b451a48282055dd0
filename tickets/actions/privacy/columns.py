"""One row erased as the register says. Doing it again changes nothing: a second look finds what came meanwhile."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from django.db.models import BinaryField, BooleanField, EmailField, FileField, Model
from django.db.models.fields import Field as Column

from tickets.rules.personal_data import Erase, Field, Table
from tickets.rules.personal_data.scrubbing import MARK, scrubbed, sifted

Values = dict[str, Any]


def lines_of(table: Table, model: type[Model]) -> list[tuple[Field, Any]]:
    """The lines that change something, with their columns; those of columns that are not there are passed over."""
    there = {column.name: column for column in model._meta.local_fields}
    return [(line, there[line.name]) for line in table.erased if line.name in there]


def changes(table: Table, row: Model, pattern: re.Pattern[str] | None, *, theirs: bool) -> Values:
    """What of the row must be written. In rows that are not theirs only they are taken out."""
    new: Values = {}
    for line, column in lines_of(table, type(row)):
        if line.erase in (Erase.FILE, Erase.WORDS) or isinstance(column, BinaryField):
            continue
        value = getattr(row, column.attname)
        wanted = (
            _wanted(line, column, row, value, pattern) if theirs else _without(column, row, value, pattern)
        )
        if wanted != value:
            new[column.attname] = wanted
    return new


def _wanted(
    line: Field, column: Column[Any, Any], row: Model, value: Any, pattern: re.Pattern[str] | None
) -> Any:
    if line.only is not None and getattr(row, line.only[0]) != line.only[1]:
        return _without(column, row, value, pattern)
    match line.erase:
        case Erase.BLANK:
            return blank(column)
        case Erase.MARK:
            return MARK[: column.max_length] if value else value
        case Erase.PSEUDONYM:
            return pseudonym(column, row)
        case Erase.SIFT:
            return sifted(row.kind, value, pattern)  # type: ignore[attr-defined]
        case _:
            return _without(column, row, value, pattern)


def _without(column: Column[Any, Any], row: Model, value: Any, pattern: re.Pattern[str] | None) -> Any:
    """A value that must be the only one of its kind cannot be a mark that others have too."""
    if value is None:
        return value
    clean = scrubbed(value, pattern)
    if clean == value:
        return value
    if column.unique:
        return pseudonym(column, row)
    return clean[: column.max_length] if isinstance(clean, str) else clean


def blank(column: Column[Any, Any]) -> Any:
    """As if nothing had been given."""
    if isinstance(column, BooleanField):
        return False
    if column.null:
        return None
    return column.get_default() if column.has_default() else column.to_python("")


def pseudonym(column: Column[Any, Any], row: Model) -> str:
    """Unique, and nobody. With a "!" in front no password fits it (django.contrib.auth.hashers)."""
    name = f"erased-{row.pk}"
    return f"{name}@erased.invalid" if isinstance(column, EmailField) else f"!{name}"


def empty_bytes(table: Table, model: type[Model], keys: Collection[Any]) -> int:
    """Empty the columns of bytes of these rows, without reading them; how many were not empty."""
    return sum(
        model._base_manager.filter(pk__in=keys, **{f"{line.name}__isnull": False}).update(**{line.name: None})
        for line, column in lines_of(table, model)
        if isinstance(column, BinaryField) and line.erase == Erase.BLANK
    )


def remove_files(table: Table, row: Model) -> Values:
    """Remove the row's files from the storage, before the row says so: killed between, it is done again."""
    gone: Values = {}
    there = {column.name: column for column in row._meta.local_fields}
    for line in table.fields:
        column = there.get(line.name)
        if line.erase == Erase.FILE and isinstance(column, FileField):
            stored = getattr(row, line.name)
            if stored.name:
                stored.storage.delete(stored.name)
                gone[line.name] = ""
    return gone

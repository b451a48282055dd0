"""What is known of one person, as values: for programs and for readers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import FileField, Model
from django.db.models.fields import Field as Column
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tickets.models import Attachment
from tickets.queries import personal_data
from tickets.queries.personal_data import Subject
from tickets.rules.personal_data import Table

#: Tables whose rows are not cut short, but read in pieces.
_CHUNK = 500


@dataclass(frozen=True)
class Part:
    """The rows of one table."""

    table: Table
    model: type[Model]
    columns: tuple[Any, ...]
    rows: tuple[Any, ...]

    @property
    def title(self) -> str:
        return _capital(self.model._meta.verbose_name_plural)


def parts(subject: Subject, *, with_notes: bool) -> Iterator[Part]:
    """By table; those with nothing are left out. Our internal notes, and what comes with them, only if asked for."""
    for table in personal_data.tables_of(subject):
        model = personal_data.model_of(table)
        if model is None or not table.exported or not table.reach.anybody:
            continue
        there = {column.name: column for column in model._meta.local_fields}
        columns = tuple(there[line.name] for line in table.exported if line.name in there)
        found = personal_data.own_rows(table, subject)
        if not with_notes:
            found = found.filter(**table.export_only)
        rows = tuple(found.defer(*personal_data.heavy(model)).order_by("pk").iterator(_CHUNK))
        if rows:
            yield Part(table, model, columns, rows)


def path_in_archive(row: Model, column: Column[Any, Any]) -> str:
    """Where a file of theirs lies in the copy: by its number, then what they called it."""
    name = str(getattr(row, "name", "")) or column.name
    safe = "".join(sign if sign.isalnum() or sign in "._- " else "_" for sign in name).strip(". ")
    return f"files/{row.pk}-{safe[-100:] or 'file'}"


def for_programs(row: Model, columns: tuple[Any, ...]) -> dict[str, Any]:
    """JSON values; moments in ISO 8601."""
    return {column.name: _json(row, column) for column in columns}


def _json(row: Model, column: Column[Any, Any]) -> Any:
    if isinstance(column, FileField):
        return path_in_archive(row, column)
    value = getattr(row, column.attname)
    return value.isoformat() if isinstance(value, datetime | date) else value


def for_readers(row: Model, columns: tuple[Any, ...]) -> list[tuple[str, str, str]]:
    """(what it is called, its value in words, where its file lies), in the active language; nothing for empty."""
    return [
        (_called(column), said, path_in_archive(row, column) if isinstance(column, FileField) else "")
        for column in columns
        if (said := _said(row, column))
    ]


def _called(column: Column[Any, Any]) -> str:
    return _NAMES[column.name]() if column.name in _NAMES else _capital(column.verbose_name)


def _said(row: Model, column: Column[Any, Any]) -> str:
    value = getattr(row, column.attname)
    if isinstance(column, FileField):
        return str(getattr(row, "name", "")) or _("file")
    if column.choices:
        return str(getattr(row, f"get_{column.name}_display")())
    return in_words(value)


def in_words(value: Any) -> str:
    """JSON values and moments as people read them."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(localtime(value), "DATETIME_FORMAT")
    if isinstance(value, dict):
        return "\n".join(f"{key}: {in_words(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return "\n".join(in_words(one) for one in value)
    return str(value)


def _capital(said: str | Promise | None) -> str:
    text = str(said or "")
    return text[:1].upper() + text[1:]


#: Columns whose own names are for programs.
_NAMES: dict[str, Any] = {
    "number": lambda: _("Case number"),
    "sha256": lambda: "SHA-256",
    "html": lambda: "HTML",
}


def files_of(part: Part) -> Iterator[tuple[str, Attachment]]:
    """Where each file of theirs goes in the copy."""
    for column in part.columns:
        if isinstance(column, FileField):
            for row in part.rows:
                if getattr(row, column.name):
                    yield path_in_archive(row, column), row

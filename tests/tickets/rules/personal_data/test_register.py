"""Every column of every table has its line, and every line its column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.apps import apps
from django.db.models import FileField, Model
from django.db.models.fields import Field as Column

from tickets.rules.personal_data import TABLES, Erase, What, table_of


def models() -> Iterator[type[Model]]:
    return (model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy)


def columns(model: type[Model]) -> dict[str, Column]:  # type: ignore[type-arg]
    return {column.name: column for column in model._meta.local_fields}


def test_every_column_of_every_table_is_classified() -> None:
    missing = []
    for model in models():
        label = model._meta.label_lower
        try:
            known = set(table_of(label).names)
        except KeyError:
            known = set()
        missing += [f"{label}.{name}" for name in columns(model) if name not in known]
    assert not missing, "Say in tickets/rules/personal_data what these hold of people: " + ", ".join(missing)


def test_no_line_is_about_what_is_not_there() -> None:
    there = {model._meta.label_lower: columns(model) for model in models()}
    stale = {table.model for table in TABLES} - set(there)
    assert not stale
    lines = {f"{table.model}.{name}" for table in TABLES if table.model in there for name in table.names}
    assert not lines - {f"{label}.{name}" for label, names in there.items() for name in names}


def test_each_table_and_column_has_one_line() -> None:
    assert not [model for model, count in Counter(t.model for t in TABLES).items() if count > 1]
    assert not [(t.model, name) for t in TABLES for name, count in Counter(t.names).items() if count > 1]


def test_what_is_personal_and_kept_has_a_reason() -> None:
    silent = [
        f"{table.model}.{line.name}"
        for table in TABLES
        for line in table.fields
        if line.what != What.NOTHING and line.erase == Erase.KEEP and not line.reason
    ]
    assert not silent


def test_what_is_erased_can_be_found() -> None:
    lost = [
        table.model
        for table in TABLES
        if (table.delete or table.erased) and not table.reach.anybody and table.model != "sessions.session"
    ]
    assert not lost


def test_columns_that_go_with_their_row_stand_in_tables_that_go() -> None:
    for table in TABLES:
        goes = {line.erase for line in table.fields} & {Erase.DELETE, Erase.FILE}
        if Erase.DELETE in goes:
            assert table.delete, table.model


def test_every_file_is_removed_from_the_storage() -> None:
    files = {
        f"{model._meta.label_lower}.{name}"
        for model in models()
        for name, column in columns(model).items()
        if isinstance(column, FileField)
    }
    said = {
        f"{table.model}.{line.name}"
        for table in TABLES
        for line in table.fields
        if line.what == What.FILE and line.erase == Erase.FILE and line.name in ("file", "archive")
    }
    assert files == said

"""Rows into tables by PostgreSQL's COPY: the only way to a million rows in minutes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, models

CHUNK = 20_000


def copy(model: type[models.Model], columns: list[str], rows: Iterable[tuple[Any, ...]]) -> int:
    """Append rows; ``columns`` are database names. How many were written."""
    source, count = iter(rows), 0
    names = ", ".join(f'"{column}"' for column in columns)
    statement = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN'
    with connection.cursor() as cursor:
        while chunk := list(islice(source, CHUNK)):
            lines = io.StringIO("".join("\t".join(map(_text, row)) + "\n" for row in chunk))
            cursor.copy_expert(statement, lines)
            count += len(chunk)
    return count


def _text(value: Any) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (dict, list)):
        value = "{}" if value == [] else json.dumps(value, ensure_ascii=False)
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def renumber(*tables: type[models.Model]) -> None:
    """After ids were given by hand: the sequences go on behind the greatest."""
    with connection.cursor() as cursor:
        for model in tables:
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), GREATEST((SELECT max(id) FROM {table}), 1))"
            )


def ids(model: type[models.Model]) -> Iterator[int]:
    """Free ids, rising."""
    last = model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0
    while True:
        last += 1
        yield last


#: From so many rows on it is quicker to build the indexes at the end.
MANY = 50_000


@contextmanager
def without_indexes(tables: Sequence[tuple[type[models.Model], list[str]]], count: int) -> Iterator[None]:
    """Drop the indexes of these tables and build them again at the end; those of constraints stay."""
    if count < MANY:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        cursor.execute("SET LOCAL session_replication_role = replica")  # no look-up of each foreign key
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS"
            " (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
            [[model._meta.db_table for model, _columns in tables]],
        )
        found = cursor.fetchall()
        for name, _definition in found:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        for _name, definition in found:
            cursor.execute(definition)

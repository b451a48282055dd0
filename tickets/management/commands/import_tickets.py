"""``manage.py import_tickets FILE --brand … --map body=text``: tickets from another system."""

from __future__ import annotations

import resource
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from accounts.models import Brand
from tickets.management.importing.keeping import Checkpoint, Rejects
from tickets.management.importing.mapping import FIELDS, Plan, read_category_map, slug_of
from tickets.management.importing.progress import Progress
from tickets.management.importing.run import Importer
from tickets.management.importing.source import Reader, Source, Unreadable, inspect
from tickets.models import Category
from tickets.queries.offered import offered


class Command(BaseCommand):
    help = "Import tickets from a CSV or JSONL file. Safe to repeat; see docs/import.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("file", type=Path)
        add("--brand", required=True, help="short name of the brand")
        add("--map", action="append", default=[], metavar="FIELD=COLUMN", help=f"fields: {', '.join(FIELDS)}")
        add("--category-map", metavar="FILE:FROM:TO", help="CSV that says which category a value means")
        add("--default-category", metavar="SLUG", help="for rows whose category is empty or unknown")
        add(
            "--external-id",
            default="",
            metavar="COLUMN",
            help="the row's id there; else its number in this file",
        )
        add(
            "--source", default="", help="where the ids come from; the same ids of two sources do not collide"
        )
        add(
            "--customer-email",
            default="",
            metavar="TEMPLATE",
            help="where a row has none: import-{row}@import.invalid",
        )
        add(
            "--language",
            default="",
            choices=["", *dict(settings.LANGUAGES)],
            help="the customers'; else the brand's",
        )
        add("--format", default="", choices=["", "csv", "jsonl"], help="else by the file's name")
        add("--encoding", default="", help="else found: UTF-8, UTF-16 with mark, GB18030")
        add("--delimiter", default=",", help="between the cells of a CSV")
        add(
            "--rejects",
            type=Path,
            help="file for the rows that do not fit; else <file>.rejects.<ending> here",
        )
        add("--resume", action="store_true", help="go on where a stopped run left off")

    def handle(self, *, file: Path, resume: bool, **options: Any) -> None:
        with translation.override("en"):
            try:
                self._import(file, resume, options)
            except (Unreadable, OSError, ValueError, LookupError) as problem:
                raise CommandError(str(problem)) from problem
            except KeyboardInterrupt:
                raise CommandError("Stopped. The same command with --resume goes on from here.") from None

    def _import(self, file: Path, resume: bool, options: dict[str, Any]) -> None:
        source = inspect(
            file, format=options["format"], encoding=options["encoding"], delimiter=options["delimiter"]
        )
        reader = Reader(source)
        plan = _plan(source, options)
        _check_columns(plan, reader)
        path = options["rejects"] or Path(f"{file.stem}.rejects{file.suffix}")
        if path.resolve() == file.resolve():
            raise CommandError("The rejects would overwrite the file itself. Name another with --rejects.")
        rejects = Rejects(path, source, reader.columns)
        bar = Progress(sys.stderr, source.size)
        counts = Importer(plan, reader, rejects, Checkpoint(path, source), bar).run(resume=resume)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
            1024 if sys.platform != "darwin" else 1024**2
        )
        self.stdout.write(
            f"{counts.rows:,} rows: {counts.opened:,} opened, {counts.known:,} there already, "
            f"{counts.rejected:,} rejected; {bar.seconds:.1f} s, {memory:.0f} MB at most"
        )
        if counts.rejected:
            self.stdout.write(f"What was rejected, and why: {path}")


def _plan(source: Source, options: dict[str, Any]) -> Plan:
    brand = Brand.objects.filter(slug=options["brand"]).first()
    if brand is None:
        known = ", ".join(Brand.objects.values_list("slug", flat=True)) or "none yet"
        raise CommandError(f"No brand {options['brand']!r}; there are: {known}.")
    categories = {row.slug: row for row in offered(brand)}
    template = options["customer_email"]
    if template and "{row}" not in template:
        raise CommandError("--customer-email needs {row} in it, or all rows would be one customer's.")
    return Plan(
        brand=brand,
        columns=_columns(options["map"]),
        source=options["source"] or (source.digest[:16] if not options["external_id"] else "file"),
        categories=categories,
        category_map=read_category_map(options["category_map"]) if options["category_map"] else None,
        default_category=_default(categories, options["default_category"]),
        external_id=options["external_id"],
        customer_email=template,
        language=options["language"] or brand.language,
        zone=ZoneInfo(brand.time_zone),
    )


def _columns(said: list[str]) -> dict[str, str]:
    pairs = [text.partition("=")[::2] for text in said]
    for name, column in pairs:
        if name not in FIELDS or not column:
            raise CommandError(f"--map {name}={column}: write FIELD=COLUMN; fields are {', '.join(FIELDS)}.")
    if "body" not in dict(pairs):
        raise CommandError("Say which column holds the text: --map body=COLUMN.")
    return dict(pairs)


def _default(categories: dict[str, Category], slug: str | None) -> Category | None:
    if slug and slug_of(slug) not in categories:
        raise CommandError(f"No category {slug!r}; there are: {', '.join(categories)}.")
    return categories[slug_of(slug)] if slug else None


def _check_columns(plan: Plan, reader: Reader) -> None:
    """A misspelt column of a CSV would refuse every row: say so before the first."""
    wanted = [*plan.columns.values(), *([plan.external_id] if plan.external_id else [])]
    missing = [name for name in wanted if name not in reader.columns]
    if reader.source.format == "csv" and missing:
        raise CommandError(
            f"The file has no column {', '.join(missing)}; it has: {', '.join(reader.columns)}."
        )

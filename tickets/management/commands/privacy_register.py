"""``manage.py privacy_register``: the register of personal data as a Markdown table, for the records of processing."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tickets.queries.personal_data import model_of
from tickets.rules.personal_data import TABLES, Erase, What


class Command(BaseCommand):
    help = "Print what every column holds of people and what an erasure does to it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="columns that hold nothing of people, too")

    def handle(self, *, all: bool, **options: Any) -> None:
        self.stdout.write("| column | holds | erasure | copy | why it is kept |\n|---|---|---|---|---|")
        for table in TABLES:
            if model_of(table) is None:
                continue
            for line in table.fields:
                if all or line.what != What.NOTHING or line.erase != Erase.KEEP:
                    copy = "yes" if line.export else ""
                    self.stdout.write(
                        f"| `{table.model}.{line.name}` | {line.what} | {line.erase} | {copy} | {line.reason} |"
                    )

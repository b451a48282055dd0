"""manage.py translations extract | compile | check | merge FILE.json…"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from helpdesk.lib import translations

# Folders under the project's root whose texts people read.
SOURCES = ("helpdesk", "accounts", "knowledgebase", "tickets", "templates")


class Command(BaseCommand):
    help = "Keeps the Chinese catalogue: extract texts, merge translations, check, compile. Needs no system gettext."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["extract", "compile", "check", "merge"])
        parser.add_argument("files", nargs="*", type=Path, help="for merge: JSON maps of English to Chinese")

    def handle(self, *, action: str, files: list[Path], **options: Any) -> None:
        self.base, self.locale_dir = settings.BASE_DIR, settings.LOCALE_PATHS[0]
        getattr(self, f"do_{action}")(files)

    def do_extract(self, files: list[Path]) -> None:
        catalog = translations.update(self.base, SOURCES, self.locale_dir)
        self.stdout.write(f"{len(catalog)} texts in {translations.catalog_path(self.locale_dir)}")

    def do_compile(self, files: list[Path]) -> None:
        for path in translations.compile_catalogs(self.locale_dir):
            self.stdout.write(f"compiled {path}")

    def do_check(self, files: list[Path]) -> None:
        problems = list(translations.check(self.base, SOURCES, self.locale_dir).lines())
        for line in problems:
            self.stderr.write(line)
        if problems:
            raise CommandError(
                f"{len(problems)} texts need work; `make messages` brings the catalogue level with the code"
            )

    def do_merge(self, files: list[Path]) -> None:
        """Later files win. What no text asks for is told: it is a misspelling, or a text that has changed."""
        together: dict[str, str] = {}
        for path in files:
            together |= json.loads(path.read_text(encoding="utf-8"))
        translations.update(self.base, SOURCES, self.locale_dir)
        path = translations.catalog_path(self.locale_dir)
        catalog = translations.load(path)
        filled, unused = translations.merge(catalog, together)
        translations.save(catalog, path)
        for text in unused:
            self.stderr.write(f"no such text: {text!r}")
        self.stdout.write(f"{filled} texts filled in")

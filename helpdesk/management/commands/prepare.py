"""manage.py prepare: all that must be done once before the first page is served. Harmless to repeat."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

from helpdesk.lib import translations


class Command(BaseCommand):
    help = "Compiles translations, migrates and, where DEBUG is off, collects static files; with --demo loads the demo."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load the demo into an empty database")

    def handle(self, *, demo: bool, verbosity: int, **options: Any) -> None:
        for path in settings.LOCALE_PATHS:
            translations.compile_catalogs(path)
        call_command("migrate", interactive=False, verbosity=0)
        if not settings.DEBUG:  # otherwise they are served from where they lie
            call_command("collectstatic", interactive=False, verbosity=0)
        if "load_emergency_promise" in get_commands():
            # On a fresh site too, whoever reports an emergency is promised something.
            call_command("load_emergency_promise", stdout=self.stdout)
        if demo and "load_demo" in get_commands():
            call_command("load_demo", if_empty=True, seed=1, verbosity=verbosity)

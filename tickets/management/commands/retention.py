"""``manage.py retention``: what the retention rules would do; with ``--carry-out`` it is done."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from tickets import actors
from tickets.actions.privacy import retention
from tickets.models import RetentionRule, RetentionRun


class Command(BaseCommand):
    help = "Say which cases the active retention rules are about; with --carry-out, empty them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--carry-out", action="store_true", help="empty the cases, here and now")
        parser.add_argument("--numbers", action="store_true", help="print the cases' numbers too")

    def handle(self, *, carry_out: bool, numbers: bool, **options: Any) -> None:
        by = actors.system("retention")
        with translation.override("en"):
            run = self._carry_out(by) if carry_out else retention.look(by=by)
            self._print(run, numbers=numbers)

    def _carry_out(self, by: actors.Actor) -> RetentionRun:
        try:
            run = retention.ask(by=by)
        except retention.UnderWay as problem:
            raise CommandError(str(problem)) from problem
        while retention.work():
            pass
        run.refresh_from_db()
        return run

    def _print(self, run: RetentionRun, *, numbers: bool) -> None:
        rules = RetentionRule.objects.in_bulk(run.counts)
        for pk, count in run.counts.items():
            self.stdout.write(f"{count:>8}  {rules.get(int(pk), pk)} days")
        done = "would lose their words" if run.is_dry else "lost their words"
        self.stdout.write(f"{run.total:>8}  cases {done}; legal holds keep {run.held}")
        if numbers:
            self.stdout.write("\n".join(run.numbers))

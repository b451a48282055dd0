"""manage.py train_classifier: have the classifier learn now, or see what it would be like."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helpdesk.lib.single_flight import single_flight
from tickets.events import TRAIN_TASK


class Command(BaseCommand):
    help = (
        "Trains the category classifier from the solved tickets and the starting set; the better one is kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--evaluate", action="store_true", help="only say how good it would be; nothing is kept"
        )
        parser.add_argument(
            "--if-new", action="store_true", help="do nothing where there are too few new solved tickets"
        )

    def handle(self, *, evaluate: bool, if_new: bool, **options: Any) -> None:
        from tickets.actions import training

        if evaluate:
            said = training.evaluate()
            if said is None:
                raise CommandError("There is too little to learn from: no category is active.")
            self.stdout.write(table(said))
            return
        with single_flight(TRAIN_TASK) as alone:
            if not alone:
                raise CommandError("A training is under way already.")
            made = training.learn(force=not if_new)
        if made is None:
            self.stdout.write("Nothing new was learned.")
            return
        self.stdout.write(table(made.report))
        verdict = "It is in use." if made.is_in_use else "The one before is better and stays in use."
        self.stdout.write(f"Learned from {made.learned_from} texts. {verdict}")


def table(said: dict[str, Any]) -> str:
    """Counts as a table of plain text, a line for each category, the total last."""
    head = f"{'category':<24}{'unseen':>8}{'right':>8}{'top 3':>8}{'unsure':>8}"
    rows = [_row(slug, counts) for slug, counts in said["categories"].items()]
    outside = said["out_of_scope"]
    caught = f"out of scope: {outside['caught']} of {outside['texts']} texts caught"
    return "\n".join([head, *rows, _row("all", said), caught])


def _row(name: str, counts: dict[str, int]) -> str:
    shares = "".join(
        f"{100 * counts[key] / max(counts['texts'], 1):>7.1f}%" for key in ("right", "top3", "unsure")
    )
    return f"{name:<24}{counts['texts']:>8}{shares}"

"""manage.py load_demo: three wallets, their people, articles and invented cases, for trying things out."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Brand
from tickets.actions.decoys import make
from tickets.demo import emergencies
from tickets.demo.load import is_empty, load
from tickets.demo.people import DOMAINS


class Command(BaseCommand):
    help = "Fills an empty database with the demo. The same seed gives the same cases, counted back from now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--tickets", type=int, default=2000)
        parser.add_argument("--days", type=int, default=90, help="over how many days up to now")
        parser.add_argument("--decoys", type=int, default=2, help="customers of each brand who do not exist")
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where there are brands already"
        )

        parser.add_argument(
            "--bare", action="store_true", help="the invented cases alone: no emergency, no scams"
        )

    def handle(
        self, *, seed: int, tickets: int, days: int, if_empty: bool, bare: bool, decoys: int, **options: Any
    ) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo's passwords are known to everybody: it is not for production.")
        if tickets < 0 or days < 1 or not 0 <= decoys <= 50:
            raise CommandError("Give --tickets 0 or more, --days 1 or more, and --decoys 0 to 50.")
        if not is_empty():
            if if_empty:
                return
            raise CommandError("There are brands here already. The demo goes into an empty database only.")
        with transaction.atomic():
            tally = load(seed=seed, tickets=tickets, days=days)
            for brand in Brand.objects.all() if decoys else ():
                tally["decoys"] += len(make(decoys, brand=brand, domain=DOMAINS[0], by=None))
        if not bare:
            tally.update(emergencies=emergencies.build())
        if options["verbosity"]:
            words = ", ".join(f"{count} {what}" for what, count in tally.items())
            self.stdout.write(self.style.SUCCESS(f"The demo is there: {words}."))

"""``manage.py make_decoys --brand btp --count 5 --domain mail.example.com``: customers who do not exist."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Brand
from helpdesk.lib.errors import Invalid
from tickets.actions.decoys import make


class Command(BaseCommand):
    help = "Makes decoys: opening one alarms the security officers. docs/least-data.md says more."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--brand", required=True, help="the brand's short name")
        parser.add_argument("--count", type=int, default=5)
        parser.add_argument("--domain", required=True, help="a domain of your own, for their addresses")

    def handle(self, *args: Any, **options: Any) -> None:
        brand = Brand.objects.filter(slug=options["brand"]).first()
        if brand is None:
            raise CommandError(f"There is no brand {options['brand']!r}.")
        try:
            made = make(options["count"], brand=brand, domain=options["domain"], by=None)
        except Invalid as problem:
            raise CommandError(" ".join(str(text) for text in problem.fields.values())) from None
        # Their names stay off the screen: who may know them looks on the page.
        self.stdout.write(f"{len(made)} decoys made.")

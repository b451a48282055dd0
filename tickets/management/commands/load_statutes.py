"""``manage.py load_statutes``: examples of the times that laws set for complaints, entered but not switched on."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from tickets.actions.statutes import load_statutes


class Command(BaseCommand):
    help = "Enters examples of statutory times as promises, not active. What is there already stays as it is."

    def handle(self, **options: Any) -> None:
        made = load_statutes()
        for policy in made:
            self.stdout.write(policy.name)
        if made:
            self.stdout.write(
                f"{len(made)} entered, not active. Each is an example: have it confirmed by your legal counsel, "
                "choose its brands, then switch it on under SLA policies."
            )
        else:
            self.stdout.write("They are all there already; nothing was changed.")

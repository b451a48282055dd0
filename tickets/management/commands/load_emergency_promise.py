"""``manage.py load_emergency_promise``: what is promised to whoever reports an emergency; `prepare` calls it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from tickets.actions.emergency_promise import NAME, ensure


class Command(BaseCommand):
    help = "Enters the promise for emergencies, active, where there was never one. Harmless to repeat."

    def handle(self, **options: Any) -> None:
        if ensure():
            self.stdout.write(f"{NAME}: entered.")

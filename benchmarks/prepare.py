"""The benchmark's desk: migrated, configured and seeded once."""

from __future__ import annotations

import random
import time

from django.core.management import call_command

from benchmarks.seed import seed
from helpdesk.lib import translations


def ready(tickets: int) -> None:
    from django.conf import settings

    from accounts.models import Brand
    from tickets.demo import knowledge, people, promises, world
    from tickets.models import Ticket

    translations.compile_catalogs(settings.BASE_DIR / "locale")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not Brand.objects.exists():
        # The demo's configuration without its past; load_demo itself refuses production's settings, and rightly.
        world.build()
        knowledge.build()
        people.create_staff()
        promises.build()
    missing = tickets - Ticket.objects.count()
    if missing > 0:
        started = time.perf_counter()
        seed(missing, random.Random(1))
        print(f"Seeded {missing:,} tickets in {time.perf_counter() - started:.0f} s.")

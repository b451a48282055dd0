"""That the clock ticks and a worker works: a task on the clock writes the time down, and this is read."""

from __future__ import annotations

from datetime import datetime
from math import inf

from helpdesk.lib import clock
from helpdesk.models import Heartbeat

CLOCK = "clock"
#: It beats each minute; twice it may be missed.
TOLERATED_SECONDS = 180.0


def beat() -> None:
    Heartbeat.objects.update_or_create(name=CLOCK, defaults={"at": clock.now()})


def last() -> datetime | None:
    return Heartbeat.objects.filter(name=CLOCK).values_list("at", flat=True).first()


def lag() -> float:
    """Seconds since the last one; without end when there was none."""
    at = last()
    return inf if at is None else max((clock.now() - at).total_seconds(), 0.0)

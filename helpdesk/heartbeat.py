"""That the clock ticks and a worker works: a task on the clock writes the time down, and this is read.

Likewise that pages are told what is new.
"""

from __future__ import annotations

from datetime import datetime
from math import inf

from django.conf import settings

from helpdesk.lib import clock
from helpdesk.models import Heartbeat

CLOCK = "clock"
#: It beats each minute; twice it may be missed.
TOLERATED_SECONDS = 180.0
#: Of the processes that tell pages what is new, any one.
REALTIME = "realtime"
#: They beat every 15 s.
REALTIME_TOLERATED = 60.0


def beat(name: str = CLOCK) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.now()})


def last(name: str = CLOCK) -> datetime | None:
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()


def realtime_lag() -> float:
    """Nobody waits for a process that the operator does without."""
    return lag(REALTIME) if settings.REALTIME_URL else 0.0


def lag(name: str = CLOCK) -> float:
    """Seconds since the last one; without end when there was none."""
    at = last(name)
    return inf if at is None else max((clock.now() - at).total_seconds(), 0.0)

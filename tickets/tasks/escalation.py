from __future__ import annotations

import time

from celery import shared_task

from helpdesk.lib.single_flight import single_flight
from tickets.actions import escalation

TASK = "tickets.sweep_timers"
SECONDS = 60.0


@shared_task(name=TASK)
def sweep_timers() -> None:
    """Work off every promise whose time has come. Two sweeps at once do no harm, only the same work."""
    with single_flight(TASK) as alone:
        stop_at = time.monotonic() + SECONDS
        while alone and time.monotonic() < stop_at and escalation.sweep():
            pass

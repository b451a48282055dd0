from __future__ import annotations

import time

from celery import shared_task

from helpdesk.lib.single_flight import single_flight
from helpdesk.lib.wakeup import wake
from tickets.actions import recalculation

SECONDS = 60.0


@shared_task(name=recalculation.TASK)
def recalculate() -> None:
    """Work off the recalculation that somebody asked for; what does not fit into a minute goes into the next round."""
    with single_flight(recalculation.TASK) as alone:
        stop_at = time.monotonic() + SECONDS
        more = alone
        while more and time.monotonic() < stop_at:
            more = recalculation.work()
    if more:
        wake(recalculation.TASK)

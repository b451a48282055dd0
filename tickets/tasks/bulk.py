from __future__ import annotations

import time

from celery import shared_task

from helpdesk.lib.wakeup import wake
from tickets.actions import bulk

SECONDS = 60.0


@shared_task(name=bulk.TASK)
def work_bulk() -> None:
    """Go on with the bulk acts that somebody asked for, a batch of each in turn; what does not fit into a minute goes
    into the next round.
    """
    stop_at = time.monotonic() + SECONDS
    going = bulk.under_way()
    while going and time.monotonic() < stop_at:
        going = [run for run in going if bulk.work(run)]
    if going:
        wake(bulk.TASK)

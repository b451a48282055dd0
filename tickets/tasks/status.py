from __future__ import annotations

import time

from celery import shared_task

from helpdesk.lib.single_flight import single_flight
from tickets.actions import status

TASK = "tickets.close_solved"
SECONDS = 120.0


@shared_task(name=TASK)
def close_solved() -> None:
    with single_flight(TASK) as alone:
        stop_at = time.monotonic() + SECONDS
        while alone and time.monotonic() < stop_at and status.close_solved():
            pass

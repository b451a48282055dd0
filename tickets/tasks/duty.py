from __future__ import annotations

import time

from celery import shared_task

from helpdesk.lib.single_flight import single_flight
from tickets.actions import duty, giving

SECONDS = 60.0


@shared_task(name=giving.TASK)
def assign_waiting() -> None:
    """Give out what waits in the teams whose cases the desk gives out. Two at once do no harm, only the same work."""
    with single_flight(giving.TASK) as alone:
        stop_at = time.monotonic() + SECONDS
        while alone and time.monotonic() < stop_at and giving.assign_waiting():
            pass


@shared_task(name=duty.IDLE_TASK)
def end_idle_duty() -> None:
    with single_flight(duty.IDLE_TASK) as alone:
        if alone:
            duty.end_idle_duty()

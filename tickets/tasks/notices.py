from __future__ import annotations

import time

from celery import shared_task

from helpdesk.lib.single_flight import single_flight
from tickets.actions import due_soon, notices
from tickets.events import NOTICES_TASK

DUE_SOON_TASK = "tickets.remind_due_soon"
SECONDS = 60.0


@shared_task(name=NOTICES_TASK)
def gather_notices() -> None:
    """Put what staff are told into mails, person by person."""
    with single_flight(NOTICES_TASK) as alone:
        stop_at = time.monotonic() + SECONDS
        while alone and time.monotonic() < stop_at and notices.gather():
            pass


@shared_task(name=DUE_SOON_TASK)
def remind_due_soon() -> None:
    """Remind people of promised times that are near."""
    with single_flight(DUE_SOON_TASK) as alone:
        if alone:
            due_soon.remind()

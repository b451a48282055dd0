from __future__ import annotations

from celery import shared_task

from helpdesk.lib.single_flight import single_flight
from tickets.actions import alarming


@shared_task(name=alarming.TASK)
def ring_emergencies() -> None:
    """Ring again for what nobody has taken. Two sweeps at once do no harm: each is a transaction of its own."""
    with single_flight(alarming.TASK) as alone:
        if alone:
            alarming.sweep()

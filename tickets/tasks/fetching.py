from __future__ import annotations

from celery import shared_task

from helpdesk.lib.single_flight import single_flight
from tickets.channels.email.ways.imap.polling import poll

TASK = "tickets.fetch_mail"
SECONDS = 150.0


@shared_task(name=TASK)
def fetch_mail() -> None:
    """One round at a time: mail servers that hang may hold up one worker process, not all of them."""
    with single_flight(TASK) as alone:
        if alone:
            poll(seconds=SECONDS)

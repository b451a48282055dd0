from __future__ import annotations

import time

from celery import shared_task

from helpdesk.lib.wakeup import wake
from tickets import actors
from tickets.actions.privacy import erasing, exporting, retention, tidying
from tickets.actions.privacy.requests import TASK
from tickets.models import RetentionRule

SECONDS = 60.0
RETENTION_TASK = "tickets.start_retention"
WORKS = (erasing.work, exporting.work, retention.work)


@shared_task(name=TASK)
def work_privacy() -> None:
    """Carry out what was asked for; what does not fit into a minute goes into the next round. Several may run: each
    takes what no other has in hand.
    """
    tidying.forget_addresses()
    tidying.forget_archives()
    stop_at = time.monotonic() + SECONDS
    more = True
    while more and time.monotonic() < stop_at:
        more = sum(work() for work in WORKS) > 0  # each gets its turn
    tidying.forget_addresses()
    if more:
        wake(TASK)


@shared_task(name=RETENTION_TASK)
def start_retention() -> None:
    """Every night, where there are rules."""
    tidying.forget_lost_archives()
    if not RetentionRule.objects.filter(is_active=True).exists():
        return
    try:
        retention.ask(by=actors.system("retention"))
    except retention.UnderWay:
        return

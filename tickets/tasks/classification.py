from __future__ import annotations

import time

from celery import shared_task

from helpdesk.lib.single_flight import single_flight
from helpdesk.lib.wakeup import wake
from tickets.events import SUGGEST_TASK, TRAIN_TASK

SECONDS = 60.0
# The actions are imported by the tasks when they run: they load numpy, which whoever only names a task should not.


@shared_task(name=SUGGEST_TASK)
def suggest_category() -> None:
    """Judge what waits. Several of these may run: the work is the same, and harmless to repeat."""
    from tickets.actions.suggesting import AT_ONCE, suggest

    stop_at = time.monotonic() + SECONDS
    while suggest() == AT_ONCE and time.monotonic() < stop_at:
        pass


@shared_task(name=TRAIN_TASK)
def train_classifier(*, force: bool = False) -> None:
    """One at a time. Then the tickets are judged that waited for a first classifier."""
    from tickets.actions.training import learn

    with single_flight(TRAIN_TASK) as alone:
        if not alone:
            return
        made = learn(force=force)
    if made is not None and made.is_in_use:
        wake(SUGGEST_TASK)

from __future__ import annotations

from celery import shared_task

from helpdesk.lib.single_flight import single_flight
from helpdesk.lib.wakeup import wake
from tickets.actions.proving import TEXTS_TASK
from tickets.delivery import texts, webhooks
from tickets.delivery.sender import deliver
from tickets.events import CALLS_TASK, DELIVER_TASK
from tickets.queries.outbox import due, due_calls, due_texts


@shared_task(name=DELIVER_TASK)
def deliver_outbox() -> None:
    """One sender at a time: a mail server that hangs may hold up one worker process, not all of them.

    Retries are the outbox's own; a run that broke off is taken up by the next tick.
    """
    with single_flight(DELIVER_TASK) as alone:
        if not alone:
            return
        sent = deliver()
    # Not in a loop: between two rounds other tasks get their turn.
    if sent and due().exists():
        wake(DELIVER_TASK)


@shared_task(name=CALLS_TASK)
def deliver_calls() -> None:
    """The same for webhooks: one caller at a time, and another round only where the last one came through."""
    with single_flight(CALLS_TASK) as alone:
        if not alone:
            return
        made = webhooks.deliver()
    if made and due_calls().exists():
        wake(CALLS_TASK)


@shared_task(name=TEXTS_TASK)
def deliver_texts() -> None:
    """The same for text messages."""
    with single_flight(TEXTS_TASK) as alone:
        if not alone:
            return
        sent = texts.deliver()
    if sent and due_texts().exists():
        wake(TEXTS_TASK)

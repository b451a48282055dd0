"""What the operator does with a background task that failed for good. Once, however often the button is clicked."""

from __future__ import annotations

import logging

from celery import current_app
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError as QueueAway

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict
from helpdesk.models import FailedTask, FailedTaskState
from tickets.actors import Actor

logger = logging.getLogger(__name__)


class QueueDoesNotAnswer(Conflict):
    code = "queue_away"
    message = _("The queue (Redis) does not answer. Nothing was started; try again when it is back.")


@transaction.atomic
def run_again(task: FailedTask, *, by: Actor) -> None:
    """Put it into the queue again with the same arguments. If it fails once more, it is open again.

    It is sent while the row is locked: no row says "run again" of a task that was not sent, and a worker that fails at
    once writes that down after us. Should our commit fail it runs all the same, which every task bears.
    """
    task = _open(task, by)
    if not task.can_run_again:
        raise Conflict(_("Its arguments were not kept: it cannot be run again from here."))
    _settle(task, FailedTaskState.RETRIED, by)
    try:
        current_app.send_task(task.name, args=task.args, kwargs=task.kwargs, retry=False, ignore_result=True)
    except (QueueAway, OSError) as problem:
        logger.warning("Task %s could not be run again: %s", task.name, problem)
        raise QueueDoesNotAnswer from problem


@transaction.atomic
def dismiss(task: FailedTask, *, by: Actor) -> None:
    """It needs nothing more. If it fails once more, it is open again."""
    _settle(_open(task, by), FailedTaskState.DISMISSED, by)


def _open(task: FailedTask, by: Actor) -> FailedTask:
    by.require(Capability.CONFIGURE_SITE)
    task = FailedTask.objects.select_for_update().get(pk=task.pk)
    if task.state != FailedTaskState.OPEN:
        raise Conflict(_("Somebody has dealt with this task already."))
    return task


def _settle(task: FailedTask, state: FailedTaskState, by: Actor) -> None:
    task.state, task.settled_at, task.settled_by = state, clock.now(), by.name[:150]
    task.save(update_fields=["state", "settled_at", "settled_by"])
    logger.info("Failed task %s: %s by %s", task.name, state.value, by.name)

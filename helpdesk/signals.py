"""What Celery tells of tasks that will not be tried again, written down for the operator."""

from __future__ import annotations

import logging
from typing import Any

from celery.signals import task_failure, task_revoked, task_unknown
from django.db import Error, connection

from helpdesk import failures

logger = logging.getLogger(__name__)


def task_failed(
    sender: Any, task_id: str, exception: BaseException, args: Any, kwargs: Any, traceback: Any, **_: Any
) -> None:
    """Raised something, ran into a limit of time, or killed its process as often as it may."""
    _write(
        name=sender.name,
        task_id=task_id,
        args=list(args or ()),
        kwargs=kwargs or {},
        error=failures.in_words(exception),
        trace=failures.where(exception, traceback),
    )


def task_ended(sender: Any, request: Any, terminated: bool, signum: Any = None, **_: Any) -> None:
    """Its process was told to end. What was only called off or came too late is no failure."""
    if terminated:
        _write(
            name=sender.name,
            task_id=request.id,
            args=list(request.args or ()),
            kwargs=request.kwargs or {},
            error=f"Terminated: {signum or 'by a signal'}",
        )


def task_not_known(message: Any, name: str, id: str, **_: Any) -> None:
    """A newer or older release sent it, or a name is misspelt."""
    args, kwargs = _arguments(message)
    _write(name=name, task_id=id, args=args, kwargs=kwargs, error="NotRegistered: no worker knows this task.")


def _arguments(message: Any) -> tuple[Any, Any]:
    try:
        args, kwargs, _embedded = message.payload
    except Exception:  # it may hold anything
        return None, None
    return args, kwargs


def _write(**told: Any) -> None:
    """In a process that goes on: a database that is away must not bring it down, nor its connection reach a child."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    try:
        failures.record(**told)
    except Error as problem:
        logger.error(
            "Task %s failed (%s), and that could not be written down: %s",
            told["name"],
            told["error"],
            problem,
        )
    finally:
        if not connection.in_atomic_block:
            connection.close()


def connect() -> None:
    task_failure.connect(task_failed, weak=False, dispatch_uid="helpdesk.task_failed")
    task_revoked.connect(task_ended, weak=False, dispatch_uid="helpdesk.task_ended")
    task_unknown.connect(task_not_known, weak=False, dispatch_uid="helpdesk.task_not_known")

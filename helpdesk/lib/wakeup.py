"""Wakes a background task by name once the transaction is committed.

Only a hint: what a lost wake-up leaves behind, the sweeps of ``helpdesk.celery`` find. So a broker that is away
delays nothing and breaks nothing.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction

logger = logging.getLogger(__name__)
#: After a wake-up failed, nobody is asked for so long: a request must not wait for a broker that is away.
PAUSE_SECONDS = 10.0
_silent_until = 0.0


def wake(task: str, **kwargs: Any) -> None:
    """Ask for ``task`` after commit; several asks in one transaction become one."""
    connection = transaction.get_connection()
    key = (task, repr(sorted(kwargs.items())))
    if any(getattr(hook[1], "wakes", None) == key for hook in connection.run_on_commit):
        return

    def send() -> None:
        global _silent_until
        if not settings.WAKE_WORKERS or time.monotonic() < _silent_until:
            return
        try:
            current_app.send_task(task, kwargs=kwargs, retry=False, ignore_result=True)
        except Exception as problem:
            _silent_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("Could not wake %s; the next sweep will do its work. Cause: %s", task, problem)

    send.wakes = key  # type: ignore[attr-defined]
    transaction.on_commit(send)

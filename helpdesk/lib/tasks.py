"""What holds for every background task, said once. Celery takes it from ``helpdesk.celery`` as the class of all tasks.

What is said for all in the settings instead: acknowledged when done, prefetched singly, limits of time.
"""

from __future__ import annotations

import redis.exceptions
from celery.contrib.django.task import DjangoTask
from django.db import InterfaceError, OperationalError

#: Goes by itself: an engine that restarts, a connection that was cut, two that waited for each other.
TRANSIENT = (
    OperationalError,
    InterfaceError,
    redis.exceptions.ConnectionError,
    redis.exceptions.TimeoutError,
)


class DeskTask(DjangoTask):  # type: ignore[misc]
    """Tried again after transient trouble: at most 3, 6, 12, 24, 48, 96 s later, each time a random part of that.

    So a hundred tasks that failed in the same second do not come back in the same second. What still fails then, or
    fails otherwise, is written down for the operator (``helpdesk.failures``). A tick of the clock is dropped once the
    next tick is there, also between two tries: the next one does its work.
    """

    abstract = True
    autoretry_for = TRANSIENT
    max_retries = 6
    retry_backoff = 3
    retry_backoff_max = 300
    retry_jitter = True
    #: A task whose process was killed comes back after so long, and counts: one that kills each process it runs in
    #: (memory, say) would otherwise do so for ever.
    retry_on_worker_lost = True
    default_retry_delay = 5

"""What time is it? Asked here and nowhere else, so that a test can stop the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_stopped_at: ContextVar[datetime | None] = ContextVar("stopped_at", default=None)


def now() -> datetime:
    """The present moment, aware."""
    return _stopped_at.get() or timezone.now()


@contextmanager
def frozen(at: datetime) -> Iterator[datetime]:
    """Within the block it is ``at``. Blocks may nest; other threads go on with the real time."""
    if timezone.is_naive(at):
        raise ValueError("A clock is stopped at an aware datetime.")
    token = _stopped_at.set(at)
    try:
        yield at
    finally:
        _stopped_at.reset(token)

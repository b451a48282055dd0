"""How an emergency rings until somebody takes it: whom, how often, ever wider."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntEnum


class Circle(IntEnum):
    """Each takes in the ones before it."""

    ON_CALL = 0
    LEADS = 1
    EVERYBODY = 2


def round_at(since: datetime, now: datetime, *, every: timedelta) -> int:
    """Which ring is due at ``now``, the first being 0. After a standstill it is the one of that time, not each that was
    missed: the wider circle hears at once, and nobody ten times.
    """
    return max(0, (now - since) // every)


def next_ring(since: datetime, now: datetime, *, every: timedelta) -> datetime:
    """The first moment after ``now`` at which it rings again."""
    return since + (round_at(since, now, every=every) + 1) * every


def circle_of(ring: int) -> Circle:
    return Circle(min(ring, Circle.EVERYBODY))

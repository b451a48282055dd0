"""How often is too often. What no header gives away, its frequency does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

#: Two desks that answer each other fall silent after this many automatic answers to one address, whatever their
#: headers say.
MOST_ANSWERS = 2
ANSWERS_WINDOW = timedelta(hours=24)


def too_many(recent: Iterable[datetime], now: datetime, *, limit: int, window: timedelta) -> bool:
    """Whether ``limit`` came within ``window`` before ``now`` already, so that one more is too many.

    Clocks differ a little: what seems to come from the future counts as come.
    """
    return sum(at > now - window for at in recent) >= limit


def may_answer_again(answers: Iterable[datetime], now: datetime) -> bool:
    """Whether one more automatic answer may go to an address; ``answers`` are when it got the earlier ones."""
    return not too_many(answers, now, limit=MOST_ANSWERS, window=ANSWERS_WINDOW)

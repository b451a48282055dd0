"""How far sweep and outbox are behind: the age of the oldest thing whose time has come. An index look-up each."""

from __future__ import annotations

from datetime import datetime

from helpdesk.lib import clock
from tickets.models import Timer
from tickets.queries.outbox import due

#: The sweep comes every 20 s, and works for a minute at most before another has its turn.
SWEEP_TOLERATED = 120.0
#: The sender comes every 10 s; a mail server that is slow is not yet trouble with our work.
OUTBOX_TOLERATED = 300.0


def sweep() -> float:
    """Seconds that the oldest promise in need of a look has been waiting for it."""
    waiting = Timer.objects.filter(check_at__lte=clock.now()).order_by("check_at")
    return _age(waiting.values_list("check_at", flat=True).first())


def outbox() -> float:
    """Seconds that the oldest mail that may leave has been waiting to."""
    return _age(due().values_list("available_at", flat=True).first())


def _age(moment: datetime | None) -> float:
    return 0.0 if moment is None else (clock.now() - moment).total_seconds()

"""How far sweep, notices and outboxes are behind: the age of the oldest thing whose time has come. An index look-up
for each."""

from __future__ import annotations

from datetime import datetime

from helpdesk.lib import clock
from tickets.models import Timer
from tickets.queries.notices import ready
from tickets.queries.outbox import due, due_calls

#: The sweep comes every 20 s, and works for a minute at most before another has its turn.
SWEEP_TOLERATED = 120.0
#: The sender comes every 10 s; a mail server that is slow is not yet trouble with our work.
OUTBOX_TOLERATED = 300.0
#: The gatherer comes every 20 s.
NOTICES_TOLERATED = 120.0
#: The caller comes every 10 s; of a receiver that is away it asks for one call each time, and leaves the others.
CALLS_TOLERATED = 900.0


def sweep() -> float:
    """Seconds that the oldest promise in need of a look has been waiting for it."""
    waiting = Timer.objects.filter(check_at__lte=clock.now()).order_by("check_at")
    return _age(waiting.values_list("check_at", flat=True).first())


def outbox() -> float:
    """Seconds that the oldest mail that may leave has been waiting to."""
    return _age(due().values_list("available_at", flat=True).first())


def notices() -> float:
    """Seconds that the oldest notice that may reach somebody has been waiting to be put into a mail."""
    return _age(ready().order_by("ready_at").values_list("ready_at", flat=True).first())


def calls() -> float:
    """Seconds that the oldest call of a webhook has been waiting to be made."""
    return _age(due_calls().values_list("available_at", flat=True).first())


def _age(moment: datetime | None) -> float:
    return 0.0 if moment is None else (clock.now() - moment).total_seconds()

"""How far sweep, notices, outboxes and incoming mail are behind: the age of the oldest thing whose time has come. An
index look-up for each."""

from __future__ import annotations

from datetime import UTC, datetime
from math import inf

from django.db.models import DateTimeField, Value
from django.db.models.functions import Coalesce, Least

from helpdesk.lib import clock
from tickets.choices import Fetching
from tickets.models import Mailbox, Timer
from tickets.queries.files import oldest_unscanned
from tickets.queries.incoming import due as incoming_due
from tickets.queries.incoming import unguarded
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
#: The reader comes every few seconds; a burst of some ten thousand is read in that time.
READING_TOLERATED = 300.0
#: A mailbox is looked at every minute, or all the time.
FETCHING_TOLERATED = 600.0
#: Files are looked at within seconds; a scanner that loads new signatures is away for a minute.
SCANNING_TOLERATED = 300.0
#: What a killed reader left is found within the minute.
GUARDING_TOLERATED = 300.0
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


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


def reading() -> float:
    """Seconds that the oldest mail has been waiting to be read, since it could have been."""
    return _age(incoming_due().values_list("available_at", flat=True).first())


def scanning() -> float:
    """Seconds that the file which waits longest has been waiting for the scanner."""
    return _age(oldest_unscanned())


def guarding() -> float:
    """Seconds that the raw copy of a mail has been kept without being looked through for secrets."""
    return _age(unguarded().values_list("settled_at", flat=True).first())


def fetching() -> float:
    """Seconds that the worst of the mailboxes we fetch from has not been looked at, or fails; infinite where nobody has
    ever looked."""
    rows = Mailbox.objects.filter(is_active=True, fetching=Fetching.IMAP)
    # PostgreSQL's LEAST passes over what is null.
    since = Least(Coalesce("looked_at", Value(_NEVER)), "failing_since", output_field=DateTimeField())
    worst = rows.order_by(since).values_list(since, flat=True).first()
    return inf if worst == _NEVER else _age(worst)


def _age(moment: datetime | None) -> float:
    return 0.0 if moment is None else (clock.now() - moment).total_seconds()

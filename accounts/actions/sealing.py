"""Sealing the audit log. Writers never wait for one another: what they wrote is chained afterwards, by one at a time.

A stretch may be sealed once no transaction can still add an entry before its end. An entry gets its number after its
transaction got its id (a trigger sees to it). So: look which entry is the newest (N), then draw a transaction id (X) of
our own. Whoever has a number below N has an id below X. When all of those have ended, everything below N is there.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from django.core.cache import cache
from django.db import connection, transaction

from accounts.audit import keys
from accounts.models import AuditEntry, AuditSeal, SealKind
from accounts.rules.audit_chain import BEGINNING, STRETCH, Stretch, mac_of
from helpdesk.lib import clock
from helpdesk.lib.single_flight import single_flight

logger = logging.getLogger(__name__)
LOCK = "audit sealing"
#: An end that was seen while somebody could still write before it; looked at again by the next run. Only a hint.
WAITING = "audit:waiting-end"
#: So long a run waits for the transactions that are open; mostly they end within milliseconds.
PATIENCE, STEP = 2.0, 0.05
#: Stretches of one run; the next goes on.
AT_ONCE = 500


def seal(*, patience: float = PATIENCE) -> int:
    """Seal what can be sealed by now; how many entries. 0 at once while another seals."""
    with single_flight(LOCK) as ours:
        return seal_up_to(_settled_end(patience)) if ours else 0


def seal_up_to(end: int) -> int:
    """Seal the entries up to number ``end``, before which nobody can write any more."""
    done = 0
    for _stretch in range(AT_ONCE):
        count = _seal_one(end)
        done += count
        if count < STRETCH:
            break
    return done


@transaction.atomic
def _seal_one(end: int) -> int:
    previous = AuditSeal.objects.order_by("-id").first()
    after = AuditSeal.objects.order_by("-last_id").values_list("last_id", flat=True).first() or 0
    stretch = Stretch(previous.digest if previous else BEGINNING)
    # By the primary key.
    for entry in AuditEntry.objects.filter(pk__gt=after, pk__lte=end).order_by("pk")[:STRETCH]:
        stretch.add(entry.written)
    if not stretch.count:
        return 0
    append(
        AuditSeal(
            kind=SealKind.SEALED,
            first_id=stretch.first,
            last_id=stretch.last,
            count=stretch.count,
            previous=previous.digest if previous else BEGINNING,
            digest=stretch.digest,
            fingerprints=stretch.fingerprints,
        )
    )
    return stretch.count


def append(row: AuditSeal) -> AuditSeal:
    row.at = clock.now()
    row.mac = mac_of(keys()[0], row.sealed.canonical)
    row.save(force_insert=True)
    return row


def _settled_end(patience: float) -> int:
    """The newest entry before which nobody can write any more; 0 for none that is known to be so."""
    noted = _noted()
    settled = [end for end, fence in noted if _all_ended_below(fence)]
    end, fence = _newest(), _own_transaction()
    until = time.monotonic() + patience
    while not _all_ended_below(fence):
        if time.monotonic() >= until:
            if not noted:
                cache.set(WAITING, [end, fence], timeout=None)
            return max(settled, default=0)
        time.sleep(STEP)
    cache.delete(WAITING)
    return end


def _noted() -> Sequence[tuple[int, int]]:
    """The end that the last run had to leave; kept until it settles, so that one long transaction after another
    cannot put sealing off for ever."""
    noted = cache.get(WAITING)
    if noted is None:
        return []
    if _all_ended_below(int(noted[1])):
        cache.delete(WAITING)
    return [(int(noted[0]), int(noted[1]))]


def _newest() -> int:
    return AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _own_transaction() -> int:
    return _ask("SELECT pg_current_xact_id()::text::bigint")


def _all_ended_below(fence: int) -> bool:
    return _ask("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint") >= fence


def _ask(question: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return int(cursor.fetchone()[0])

"""Retention of the audit log: whole sealed stretches go, and a tombstone stands in the chain for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.actions.sealing import LOCK, append
from accounts.choices import AuditKind
from accounts.models import AuditEntry, AuditSeal, SealKind
from accounts.rules.audit_chain import digest_of_removal
from helpdesk.lib import clock
from helpdesk.lib.single_flight import single_flight

#: Seals whose entries go in one transaction.
BATCH = 50


def trim() -> int:
    """Remove what is older than ``AUDIT_KEEP_DAYS``; how many entries. 0 days: nothing, for ever."""
    days: int = settings.AUDIT_KEEP_DAYS
    if not days:
        return 0
    with single_flight(LOCK) as ours:
        return _trim_before(clock.now() - timedelta(days=days)) if ours else 0


def _trim_before(moment: datetime) -> int:
    removed = 0
    while count := _trim_some(moment):
        removed += count
    return removed


@transaction.atomic
def _trim_some(moment: datetime) -> int:
    """A seal is newer than all of its entries: one before ``moment`` covers none that must stay."""
    gone = AuditSeal.objects.filter(kind=SealKind.TRIMMED).order_by("-last_id").first()
    after = gone.last_id if gone else 0
    seals = AuditSeal.objects.filter(kind=SealKind.SEALED, last_id__gt=after, at__lt=moment)
    stretches = list(seals.order_by("last_id").values_list("first_id", "last_id", "count")[:BATCH])
    if not stretches:
        return 0
    first, last, count = stretches[0][0], stretches[-1][1], sum(stretch[2] for stretch in stretches)
    previous = AuditSeal.objects.latest("id").digest
    append(
        AuditSeal(
            kind=SealKind.TRIMMED,
            first_id=first,
            last_id=last,
            count=count,
            previous=previous,
            digest=digest_of_removal(previous, first, last, count),
        )
    )
    AuditEntry.objects.filter(pk__gt=after, pk__lte=last)._raw_delete("default")
    audit.record(
        AuditKind.AUDIT_TRIMMED, by=None, first=first, last=last, count=count, before=moment.isoformat()
    )
    return count

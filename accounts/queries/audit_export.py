"""The audit log as lines of JSON with its seals between: ``docs/audit.md`` teaches to verify them without this
program.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from accounts.models import AuditEntry, AuditSeal, SealKind
from accounts.rules.audit_chain import Sealed, Written, moment

CHUNK = 2_000


def bounds(since: datetime | None, until: datetime | None) -> tuple[int, int]:
    """(number before the first entry, number of the last), widened to whole sealed stretches. By ``audit_by_time`` and
    ``audit_seal_reaches``."""
    entries, seals = AuditEntry.objects.all(), AuditSeal.objects.filter(kind=SealKind.SEALED)
    numbers = entries.order_by("-pk").values_list("pk", flat=True)
    after, last = 0, numbers.first() or 0
    if since is not None:
        first = entries.filter(at__gte=since).order_by("at").values_list("pk", flat=True).first()
        if first is None:
            return last, last
        after = (
            seals.filter(last_id__lt=first).order_by("-last_id").values_list("last_id", flat=True).first()
            or 0
        )
    if until is not None:
        newest = entries.filter(at__lt=until).order_by("-at").values_list("pk", flat=True).first() or after
        last = (
            seals.filter(last_id__gte=newest).order_by("last_id").values_list("last_id", flat=True).first()
            or newest
        )
    return after, last


def count(after: int, last: int) -> int:
    return AuditEntry.objects.filter(pk__gt=after, pk__lte=last).count()


def lines(after: int, last: int) -> Iterator[str]:
    """Each entry, and behind the last of a stretch its seal; entries at the end may not have one yet."""
    seals = AuditSeal.objects.filter(last_id__gt=after, last_id__lte=last).order_by("pk")
    rows = AuditEntry.objects.filter(pk__gt=after, pk__lte=last).order_by("pk").iterator(chunk_size=CHUNK)
    entry = next(rows, None)
    for seal in seals.iterator(chunk_size=CHUNK // 10):
        while seal.kind == SealKind.SEALED and entry is not None and entry.pk <= seal.last_id:
            yield _entry(entry.written)
            entry = next(rows, None)
        yield _seal(seal.sealed)
    while entry is not None:
        yield _entry(entry.written)
        entry = next(rows, None)


def _entry(row: Written) -> str:
    return _line({"type": "entry", "id": row.id, **row.facts, "mac": row.mac})


def _seal(seal: Sealed) -> str:
    return _line(
        {
            "type": "seal",
            "id": seal.id,
            "kind": seal.kind,
            "at": moment(seal.at),
            "first": seal.first_id,
            "last": seal.last_id,
            "count": seal.count,
            "previous": seal.previous,
            "digest": seal.digest,
            "mac": seal.mac,
        }
    )


def _line(facts: dict[str, object]) -> str:
    return json.dumps(facts, ensure_ascii=False) + "\n"

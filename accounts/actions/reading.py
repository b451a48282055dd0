"""The read log: who saw which case, customer, file or list, and by which way they came to it."""

from __future__ import annotations

import time
import zlib

from django.core.cache import cache
from django.db import transaction

from accounts import audit
from accounts.actions.alarms import raise_alarm
from accounts.audit import Asked, Sight
from accounts.choices import AuditKind
from accounts.models import AuditEntry, Decoy, User

#: What an open page asks for later (news, the earlier part of a conversation, a preview) is the same reading, for so
#: long; then it is written again.
SAME_READING_SECONDS = 600
#: So long a process may know the decoys of before.
DECOYS_KEPT_SECONDS = 20
_decoys: tuple[float, frozenset[int]] = (0.0, frozenset())


def write_down(asked: Asked, *, by: User, way: str, is_part: bool) -> None:
    """One INSERT for what a page shows, none for a part of a page that was written down lately."""
    sights = {_key(by, asked, sight): sight for sight in asked.sights}
    # Without Redis nothing is known of before: then every part is written.
    known = cache.get_many(sights) if is_part else {}
    new = {key: sight for key, sight in sights.items() if key not in known}
    for sight in new.values():
        _write(sight, by, way)
    if new:
        cache.set_many(dict.fromkeys(new, 1), SAME_READING_SECONDS)


def _key(by: User, asked: Asked, sight: Sight) -> str:
    """Each once: a view may load the same case twice."""
    what = zlib.crc32(str(sight.data).encode())
    return f"read:{by.pk}:{asked.session}:{sight.kind}:{sight.ticket}:{sight.customer}:{what}"


def _write(sight: Sight, by: User, way: str) -> None:
    is_opened = sight.kind != AuditKind.SEARCHED
    if not (is_opened and sight.customer in decoys()):
        _record(sight.kind, sight, by, way)
        return
    with transaction.atomic():
        _record(sight.kind, sight, by, way)
        raise_alarm(_record(AuditKind.DECOY_READ, sight, by, way))


def _record(kind: AuditKind, sight: Sight, by: User, way: str) -> AuditEntry:
    data = dict(sight.data)
    return audit.record(
        kind, by=by, brand=sight.brand, ticket=sight.ticket, customer=sight.customer, way=way, **data
    )


def touched(customer: int, *, by: User | None, ticket: str = "", how: str) -> bool:
    """Alarm if this customer is a decoy. In the caller's transaction; for what is more than reading (``how``:
    revealed, exported)."""
    if customer not in decoys(fresh=True):
        return False
    raise_alarm(audit.record(AuditKind.DECOY_READ, by=by, ticket=ticket, customer=customer, how=how))
    return True


def forget_decoys() -> None:
    """After one was made or taken away; other processes hear of it within seconds."""
    global _decoys
    _decoys = (0.0, frozenset())


def decoys(*, fresh: bool = False) -> frozenset[int]:
    """Their customers' numbers; there are few."""
    global _decoys
    read_at, found = _decoys
    if fresh or time.monotonic() - read_at > DECOYS_KEPT_SECONDS or not read_at:
        found = frozenset(Decoy.objects.values_list("customer_id", flat=True))
        _decoys = (time.monotonic(), found)
    return found

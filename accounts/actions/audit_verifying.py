"""Verifying the audit log and saying so: in the log itself, and by an alarm where it is not as it was written."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction

from accounts import audit
from accounts.actions.alarms import raise_alarm
from accounts.actions.sealing import seal
from accounts.choices import AuditKind
from accounts.models import User
from accounts.queries.audit_check import Verdict, verify

logger = logging.getLogger(__name__)
#: The digest of the last seal that was verified, kept outside the database: a chain whose end was cut off lacks it.
HEAD = "audit:head"


def verify_and_tell(
    *, by: User | None = None, since: datetime | None = None, forget_head: bool = False
) -> Verdict:
    """``forget_head``: after the database was set back to a backup, whose chain ends earlier, by an operator."""
    seal()
    if forget_head:
        cache.delete(HEAD)
    verdict = verify(since=since, head=str(cache.get(HEAD) or ""))
    _write_down(verdict, by, since)
    if verdict.is_well and verdict.seals:
        cache.set(HEAD, verdict.head, timeout=None)
    # The process log is read elsewhere too: there the head outlives whoever owns the database.
    logger.log(
        logging.INFO if verdict.is_well else logging.CRITICAL,
        "audit log: %s; %s entries, head %s",
        "as it was written" if verdict.is_well else f"NOT as it was written: {verdict.faults}",
        verdict.entries,
        verdict.head,
    )
    return verdict


@transaction.atomic
def _write_down(verdict: Verdict, by: User | None, since: datetime | None) -> None:
    found: dict[str, Any] = {}
    if verdict.fault is not None:
        found = {"fault": asdict(verdict.fault), "more": [asdict(fault) for fault in verdict.faults[1:]]}
    entry = audit.record(
        AuditKind.AUDIT_VERIFIED,
        by=by,
        well=verdict.is_well,
        whole=since is None,
        entries=verdict.entries,
        head=verdict.head,
        **found,
    )
    if found:
        raise_alarm(entry)

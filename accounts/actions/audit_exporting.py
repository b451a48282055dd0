"""Giving the audit log away, for others to verify: written down in it, and limited like every export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from accounts import access
from accounts.actions import exports
from accounts.choices import AuditKind
from accounts.models import User
from accounts.queries import audit_export
from accounts.queries.audit_log import sees_all
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import NotAllowed


@dataclass(frozen=True)
class Exported:
    name: str
    lines: Iterator[str]


def export(*, by: User, since: datetime | None, until: datetime | None) -> Exported:
    """Whole sealed stretches with their seals. They hold entries of every brand: only for whoever sees them all.

    Not cut at ``EXPORT_MAX_ROWS``: a stretch with a part missing proves nothing.
    """
    access.require(by, Capability.VIEW_AUDIT)
    if not sees_all(by):
        raise NotAllowed
    after, last = audit_export.bounds(since, until)
    said = {name: at.isoformat() for name, at in (("since", since), ("until", until)) if at}
    export = exports.begin("audit log", by=by, kind=AuditKind.AUDIT_EXPORTED, after=after, last=last, **said)
    return Exported(f"audit-{export.mark}.jsonl", audit_export.lines(after, last))

"""How the audit log fares, for whoever watches the desk. By ``audit_by_kind`` and the primary keys."""

from __future__ import annotations

from accounts.choices import AuditKind
from accounts.models import AuditEntry, AuditSeal
from helpdesk.lib import clock

DAY = 86_400.0
#: Verified by the clock every day; a day may begin late.
VERIFYING_TOLERATED = 1.25 * DAY
#: Sealed by the clock every minute; one long transaction may hold it up.
SEALING_TOLERATED = 3_600.0
#: For a log that is not as it was written.
FAULTY = 365 * DAY


def last_verified() -> AuditEntry | None:
    """Its last verifying as a whole."""
    rows = AuditEntry.objects.filter(kind=AuditKind.AUDIT_VERIFIED, data__whole=True)
    return rows.order_by("-pk").first()


def verifying() -> float:
    """Seconds since it was verified; of a log that was never, since its first entry."""
    last = last_verified()
    if last is not None and not last.data.get("well"):
        return FAULTY
    first = last or AuditEntry.objects.order_by("pk").first()
    return (clock.now() - first.at).total_seconds() if first else 0.0


def sealing() -> float:
    """How long the oldest entry without a seal has waited."""
    sealed_to = AuditSeal.objects.order_by("-last_id").values_list("last_id", flat=True).first() or 0
    waiting = AuditEntry.objects.filter(pk__gt=sealed_to).order_by("pk").values_list("at", flat=True).first()
    return (clock.now() - waiting).total_seconds() if waiting else 0.0

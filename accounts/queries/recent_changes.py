"""When a customer's contact data changed lately, and which."""

from __future__ import annotations

from accounts.choices import AuditKind
from accounts.models import AuditEntry, Customer
from accounts.rules.verification import UNSETTLED, Change
from helpdesk.lib import clock


def recent_changes(customer: Customer) -> list[Change]:
    """Those that still make proofs doubtful; out of the audit log's entries about this customer, which whoever changes
    contact data writes. An entry that does not name them means them all. By ``audit_by_customer``."""
    rows = AuditEntry.objects.filter(customer=customer.pk, kind=AuditKind.CONTACT_CHANGED)
    found = rows.filter(at__gt=clock.now() - UNSETTLED).values_list("at", "data")
    return [Change(at, what) for at, data in found for what in data.get("what") or [""]]

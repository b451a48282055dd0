"""The audit log. ``record`` is its only writer; it writes in the caller's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.choices import AuditKind
from accounts.models import AuditEntry

if TYPE_CHECKING:
    from accounts.models import Brand, Customer, User


def record(
    kind: AuditKind,
    *,
    by: User | None,
    brand: Brand | None = None,
    ticket: str = "",
    customer: Customer | None = None,
    way: str = "",
    **data: Any,
) -> AuditEntry:
    """``ticket`` is its number, ``data`` holds JSON values and never a secret, a code or contact data in clear.

    ``by`` None: nobody who is logged in (the system, a stranger). Where a request is being answered, its network
    address and session are added.
    """
    return AuditEntry.objects.create(
        kind=kind,
        actor=by,
        brand=brand,
        ticket=ticket,
        customer=customer.pk if customer else None,
        way=way[:200],
        data=data,
    )

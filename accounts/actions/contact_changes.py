"""Keeping who set or changed a customer's e-mail address or phone. Every verb that does so says it here."""

from __future__ import annotations

from accounts import audit
from accounts.choices import AuditKind, ContactWay
from accounts.models import ContactChange, Customer, User
from helpdesk.lib import clock


def record(customer: Customer, *, way: ContactWay, what: tuple[str, ...], by: User | None = None) -> None:
    """In the caller's transaction. ``what`` names the columns, "email" or "phone"; their content is not kept.

    ``by`` is the member of staff who did it: they may approve no sensitive act on this customer until another member of
    staff has changed the data. That the customer changed them afterwards clears nobody: it may have been the same hand.
    """
    ContactChange.objects.create(customer=customer, way=way, by=by, at=clock.now())
    audit.record(
        AuditKind.CONTACT_CHANGED,
        by=by or (customer.user if way == ContactWay.CUSTOMER else None),
        customer=customer,
        way=way.value,
        what=list(what),
    )

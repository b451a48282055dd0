"""Legal holds: set and lifted by an officer, with a reason, on a person or on one case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.choices import AuditKind
from accounts.models import Customer
from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict, Invalid
from tickets.actions.intake import admit_full_text
from tickets.actors import Actor
from tickets.choices import PrivacyKind, PrivacyState
from tickets.models import LegalHold, PrivacyRequest, Ticket

MAX_REASON = 500


class BeingErased(Conflict):
    code = "being_erased"
    message = _("This person is being erased at this moment, or has been. There is nothing left to hold.")


@transaction.atomic
def hold(
    *,
    customer: Customer | None = None,
    ticket: Ticket | None = None,
    reason: str,
    until: datetime | None,
    by: Actor,
) -> LegalHold:
    """Of the two, exactly one. Raises Invalid without a reason or with an end that is past, BeingErased."""
    by.require(Capability.MANAGE_PRIVACY)
    assert by.user is not None
    assert (customer is None) != (ticket is None)
    reason = admit_full_text(reason, limit=MAX_REASON)
    if not reason:
        raise Invalid({"reason": _("Say why nothing may be erased.")})
    if until is not None and until <= clock.now():
        raise Invalid({"until": _("This is past. Choose a later day, or leave it empty.")})
    whose = customer or ticket.customer  # type: ignore[union-attr]
    # The erasure's beginning waits for the same row: it sees the hold, or the hold sees that it began.
    row = Customer.objects.select_for_update(no_key=True).get(pk=whose.pk)
    running = PrivacyRequest.objects.filter(customer=row, kind=PrivacyKind.ERASE, state=PrivacyState.RUNNING)
    if row.erased_at is not None or running.exists():
        raise BeingErased
    made = LegalHold.objects.create(
        customer=customer, ticket=ticket, reason=reason, until=until, set_by=by.user
    )
    _note(AuditKind.HOLD_SET, made, by=by, until=until.isoformat() if until else None)
    return made


@transaction.atomic
def lift(made: LegalHold, *, by: Actor) -> LegalHold:
    """It stays as a record. Raises Conflict when it was lifted already."""
    by.require(Capability.MANAGE_PRIVACY)
    row = LegalHold.objects.select_for_update().get(pk=made.pk)
    if row.lifted_at is not None:
        raise Conflict
    row.lifted_at, row.lifted_by = clock.now(), by.user
    row.save(update_fields=["lifted_at", "lifted_by"])
    _note(AuditKind.HOLD_LIFTED, row, by=by)
    return row


def _note(kind: AuditKind, row: LegalHold, *, by: Actor, **data: Any) -> None:
    ticket = row.ticket
    audit.record(
        kind,
        by=by.user,
        brand=ticket.brand if ticket else None,
        ticket=ticket.number if ticket else "",
        customer=row.customer or (ticket.customer if ticket else None),
        hold=row.pk,
        **data,
    )

"""Saying on a case that its customer is who they say, and taking it back: told in the case's log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.actions import verification
from accounts.choices import AuditKind, VerificationMethod
from accounts.models import Verification
from accounts.rules.capabilities import Capability
from accounts.rules.verification import PROVES
from helpdesk.lib.errors import NotAllowed
from tickets.actions.correspondence import refuse_unproved
from tickets.actions.intake import admit_values
from tickets.actions.rows import lock
from tickets.actors import Actor
from tickets.choices import EventKind
from tickets.events import emit
from tickets.models import Ticket, TicketProof
from tickets.rules.intake import clean_line


@transaction.atomic
def verify(
    ticket: Ticket,
    *,
    method: VerificationMethod,
    by: Actor,
    expires: datetime | None = None,
    note: str = "",
) -> Verification:
    """Staff made sure on this case who the customer is. Raises what ``accounts.actions.verification`` raises, and
    SenderUnproved."""
    by.require(Capability.VERIFY_CUSTOMERS)
    if by.user is None:
        raise NotAllowed
    ticket = lock(ticket)
    refuse_unproved(ticket)
    proof = verification.record(
        ticket.customer,
        level=PROVES[method],
        method=method,
        by=by.user,
        expires=expires,
        note=str(admit_values({"note": clean_line(note)})["note"]),
    )
    TicketProof.objects.create(ticket=ticket, proof=proof)
    told: dict[str, Any] = {
        "method": method.value,
        "level": proof.level,
        "until": expires.isoformat() if expires is not None else None,
    }
    emit(ticket, EventKind.VERIFIED, by=by, **told)
    audit.record(AuditKind.VERIFIED, by=by.user, **_about(ticket), **told)
    return proof


@transaction.atomic
def withdraw(ticket: Ticket, proof: Verification, *, by: Actor) -> None:
    """It holds no longer, on any case."""
    by.require(Capability.VERIFY_CUSTOMERS)
    if by.user is None:
        raise NotAllowed
    ticket = lock(ticket)
    verification.withdraw(proof, by=by.user)
    told: dict[str, Any] = {"method": proof.method, "level": proof.level}
    emit(ticket, EventKind.VERIFICATION_ENDED, by=by, **told)
    audit.record(AuditKind.VERIFICATION_ENDED, by=by.user, **_about(ticket), **told)


def _about(ticket: Ticket) -> dict[str, Any]:
    return {"brand": ticket.brand, "ticket": ticket.number, "customer": ticket.customer}

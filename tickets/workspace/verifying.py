"""Saying on a case's page that its customer is who they say, and taking it back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages as notes
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actions import verification as verbs
from accounts.choices import VerificationMethod
from accounts.models import Verification
from accounts.rules.capabilities import Capability
from accounts.rules.verification import PROVES
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict, Invalid
from tickets.actors import Actor
from tickets.models import Ticket
from tickets.workspace.changes import do
from tickets.workspace.customer_card import DAYS
from tickets.workspace.guard import StaffRequest, workspace_page


@require_POST
@workspace_page(Capability.VERIFY_CUSTOMERS)
def verify(request: StaffRequest, number: str) -> HttpResponse:
    """Staff made sure who the customer is. What they chose stays chosen where it is refused."""
    method, valid = request.POST.get("method", ""), request.POST.get("valid", "")

    def act(ticket: Ticket, _by: Actor) -> None:
        if ticket.unproved_sender:
            raise Conflict(_("It is not proved who wrote this. Accept the sender first."))
        chosen = _method(method)
        proof = verbs.record(
            ticket.customer, level=PROVES[chosen], method=chosen, by=request.user, expires=_until(valid)
        )
        words = {"name": ticket.customer.display_name, "level": proof.get_level_display()}
        notes.success(request, _("%(name)s: %(level)s.") % words)

    return do(request, number, act, wanted={"method": method, "valid": valid})


@require_POST
@workspace_page(Capability.VERIFY_CUSTOMERS)
def withdraw(request: StaffRequest, number: str) -> HttpResponse:
    """Only a proof of this very customer: the ticket is what opens the door."""
    named = request.POST.get("proof", "")

    def act(ticket: Ticket, _by: Actor) -> None:
        pk = int(named) if named.isdecimal() and len(named) < 19 else 0
        proof = Verification.objects.filter(customer=ticket.customer_id, pk=pk).first()
        if proof is None:
            raise Invalid({"proof": _("This customer has no such proof.")})
        verbs.withdraw(proof, by=request.user)
        notes.success(request, _("Withdrawn: %(level)s.") % {"level": proof.get_level_display()})

    return do(request, number, act)


def _method(text: str) -> VerificationMethod:
    try:
        return VerificationMethod(text)
    except ValueError:
        raise Invalid({"method": _("Say in which way.")}) from None


def _until(text: str) -> datetime | None:
    if text not in DAYS:
        raise Invalid({"valid": _("Choose one of the list.")})
    days = DAYS[text][0]
    return clock.now() + timedelta(days=days) if days is not None else None

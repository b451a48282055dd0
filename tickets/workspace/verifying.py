"""Saying on a case's page that its customer is who they say, and taking it back; having a code sent; announcing a
call."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages as notes
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.choices import VerificationLevel, VerificationMethod
from accounts.models import Verification
from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from tickets.actions import proving, support_codes
from tickets.actions import verifying as verbs
from tickets.actors import Actor
from tickets.models import Ticket
from tickets.workspace.changes import do
from tickets.workspace.customer_card import DAYS
from tickets.workspace.guard import StaffRequest, workspace_page


@require_POST
@workspace_page(Capability.VERIFY_CUSTOMERS)
def verify(request: StaffRequest, number: str) -> HttpResponse:
    """Staff made sure who the customer is. What they chose stays chosen where it is refused."""
    method, valid, note = (request.POST.get(name, "") for name in ("method", "valid", "note"))

    def act(ticket: Ticket, by: Actor) -> None:
        proof = verbs.verify(ticket, method=_method(method), by=by, expires=_until(valid), note=note)
        words = {"name": ticket.customer.display_name, "level": VerificationLevel(proof.level).label}
        notes.success(request, _("%(name)s: %(level)s.") % words)

    return do(request, number, act, wanted={"method": method, "valid": valid, "note": note})


@require_POST
@workspace_page(Capability.VERIFY_CUSTOMERS)
def withdraw(request: StaffRequest, number: str) -> HttpResponse:
    """Only a proof of this very customer: the ticket is what opens the door."""
    named = request.POST.get("proof", "")

    def act(ticket: Ticket, by: Actor) -> None:
        pk = int(named) if named.isdecimal() and len(named) < 19 else 0
        proof = Verification.objects.filter(customer=ticket.customer_id, pk=pk).first()
        if proof is None:
            raise Invalid({"proof": _("This customer has no such proof.")})
        verbs.withdraw(ticket, proof, by=by)
        notes.success(request, _("Withdrawn: %(level)s.") % {"level": proof.get_level_display()})

    return do(request, number, act)


@require_POST
@workspace_page(Capability.VERIFY_CUSTOMERS)
def send_code(request: StaffRequest, number: str) -> HttpResponse:
    """To the contact on record; the customer types it on the portal, and the result appears on the page."""
    way = request.POST.get("way", "")

    def act(ticket: Ticket, by: Actor) -> None:
        proving.send_code(ticket, way=_method(way), by=by)
        notes.success(request, _("The code is on its way. The customer types it on our pages, not to you."))

    return do(request, number, act)


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def announce_call(request: StaffRequest, number: str) -> HttpResponse:
    """The page then shows a code to read out, by which the customer finds out that the call is ours."""
    return do(request, number, lambda ticket, by: support_codes.announce_call(ticket, by=by))


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

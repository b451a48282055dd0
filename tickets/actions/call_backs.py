"""Somebody asks to be called, and whether they were reached."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import Customer
from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict
from tickets.actions.rows import lock
from tickets.actors import Actor, system
from tickets.choices import AccountKind, EventKind
from tickets.events import emit
from tickets.models import Emergency
from tickets.rules.emergencies import Account

LANE = system("emergency")


def differs(account: Account, customer: Customer, phone: str) -> bool | None:
    """Whether it is another number than the one on record; None where none is on record, or none was given."""
    registered = account.value if account.kind == AccountKind.PHONE else customer.phone
    return (registered != phone) if phone and registered else None


@transaction.atomic
def ask_for_call(emergency: Emergency, *, phone: str, at: datetime | None = None) -> Emergency:
    """Whoever reported it wants to be called; asked again, the newer number and time hold. ``phone`` as
    ``rules.emergencies.read_phone`` gives it. Raises Conflict once they were reached.
    """
    ticket = lock(emergency.ticket)
    emergency = Emergency.objects.select_related("ticket__customer", "brand").get(pk=emergency.pk)
    if emergency.called_back_at is not None or not ticket.is_active:
        raise Conflict
    if (emergency.call_back_phone, emergency.call_back_at) == (phone, at):
        return emergency
    account = Account(AccountKind(emergency.account_kind), emergency.account)
    emergency.call_back_phone, emergency.call_back_at = phone, at
    emergency.call_back_differs = differs(account, ticket.customer, phone)
    emergency.save(update_fields=["call_back_phone", "call_back_at", "call_back_differs"])
    emit(ticket, EventKind.CALL_BACK_ASKED, by=LANE, differs=emergency.call_back_differs)
    return emergency


@transaction.atomic
def called_back(emergency: Emergency, *, reached: bool, by: Actor) -> Emergency:
    """Note a call. One that reached them ends it; one that did not leaves it open, and is counted."""
    by.require(Capability.WORK_TICKETS)
    ticket = lock(emergency.ticket)
    rows = Emergency.objects.filter(pk=emergency.pk, called_back_at=None).exclude(call_back_phone="")
    changes = {"called_back_at": clock.now()} if reached else {}
    if not rows.update(call_back_tries=F("call_back_tries") + 1, **changes):
        raise Conflict
    emit(ticket, EventKind.CALLED_BACK, by=by, reached=reached)
    emergency.refresh_from_db()
    return emergency

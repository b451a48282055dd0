"""How much a customer means to the company, and what that does to the promises they were given."""

from __future__ import annotations

from django.db import transaction

from accounts.actions import customers
from accounts.choices import Tier
from accounts.models import Customer
from accounts.rules.capabilities import Capability
from tickets.actions import retargeting
from tickets.actions.rows import lock
from tickets.actors import Actor
from tickets.choices import ClockReason
from tickets.models import Ticket


@transaction.atomic
def change_tier(customer: Customer, *, tier: Tier, by: Actor) -> None:
    """Set it; the promises of the customer's open cases follow, with every brand: all of them or none.

    For those who direct others' work: a tier gives one customer's cases the way before others'. Raises NotAllowed.
    """
    by.require(Capability.ASSIGN_OTHERS)
    if not customers.set_tier(customer, tier=tier):
        return
    # In the order of their ids, as whoever locks several does.
    for pk in Ticket.objects.of_customer(customer).active().order_by("pk").values_list("pk", flat=True):
        ticket = lock(Ticket(pk=pk))
        if ticket.is_active:
            retargeting.retarget(ticket, by=by, why=ClockReason.TIER_CHANGED)

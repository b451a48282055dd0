"""What ties an account to the customer on whose case something is asked for, by all that is on record here."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import Customer
from tickets.choices import ACTIVE_STATUSES, OPEN_ACT_STATES, ActKind, ActState
from tickets.models import Emergency, SensitiveAct, Ticket
from tickets.rules.wallet_holder import Tie, account_key


def tie_of(ticket: Ticket, account: str) -> Tie:
    """By the customer's contact data as they were read; five queries at most, each for a handful of rows."""
    customer, region = ticket.customer, ticket.brand.country
    key = account_key(account, region=region)
    if key in {account_key(own, region=region) for own in (customer.email, customer.phone) if own}:
        return Tie.OWN
    if _is_contact_of_another(customer, key):
        return Tie.OTHER_PERSON
    if _stands_on_another_case(ticket, key):
        return Tie.OTHER_CASE
    # Whether the account is theirs the wallet said then. A freeze anybody may set off. By act_by_account.
    done = SensitiveAct.objects.filter(brand=ticket.brand_id, account_key=key, state=ActState.DONE)
    was_theirs = done.filter(customer=customer).exclude(kind=ActKind.FREEZE).exists()
    return Tie.KNOWN if was_theirs else Tie.NONE


def _is_contact_of_another(customer: Customer, key: str) -> bool:
    """Of whichever brand they are a customer: an address is one person's. By the two unique indexes."""
    same = Q(email=key) if "@" in key else Q(phone=key)
    return Customer.objects.filter(same).exclude(pk=customer.pk).exists()


def _stands_on_another_case(ticket: Ticket, key: str) -> bool:
    """Acts by ``one_open_act_of_a_kind_per_account``, which holds only what is not over; emergencies by
    ``emergency_by_account``."""
    acts = SensitiveAct.objects.filter(brand=ticket.brand_id, account_key=key, state__in=OPEN_ACT_STATES)
    if acts.exclude(customer=ticket.customer_id).exists():
        return True
    open_ones = Emergency.objects.filter(brand=ticket.brand_id, account_key=key)
    open_ones = open_ones.filter(ticket__status__in=ACTIVE_STATUSES)
    return open_ones.exclude(ticket__customer=ticket.customer_id).exists()

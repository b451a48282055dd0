"""What ties an account to the customer on whose case something is asked for, by all that is on record here."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import Customer
from tickets.choices import ACTIVE_STATUSES, OPEN_ACT_STATES, ActKind, ActState
from tickets.models import Emergency, SensitiveAct, Ticket
from tickets.rules.wallet_holder import Tie, folded, is_same, phone_of, spellings


def tie_of(ticket: Ticket, account: str) -> Tie:
    """By the customer's contact data as they were read; five queries at most, each for a handful of rows."""
    customer, region = ticket.customer, ticket.brand.country or "CN"
    phone = phone_of(account, region=region)
    if is_same(account, customer.email) or (phone or account.strip()) == customer.phone:
        return Tie.OWN
    if _is_contact_of_another(customer, account, phone):
        return Tie.OTHER_PERSON
    names = spellings(account, region=region)
    if _stands_on_another_case(ticket, account, names):
        return Tie.OTHER_CASE
    # Whether the account is theirs the wallet said then. A freeze anybody may set off. By act_by_account.
    done = SensitiveAct.objects.filter(brand=ticket.brand_id, account__in=names, state=ActState.DONE)
    was_theirs = done.filter(customer=customer).exclude(kind=ActKind.FREEZE).exists()
    return Tie.KNOWN if was_theirs else Tie.NONE


def _is_contact_of_another(customer: Customer, account: str, phone: str) -> bool:
    """Of whichever brand they are a customer: an address is one person's. By the two unique indexes."""
    same = Q(email=folded(account)) if "@" in account else Q(phone=phone or account.strip())
    return Customer.objects.filter(same).exclude(pk=customer.pk).exists()


def _stands_on_another_case(ticket: Ticket, account: str, names: frozenset[str]) -> bool:
    """Acts by ``one_open_act_of_a_kind_per_account``, which holds only what is not over; emergencies by
    ``emergency_by_account``."""
    acts = SensitiveAct.objects.filter(brand=ticket.brand_id, state__in=OPEN_ACT_STATES)
    if acts.filter(account__iexact=account.strip()).exclude(customer=ticket.customer_id).exists():
        return True
    open_ones = Emergency.objects.filter(brand=ticket.brand_id, account__in=names)
    open_ones = open_ones.filter(ticket__status__in=ACTIVE_STATUSES)
    return open_ones.exclude(ticket__customer=ticket.customer_id).exists()

"""Making decoys: customers who do not exist, each with one finished case, like anybody's.

Nobody is told of them, no promise runs, no mail leaves, no webhook is called, and their case lies in the past
(``decoy_cases``).
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import access, audit
from accounts.actions import reading
from accounts.choices import AuditKind
from accounts.models import Brand, Customer, Decoy, User
from accounts.queries.customers import known_by
from accounts.rules.capabilities import Capability
from accounts.rules.contact import normal_email
from helpdesk.lib.errors import Invalid
from tickets.actions import decoy_cases
from tickets.rules.decoys import Person, person

MOST_AT_ONCE = 50
#: How often another number is tried for an address that is taken.
TRIES = 20


def make(count: int, *, brand: Brand, domain: str, by: User | None) -> list[Decoy]:
    """``domain`` is the company's own. ``by`` None: from the console. Raises Invalid."""
    if by is not None:
        access.require(by, Capability.VIEW_AUDIT)
    domain = _checked(count, domain)
    made = [_one(_person(domain), brand, by) for _number in range(count)]
    reading.forget_decoys()
    return made


def _checked(count: int, domain: str) -> str:
    if not 1 <= count <= MOST_AT_ONCE:
        raise Invalid({"count": _("Make 1 to 50 at a time.")})
    domain = normal_email(domain).removeprefix("@")
    if "." not in domain or "@" in domain or any(char.isspace() for char in domain) or len(domain) > 150:
        raise Invalid({"domain": _("Give a domain of your own such as mail.example.com.")})
    return domain


def _person(domain: str) -> Person:
    for _try in range(TRIES):
        found = person(secrets.randbelow, domain, secrets.randbelow(9_000) + 100)
        if known_by(email=found.email) is None:
            return found
    raise Invalid({"domain": _("Nearly all of these addresses are taken. Give another domain.")})


@transaction.atomic
def _one(who: Person, brand: Brand, by: User | None) -> Decoy:
    opened = decoy_cases.opened_at(brand)
    customer = Customer.objects.create(name=who.name, email=who.email, language="zh-hans")
    # First known with their case, or some days before. The table itself would say: now.
    known = opened - timedelta(days=max(secrets.randbelow(60) - 30, 0), milliseconds=secrets.randbelow(900))
    Customer.objects.filter(pk=customer.pk).update(created_at=known)
    decoy = Decoy.objects.create(customer=customer, made_by=by)
    decoy_cases.tell(brand, customer, opened)
    audit.record(AuditKind.CONFIGURED, by=by, brand=brand, customer=customer, what="decoy", change="made")
    return decoy


@transaction.atomic
def remove(decoy: Decoy, *, by: User) -> None:
    """They stay a customer with a finished case; opening them alarms nobody any more."""
    access.require(by, Capability.VIEW_AUDIT)
    customer = decoy.customer_id
    decoy.delete()
    reading.forget_decoys()
    audit.record(AuditKind.CONFIGURED, by=by, customer=customer, what="decoy", change="removed")

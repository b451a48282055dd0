"""The customer beside their case: how surely they are known, and what else they have with us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.choices import RevealReason, VerificationMethod
from accounts.models import User
from accounts.queries.reveals import SHOWN_SECONDS, revealed_to
from accounts.queries.verification import level_of
from accounts.rules.capabilities import Capability
from accounts.rules.masking import mask_contact, mask_email, mask_phone
from tickets.models import Ticket
from tickets.queries.customer_history import History
from tickets.rules.queue import ANY

#: So many open cases are named; the queue has the rest.
OPEN_SHOWN = 6
#: For how many days it holds, by what the form sends; "" for until somebody withdraws it.
DAYS: Mapping[str, tuple[int | None, str | Promise]] = {
    "1": (1, _("for a day")),
    "30": (30, _("for 30 days")),
    "90": (90, _("for 90 days")),
    "365": (365, _("for a year")),
    "": (None, _("until withdrawn")),
}
USUALDAYS = "90"


@dataclass(frozen=True)
class Contact:
    """By what the customer is known, masked unless this person had it shown to them on this page."""

    name: str
    email: str
    phone: str
    is_shown: bool
    may_ask: bool
    reasons: list[tuple[str, str]]
    minutes: int = SHOWN_SECONDS // 60
    #: Then the page asks for its parts again, and gets them masked.
    seconds: int = SHOWN_SECONDS + 1


def contact_of(user: User, ticket: Ticket) -> Contact:
    customer = ticket.customer
    has_any = bool(customer.email or customer.phone)
    may_ask = has_any and access.can(user, Capability.REVEAL_DATA)
    is_shown = may_ask and bool(revealed_to(user.pk, ticket.number, [customer.pk]))
    masked_name = mask_contact(customer.email, customer.phone)
    return Contact(
        name=customer.name or (customer.display_name if is_shown else masked_name or customer.display_name),
        email=customer.email if is_shown or not customer.email else mask_email(customer.email),
        phone=customer.phone if is_shown or not customer.phone else mask_phone(customer.phone),
        is_shown=is_shown,
        may_ask=may_ask,
        reasons=[(str(value), str(label)) for value, label in RevealReason.choices] if may_ask else [],
    )


def customer_card(user: User, ticket: Ticket, history: History, wanted: Mapping[str, str]) -> dict[str, Any]:
    """What ``ticket_customer.html`` needs beside the ticket itself."""
    may_verify = access.can(user, Capability.VERIFY_CUSTOMERS) and not ticket.unproved_sender
    return {
        "contact": contact_of(user, ticket),
        "known": level_of(ticket.customer),
        "may_verify": may_verify,
        "methods": VerificationMethod.choices if may_verify else [],
        "validities": [(value, label) for value, (_days, label) in DAYS.items()],
        "validity": wanted.get("valid", USUALDAYS),
        "history": history,
        "open_cases": history.open[:OPEN_SHOWN],
        "all_cases": f"{reverse('workspace:queue')}?view=all&status={ANY}&customer={ticket.customer_id}",
    }

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
from accounts.rules.capabilities import Capability
from accounts.rules.masking import mask_contact, mask_email, mask_phone
from accounts.rules.verification import BY_CODE, LONGEST_NOTE
from tickets.models import Ticket
from tickets.queries.customer_history import History
from tickets.queries.proof import did_not_leave, level_on, open_challenge, ways_for
from tickets.queries.support_codes import call_about, spoken
from tickets.rules.proof import TRIES
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
#: What staff may say on their own word.
_BY_WORD = [(way.value, way.label) for way in VerificationMethod if way not in BY_CODE]
_SEND: Mapping[VerificationMethod, str | Promise] = {
    VerificationMethod.MAIL_CODE: _("Send a code by e-mail"),
    VerificationMethod.PHONE_CODE: _("Send a code to the phone"),
}


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
        "known": level_on(ticket),
        "may_verify": may_verify,
        "methods": _BY_WORD if may_verify else [],
        "note_limit": LONGEST_NOTE,
        **(_code(ticket) if may_verify else {}),
        **(_call(user, ticket) if not ticket.unproved_sender else {}),
        "validities": [(value, label) for value, (_days, label) in DAYS.items()],
        "validity": wanted.get("valid", USUALDAYS),
        "history": history,
        "open_cases": history.open[:OPEN_SHOWN],
        "all_cases": f"{reverse('workspace:queue')}?view=all&status={ANY}&customer={ticket.customer_id}",
    }


def _code(ticket: Ticket) -> dict[str, Any]:
    """The code that was sent, as far as an agent may know of it, and in which ways one can be."""
    ways = [(way.value, _SEND[way]) for way in ways_for(ticket)]
    challenge = open_challenge(ticket)
    return {
        "code_ways": ways,
        "challenge": challenge,
        "code_lost": challenge is not None and did_not_leave(challenge),
        "tries_left": TRIES - challenge.tries if challenge is not None else None,
    }


def _call(user: User, ticket: Ticket) -> dict[str, Any]:
    """The call that this agent announced, with what they read out."""
    if not access.can(user, Capability.WORK_TICKETS):
        return {}
    call = call_about(ticket, user)
    return {"may_call": True, "call": call, "call_code": spoken(call) if call is not None else ""}

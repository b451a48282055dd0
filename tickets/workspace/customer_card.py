"""The customer beside their case: how surely they are known, and what else they have with us."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.choices import VerificationMethod
from accounts.models import User
from accounts.queries.verification import level_of
from accounts.rules.capabilities import Capability
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


def customer_card(user: User, ticket: Ticket, history: History, wanted: Mapping[str, str]) -> dict[str, Any]:
    """What ``ticket_customer.html`` needs beside the ticket itself."""
    may_verify = access.can(user, Capability.VERIFY_CUSTOMERS) and not ticket.unproved_sender
    return {
        "known": level_of(ticket.customer),
        "may_verify": may_verify,
        "methods": VerificationMethod.choices if may_verify else [],
        "validities": [(value, label) for value, (_days, label) in DAYS.items()],
        "validity": wanted.get("valid", USUALDAYS),
        "history": history,
        "open_cases": history.open[:OPEN_SHOWN],
        "all_cases": f"{reverse('workspace:queue')}?view=all&status={ANY}&customer={ticket.customer_id}",
    }

"""May this status follow that, and who may make it so? The one table, and what replies do to a status.

Staff move active tickets as the work goes, but never back to "new": that word means that nobody has looked.
Customers say that it is solved, that it is done with, or that it is not: nothing else is theirs to say.
The desk itself opens what a reply or a finished errand wakes, and closes what has been solved for long enough.
"Closed" is reached through "solved" alone, so that the customer always hears of the solution first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from helpdesk.lib.errors import DomainError
from tickets.choices import ActorKind, Status

_CUSTOMER, _STAFF, _SYSTEM = ActorKind.CUSTOMER, ActorKind.STAFF, ActorKind.SYSTEM

TRANSITIONS: Mapping[tuple[Status, Status], frozenset[ActorKind]] = {
    (Status.NEW, Status.OPEN): frozenset({_STAFF}),
    (Status.NEW, Status.PENDING): frozenset({_STAFF}),
    (Status.NEW, Status.ON_HOLD): frozenset({_STAFF}),
    (Status.NEW, Status.SOLVED): frozenset({_STAFF, _CUSTOMER}),
    (Status.OPEN, Status.PENDING): frozenset({_STAFF}),
    (Status.OPEN, Status.ON_HOLD): frozenset({_STAFF}),
    (Status.OPEN, Status.SOLVED): frozenset({_STAFF, _CUSTOMER}),
    (Status.PENDING, Status.OPEN): frozenset({_STAFF, _SYSTEM}),
    (Status.PENDING, Status.ON_HOLD): frozenset({_STAFF}),
    (Status.PENDING, Status.SOLVED): frozenset({_STAFF, _CUSTOMER}),
    (Status.ON_HOLD, Status.OPEN): frozenset({_STAFF, _SYSTEM}),
    (Status.ON_HOLD, Status.PENDING): frozenset({_STAFF}),
    (Status.ON_HOLD, Status.SOLVED): frozenset({_STAFF, _CUSTOMER}),
    (Status.SOLVED, Status.OPEN): frozenset({_STAFF, _CUSTOMER, _SYSTEM}),
    (Status.SOLVED, Status.CLOSED): frozenset({_STAFF, _CUSTOMER, _SYSTEM}),
    # Within the window only (see ``may_reopen``); after it a new ticket follows up on the old one.
    (Status.CLOSED, Status.OPEN): frozenset({_STAFF, _CUSTOMER, _SYSTEM}),
}

_AFTER_CUSTOMER_REPLY: Mapping[Status, Status] = {
    Status.NEW: Status.NEW,  # Still nobody has looked.
    Status.OPEN: Status.OPEN,
    Status.PENDING: Status.OPEN,  # What we waited for is here.
    # We wait for a third party (a bank, the risk team), and the customer's word does not end that wait. Staff see
    # the reply all the same; opening the ticket would let impatience undo what the agent has arranged.
    Status.ON_HOLD: Status.ON_HOLD,
    Status.SOLVED: Status.OPEN,  # It was not solved after all.
    Status.CLOSED: Status.OPEN,  # Asked only within the window.
}

_AFTER_AGENT_REPLY: Mapping[Status, Status] = {
    Status.NEW: Status.OPEN,  # Somebody has looked.
    Status.OPEN: Status.OPEN,  # Whether it is now the customer's turn, the agent says: not every reply asks.
    Status.PENDING: Status.PENDING,
    Status.ON_HOLD: Status.ON_HOLD,
    Status.SOLVED: Status.SOLVED,  # A last word does not take up the case again.
    Status.CLOSED: Status.CLOSED,
}


class IllegalTransition(DomainError):
    code = "illegal_transition"
    status = 409

    def __init__(self, from_: Status, to: Status, by: ActorKind) -> None:
        self.from_, self.to, self.by = from_, to, by
        words = _("A case with the status “{from_}” cannot be changed to “{to}”.")
        message = format_lazy(words, from_=from_.label, to=to.label)
        super().__init__(message, from_=from_.value, to=to.value, by=by.value)


def check(from_: Status | str, to: Status | str, by: ActorKind) -> None:
    """Raises IllegalTransition unless ``by`` may do it. Staying as it is, is no transition: verbs skip it."""
    if by not in TRANSITIONS.get((Status(from_), Status(to)), ()):
        raise IllegalTransition(Status(from_), Status(to), by)


def allowed(from_: Status | str, by: ActorKind) -> list[Status]:
    """Where ``by`` may move it from here, in the order of a case's life."""
    return [to for to in Status if by in TRANSITIONS.get((Status(from_), to), ())]


def may_reopen(done_at: datetime, now: datetime, window: timedelta) -> bool:
    """A case solved or closed at ``done_at`` may be taken up again; later, a new one follows up on it."""
    return now - done_at <= window


def after_customer_reply(status: Status | str) -> Status:
    """What a customer's reply makes of a status. The change is the desk's own act (SYSTEM), not the customer's."""
    return _AFTER_CUSTOMER_REPLY[Status(status)]


def after_agent_reply(status: Status | str) -> Status:
    """What a public reply by staff makes of a status, when the agent does not say otherwise."""
    return _AFTER_AGENT_REPLY[Status(status)]


def is_waiting_on_customer(status: Status | str) -> bool:
    return Status(status) == Status.PENDING

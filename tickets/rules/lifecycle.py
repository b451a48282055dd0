"""May this status follow that, and who may do it? The one table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from helpdesk.lib.errors import DomainError
from tickets.choices import ActorKind, Status

_C, _S, _Y = ActorKind.CUSTOMER, ActorKind.STAFF, ActorKind.SYSTEM
_N, _O, _P, _H, _D, _X = Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.SOLVED, Status.CLOSED

TRANSITIONS: Mapping[tuple[Status, Status], frozenset[ActorKind]] = {
    (_N, _O): frozenset({_S, _Y}),
    (_N, _P): frozenset({_S, _Y}),
    (_N, _H): frozenset({_S}),
    (_N, _D): frozenset({_C, _S, _Y}),
    (_O, _P): frozenset({_S, _Y}),
    (_O, _H): frozenset({_S}),
    (_O, _D): frozenset({_C, _S, _Y}),
    (_P, _O): frozenset({_C, _S, _Y}),
    (_P, _H): frozenset({_S}),
    (_P, _D): frozenset({_C, _S, _Y}),
    (_H, _O): frozenset({_S, _Y}),
    (_H, _P): frozenset({_S}),
    (_H, _D): frozenset({_C, _S, _Y}),
    (_D, _O): frozenset({_C, _S, _Y}),
    (_D, _P): frozenset({_S}),
    (_D, _H): frozenset({_S}),
    (_D, _X): frozenset({_C, _S, _Y}),
    # Within the window only; ``may_reopen`` says.
    (_X, _O): frozenset({_C, _S, _Y}),
}


class IllegalTransition(DomainError):
    code = "illegal_transition"
    status = 409
    message = _("A case in this state cannot go there.")

    def __init__(self, from_: Status, to: Status, by: ActorKind) -> None:
        super().__init__()
        self.from_, self.to, self.by = from_, to, by


def check(from_: Status, to: Status, by: ActorKind) -> None:
    if by not in TRANSITIONS.get((from_, to), frozenset()):
        raise IllegalTransition(from_, to, by)


def allowed(from_: Status, by: ActorKind) -> list[Status]:
    """Where this actor may take it, in the order of the statuses."""
    return [to for to in Status if by in TRANSITIONS.get((from_, to), frozenset())]


def may_reopen(ended_at: datetime, now: datetime, window: timedelta) -> bool:
    return now - ended_at <= window


def after_customer_reply(status: Status) -> Status:
    """What the customer said waits for us now; what waits for a third party goes on waiting for it."""
    return Status.OPEN if status in (_P, _D, _X) else status


def after_agent_reply(status: Status) -> Status:
    """We answered: the ball is with the customer. A solved case stays solved when we add a word."""
    return status if status in (_H, _D, _X) else Status.PENDING


def is_waiting_on_customer(status: Status) -> bool:
    return status == Status.PENDING

"""May this person see this ticket? ``TicketQuerySet.visible_to`` says the same as rows; a test holds the two equal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts import access
from accounts.rules.capabilities import Capability

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.models import Ticket


@dataclass(frozen=True)
class Scope:
    """How far somebody sees. ``teams`` None means every team of the brands."""

    everything: bool = False
    brands: frozenset[int] = frozenset()
    teams: frozenset[int] | None = None
    own_customer_of: int | None = None


def scope_of(user: User) -> Scope:
    if access.can(user, Capability.VIEW_ALL_TICKETS):
        return Scope(everything=True)
    if access.can(user, Capability.VIEW_BRAND_TICKETS):
        return Scope(brands=user.brand_ids)
    if access.can(user, Capability.VIEW_TEAM_TICKETS):
        return Scope(brands=user.brand_ids, teams=user.team_ids)
    if access.can(user, Capability.OWN_CASES):
        return Scope(own_customer_of=user.pk)
    return Scope()


def may_see(user: User, ticket: Ticket) -> bool:
    scope = scope_of(user)
    if scope.everything:
        return True
    if scope.own_customer_of is not None:
        return ticket.customer.user_id == scope.own_customer_of
    if ticket.brand_id not in scope.brands:
        return False
    if scope.teams is None:
        return True
    return ticket.team_id is None or ticket.team_id in scope.teams or ticket.assignee_id == user.pk

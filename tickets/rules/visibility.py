"""May this person see this ticket? ``TicketQuerySet.visible_to`` says the same as rows; a test holds the two equal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts import access
from accounts.rules.capabilities import Capability

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from tickets.models import Ticket


@dataclass(frozen=True)
class Scope:
    """How far somebody sees. ``teams`` None means every team of the brands."""

    everything: bool = False
    brands: frozenset[int] = frozenset()
    teams: frozenset[int] | None = None
    own_customer_of: int | None = None

    def reaches(self, *, brand: int, team: int | None, assignee: int | None, viewer: int) -> bool:
        """Whether a ticket with these lies within what a member of staff sees."""
        if self.everything:
            return True
        if brand not in self.brands:
            return False
        return self.teams is None or team is None or team in self.teams or assignee == viewer


#: Any of these opens the workspace.
SEES_TICKETS = frozenset(
    {Capability.VIEW_TEAM_TICKETS, Capability.VIEW_BRAND_TICKETS, Capability.VIEW_ALL_TICKETS}
)


def sees_tickets(user: User | AnonymousUser) -> bool:
    """Whether the workspace is for them at all."""
    return any(access.can(user, capability) for capability in SEES_TICKETS)


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
    if scope.own_customer_of is not None:
        return ticket.customer.user_id == scope.own_customer_of
    return scope.reaches(
        brand=ticket.brand_id, team=ticket.team_id, assignee=ticket.assignee_id, viewer=user.pk
    )

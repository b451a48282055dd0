"""Who acts: passed as ``by=`` to every verb, kept with every event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts import access
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import NotAllowed
from tickets.choices import ActorKind

if TYPE_CHECKING:
    from accounts.models import Customer, User

#: So much of a name is kept with what they do.
MAX_NAME = 120


@dataclass(frozen=True)
class Actor:
    """A customer (perhaps without a log-in), a member of staff, or the desk itself."""

    kind: ActorKind
    name: str = ""
    user: User | None = None

    def require(self, capability: Capability) -> None:
        """Staff need the capability; the desk itself may; customers have no staff powers."""
        if self.kind == ActorKind.SYSTEM:
            return
        if self.kind != ActorKind.STAFF or self.user is None:
            raise NotAllowed(capability=capability.value)
        access.require(self.user, capability)


def staff(user: User) -> Actor:
    return Actor(ActorKind.STAFF, user.display_name, user)


def customer(customer: Customer) -> Actor:
    return Actor(ActorKind.CUSTOMER, customer.display_name, customer.user)


def system(name: str = "") -> Actor:
    """The desk itself; ``name`` says which part ("sla", "import")."""
    return Actor(ActorKind.SYSTEM, name)


#: Where a rule or a team's way of sharing work decides.
ROUTING = system("routing")

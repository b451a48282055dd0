"""How whoever wrote a mail stands to a case."""

from __future__ import annotations

from enum import Enum, auto

from accounts import access
from accounts.models import User
from accounts.rules.capabilities import Capability
from tickets.models import Participant, Ticket
from tickets.queries.correspondence import is_customer
from tickets.rules import visibility


class Standing(Enum):
    CUSTOMER = auto()
    #: A member of staff who works on the case.
    COLLEAGUE = auto()
    IN_COPY = auto()
    STRANGER = auto()
    #: Somebody whom staff took out of copy; a member of staff, or one who was, whom the case is nothing to. They may
    #: have got mail of ours about it: that mail says nothing on the case any more.
    SHUT_OUT = auto()

    @property
    def takes_part(self) -> bool:
        return self in (Standing.CUSTOMER, Standing.COLLEAGUE, Standing.IN_COPY)


def standing(ticket: Ticket, address: str) -> Standing:
    """Of an address that was proved, in the spelling by which people are known."""
    if is_customer(ticket, address):
        return Standing.CUSTOMER
    user = staff_with(address)
    if user is not None and access.can(user, Capability.WORK_TICKETS) and visibility.may_see(user, ticket):
        return Standing.COLLEAGUE
    copied = Participant.objects.filter(ticket=ticket, email=address).first()
    if copied is not None and copied.removed_at is None:
        return Standing.IN_COPY
    return Standing.STRANGER if copied is None and user is None else Standing.SHUT_OUT


def staff_with(address: str) -> User | None:
    """The member of staff, or one who was, whose log-in this address is."""
    user = User.objects.filter(email=address).first()
    return user if user is not None and user.is_staff else None

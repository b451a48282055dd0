"""Loading what the address names, as far as the asker may see it."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404

from accounts.models import User
from accounts.rules.capabilities import Role
from helpdesk.lib.rows import one_or_none
from tickets import actors
from tickets.actors import Actor
from tickets.models import Ticket
from tickets.models.messages import customers_read
from tickets.models.tickets import TicketQuerySet
from tickets.queries.ticket_page import seen
from tickets.rules import numbers


def is_customer(user: User) -> bool:
    return user.role == Role.CUSTOMER


def visible(user: User) -> TicketQuerySet:
    """The asker's tickets with what every answer shows of them: one query."""
    return Ticket.objects.visible_to(user).select_related(
        "brand", "customer", "category", "team", "assignee", "follow_up_of", "merged_into"
    )


def ticket_or_404(user: User, number: str) -> Ticket:
    """A ticket that is not the asker's to see is not there."""
    stored = numbers.parse(number)
    found = one_or_none(visible(user).filter(number=stored)) if stored else None
    if found is None:
        raise Http404
    return seen(found)


def actor_of(user: User, ticket: Ticket | None = None) -> Actor:
    if not is_customer(user):
        return actors.staff(user)
    return actors.customer(ticket.customer) if ticket is not None else actors.customer(user.customer)


def readable(user: User, prefix: str = "") -> Q:
    """For filters on messages: what this person may read of a conversation."""
    return customers_read(prefix) if is_customer(user) else Q()

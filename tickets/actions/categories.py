"""Agreeing with a category, and setting it unasked."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Conflict
from tickets import actors
from tickets.actions.status import lock_to_change
from tickets.actions.tickets import set_category
from tickets.actors import Actor
from tickets.choices import EventKind
from tickets.events import emit
from tickets.models import Category, Ticket
from tickets.queries.suggestions import was_decided


@transaction.atomic
def confirm_category(ticket: Ticket, *, category: Category, by: Actor) -> Ticket:
    """Say that the category is right as it stands; the classifier learns from that. Once said is enough."""
    by.require(Capability.WORK_TICKETS)
    ticket = lock_to_change(ticket)
    if ticket.category_id != category.pk:
        raise Conflict(_("Somebody changed this meanwhile. Save again if you still want your choice."))
    if not was_decided(ticket):
        emit(ticket, EventKind.CATEGORY_CHANGED, by=by, change=(category.slug, category.slug))
    return ticket


@transaction.atomic
def set_where_none(ticket: Ticket, *, category: Category, confidence: float) -> Ticket:
    """By the classifier, on a case that has no category yet: a person who was quicker is right."""
    ticket = lock_to_change(ticket)
    if ticket.category_id is not None:
        return ticket
    return set_category(ticket, category=category, by=actors.system("classifier"), confidence=confidence)

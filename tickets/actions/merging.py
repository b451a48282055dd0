"""Two cases about the same trouble become one."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from tickets.actions import sla
from tickets.actions.rows import lock, write
from tickets.actions.tickets import mark_complaint
from tickets.actors import Actor
from tickets.choices import EventKind, Status
from tickets.events import emit
from tickets.models import Ticket


@transaction.atomic
def merge(ticket: Ticket, *, into: Ticket, by: Actor) -> Ticket:
    """Let ``ticket`` end in ``into``, which goes on; what the customer says on either is then said there.

    Only cases of one customer with one brand: a merged case shows its reader what the other holds. The customer gets
    no mail for it; clocks end or are taken over (``sla.merged``). Raises Invalid with the reason otherwise.
    """
    by.require(Capability.WORK_TICKETS)
    ticket, into = _lock_both(ticket, into)
    _check(ticket, into)
    now = clock.now()
    if ticket.is_complaint:
        # What the law promises for a complaint, it promises for the case that now holds it.
        into = mark_complaint(into, is_complaint=True, by=by)
    sla.merged(ticket, into, by=by)
    write(
        ticket,
        merged_into=into,
        status=Status.CLOSED,
        closed_at=now,
        solved_at=ticket.solved_at or now,
    )
    emit(ticket, EventKind.MERGED, by=by, number=into.number)
    write(into)
    emit(into, EventKind.MERGED_HERE, by=by, number=ticket.number)
    return into


def _lock_both(ticket: Ticket, into: Ticket) -> tuple[Ticket, Ticket]:
    """In the order of their ids: two merges in opposite directions wait for one another and never in a circle."""
    held = {pk: lock(Ticket(pk=pk)) for pk in sorted({ticket.pk, into.pk})}
    return held[ticket.pk], held[into.pk]


def _check(ticket: Ticket, into: Ticket) -> None:
    if ticket.pk == into.pk:
        raise Invalid({"into": _("A case cannot be merged into itself.")})
    if ticket.merged_into_id is not None:
        raise Invalid({"into": _("This case was merged already.")})
    if into.merged_into_id is not None:
        raise Invalid({"into": _("That case was itself merged into another; choose the one that goes on.")})
    if (ticket.customer_id, ticket.brand_id) != (into.customer_id, into.brand_id):
        raise Invalid({"into": _("Only cases of the same customer with the same brand can be merged.")})
    if not into.is_active:
        raise Invalid({"into": _("That case is over. Merge the other way round, or open it again first.")})

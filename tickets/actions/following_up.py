"""Staff go on with a matter whose case is closed: a new case follows it."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Conflict
from tickets.actions.assignment import check_can_work, give
from tickets.actions.status import lock_to_change
from tickets.actions.tickets import NewTicket, open_ticket
from tickets.actors import Actor
from tickets.choices import Status
from tickets.models import Ticket


class NotClosed(Conflict):
    code = "not_closed"
    message = gettext_lazy("This case is not closed: go on in it.")


@transaction.atomic
def open_follow_up(ticket: Ticket, *, by: Actor) -> Ticket:
    """A case of the same customer, category, tags and subject, begun with a note and given to whoever opened it. The
    customer hears of it when somebody writes to them. Raises NotClosed.
    """
    by.require(Capability.OPEN_FOR_CUSTOMER)
    ticket = lock_to_change(ticket)
    if ticket.status != Status.CLOSED:
        raise NotClosed
    with translation.override(by.user.language if by.user else None):
        body = _("Follows the closed case %(number)s.") % {"number": ticket.display_number}
    opened = open_ticket(
        NewTicket(
            brand=ticket.brand,
            customer=ticket.customer,
            category=ticket.category,
            subject=ticket.subject,
            body=body,
            language=ticket.language,
            tags=ticket.tags,
            follow_up_of=ticket,
            unproved_sender=ticket.unproved_sender,
            no_receipt="follow_up",
            is_note=True,
        ),
        by=by,
    )
    if by.user is not None:
        check_can_work(opened, by.user)
        give(opened, by.user, by=by)
    return opened

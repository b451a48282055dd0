"""A case that tells what another tells already."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.rules.capabilities import Capability
from tickets.actions.linking import link
from tickets.actions.merging import merge
from tickets.actions.messages import note
from tickets.actions.rows import lock_both
from tickets.actions.status import change_status, refuse_if_merged
from tickets.actors import Actor
from tickets.choices import LinkKind, Status
from tickets.models import Ticket


@transaction.atomic
def end_as_duplicate(ticket: Ticket, *, of: Ticket, by: Actor) -> bool:
    """Link ``ticket`` as a duplicate of the other and end it: merged into it where both are of one customer and the
    other goes on; else solved, with a note that says why. Whether it was merged.
    """
    by.require(Capability.WORK_TICKETS)
    ticket, of = lock_both(ticket, of)
    refuse_if_merged(ticket)
    link(ticket, of, kind=LinkKind.DUPLICATE, by=by)
    same = (ticket.customer_id, ticket.brand_id) == (of.customer_id, of.brand_id)
    if same and of.is_active and of.merged_into_id is None:
        merge(ticket, into=of, by=by)
        return True
    if ticket.is_active:
        with translation.override(by.user.language if by.user else None):
            words = _("A duplicate of %(number)s.") % {"number": of.display_number}
        note(ticket, body=words, by=by)
        change_status(ticket, to=Status.SOLVED, by=by)
    return False

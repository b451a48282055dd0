"""A mail from the box "not a ticket" becomes one, by one click."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Conflict, DomainError
from tickets.actors import Actor
from tickets.channels.email.knowing import know
from tickets.channels.email.taking import rescued
from tickets.choices import IncomingState
from tickets.models import IncomingMail, Ticket


class Forgotten(DomainError):
    """Only what was read of it is left."""

    code = "raw_mail_gone"
    status = 410
    message = _("This mail is no longer kept. What it said cannot be read again.")


class NotAside(Conflict):
    code = "not_aside"
    message = _("This mail was taken out of the box already.")


def rescue(mail: IncomingMail, *, by: Actor) -> Ticket:
    """The ticket that it opened, or the one it was said on. Two at once: the second gets the first one's ticket.

    Raises Forgotten, or NotAside for a mail that is none of the box's.
    """
    by.require(Capability.WORK_TICKETS)
    raw = mail.raw
    if raw is None:
        raise Forgotten
    known = know(IncomingMail.objects.select_related("brand", "mailbox").get(pk=mail.pk), raw)
    with transaction.atomic():
        row = IncomingMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
        if row.ticket is not None:
            return row.ticket
        if row.state != IncomingState.SET_ASIDE:
            raise NotAside
        return rescued(known)

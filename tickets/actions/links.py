"""Rights to follow one ticket without logging in."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.inserting import insert
from tickets.actions.rows import lock, write
from tickets.actors import Actor
from tickets.choices import EventKind
from tickets.events import emit
from tickets.models import Emergency, Ticket, TrackingLink


def issue_link(ticket: Ticket) -> TrackingLink:
    """A fresh right, valid for TRACKING_LINK_DAYS. Every mail names the newest usable one."""
    now = clock.now()
    expires_at = now + timedelta(days=settings.TRACKING_LINK_DAYS)
    return insert(TrackingLink(ticket=ticket, created_at=now, expires_at=expires_at))


@transaction.atomic
def send_link(ticket: Ticket, *, by: Actor) -> None:
    """Mail a fresh link to the address on the case, and to no other: whoever asks, only the owner gets it."""
    ticket = lock(ticket)
    issue_link(ticket)
    emit(ticket, EventKind.LINK_SENT, by=by)


@transaction.atomic
def revoke_links(ticket: Ticket, *, by: Actor) -> int:
    """Make every link to this ticket useless, at once; how many there were."""
    by.require(Capability.WORK_TICKETS)
    ticket = lock(ticket)
    count = TrackingLink.objects.usable().filter(ticket=ticket).update(revoked_at=clock.now())
    if count:
        write(ticket)
        emit(ticket, EventKind.LINK_REVOKED, by=by, count=count)
    return count


def shut_out_reporters(*tickets: Ticket) -> None:
    """Whoever reported an emergency has a link to its case, and nobody knows who they are: where it is put together
    with another, they read no further. The owner gets a fresh link with the next mail.
    """
    reported = Emergency.objects.filter(ticket__in=tickets).values("ticket_id")
    TrackingLink.objects.usable().filter(ticket__in=reported).update(revoked_at=clock.now())

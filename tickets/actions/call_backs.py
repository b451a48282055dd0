"""Somebody asked to be called: whether they were reached."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict
from tickets.actions.rows import lock
from tickets.actors import Actor
from tickets.choices import EventKind
from tickets.events import emit
from tickets.models import Emergency


@transaction.atomic
def called_back(emergency: Emergency, *, reached: bool, by: Actor) -> Emergency:
    """Note a call. One that reached them ends it; one that did not leaves it open, and is counted."""
    by.require(Capability.WORK_TICKETS)
    ticket = lock(emergency.ticket)
    rows = Emergency.objects.filter(pk=emergency.pk, called_back_at=None).exclude(call_back_phone="")
    changes = {"called_back_at": clock.now()} if reached else {}
    if not rows.update(call_back_tries=F("call_back_tries") + 1, **changes):
        raise Conflict
    emit(ticket, EventKind.CALLED_BACK, by=by, reached=reached)
    emergency.refresh_from_db()
    return emergency

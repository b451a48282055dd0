"""Receiving domains that asked us to wait."""

from __future__ import annotations

from django.db import transaction

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.wakeup import wake
from tickets.actors import Actor
from tickets.events import DELIVER_TASK
from tickets.models import MailDestination


@transaction.atomic
def go_on(destination: MailDestination, *, by: Actor) -> None:
    """Write to it again at once: an operator knows that it takes mail now. What it said stays to be read."""
    by.require(Capability.CONFIGURE_SITE)
    MailDestination.objects.filter(pk=destination.pk).update(paused_until=None, next_at=clock.now())
    wake(DELIVER_TASK)

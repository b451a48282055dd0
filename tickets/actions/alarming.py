"""An emergency rings until somebody takes it. ``sweep`` is what the clock calls; a kill at any moment loses no ring."""

from __future__ import annotations

import logging
from datetime import timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.choices import AuditKind
from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict
from tickets.actions import assignment
from tickets.actions.rows import lock
from tickets.actors import Actor, system
from tickets.choices import EventKind, NoticeKind
from tickets.events import append, call_all, emit, event_of, tell
from tickets.models import Emergency, Event, OutboxCall, Ticket, Webhook
from tickets.queries import emergencies as queries
from tickets.rules import alarms
from tickets.rules.webhooks import emergency_payload

logger = logging.getLogger(__name__)
TASK = "tickets.ring_emergencies"
ALARM = system("alarm")
BATCH = 50


class TakenBySomebody(Conflict):
    code = "emergency_taken"


def every() -> timedelta:
    minutes: int = settings.EMERGENCY_ALARM_MINUTES
    return timedelta(minutes=minutes)


def ring(emergency: Emergency, event: Event, *, number: int) -> list[str]:
    """Tell the circle of this ring, in the page and by mail whatever the hour, and call the webhooks of emergencies.

    On an emergency whose ticket the caller holds; the names of those who were told.
    """
    found = queries.to_alarm(emergency, alarms.circle_of(number))
    tell([(event, person) for person in found.people], urgent=True, kind=NoticeKind.EMERGENCY)
    call_all(
        [
            OutboxCall(
                webhook=webhook,
                ticket=emergency.ticket,
                cause=f"emergency:{emergency.pk}:{number}:{webhook.pk}",
                payload=emergency_payload(event, ring=number),
            )
            for webhook in _webhooks(emergency)
        ]
    )
    emergency.alarm_round = number
    emergency.alarm_at = alarms.next_ring(emergency.opened_at, clock.now(), every=every())
    emergency.alarmed = sorted({*emergency.alarmed, *(person.pk for person in found.people)})
    emergency.save(update_fields=["alarm_round", "alarm_at", "alarmed"])
    return [person.display_name for person in found.people]


def _webhooks(emergency: Emergency) -> list[Webhook]:
    rows = Webhook.objects.filter(is_active=True, for_emergencies=True)
    return list(rows.filter(Q(brands=None) | Q(brands=emergency.brand_id)).distinct())


def sweep(limit: int = BATCH) -> int:
    """Ring again for what nobody has taken; how many rang. One transaction each: a kill rings none twice."""
    due = (
        Emergency.objects.filter(alarm_at__lte=clock.now()).order_by("alarm_at").values_list("pk", flat=True)
    )
    rung = 0
    for pk in list(due[:limit]):
        try:
            rung += _ring_again(pk)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            # One that cannot ring (a case gone wrong) must not keep the others silent.
            logger.exception("The alarm of emergency %s could not ring", pk)
    return rung


@transaction.atomic
def _ring_again(pk: int) -> bool:
    # The ticket first, as every verb does. Held by another: whoever takes it now, or the next sweep.
    ticket = (
        Ticket.objects.filter(emergency=pk)
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
        .first()
    )
    if ticket is None:
        return False
    emergency = Emergency.objects.select_related("brand", "ticket").get(pk=pk)
    now = clock.now()
    if emergency.alarm_at is None or emergency.alarm_at > now:
        return False
    if not ticket.is_active:
        Emergency.objects.filter(pk=pk).update(alarm_at=None)
        return False
    number = alarms.round_at(emergency.opened_at, now, every=every())
    told = [person.display_name for person in queries.to_alarm(emergency, alarms.circle_of(number)).people]
    event = event_of(ticket, EventKind.ESCALATED, by=ALARM, act="alarm", ring=number, told=told)
    append([event])
    ring(emergency, event, number=number)
    return True


@transaction.atomic
def take(emergency: Emergency, *, by: Actor) -> Emergency:
    """ "I take it": the alarm falls silent, the ticket is theirs. Of two at once one has it."""
    by.require(Capability.ANSWER_EMERGENCIES)
    assert by.user is not None
    ticket = lock(emergency.ticket)
    now = clock.now()
    mine = Emergency.objects.filter(pk=emergency.pk, taken_at=None)
    if not mine.update(taken_at=now, taken_by=by.user, alarm_at=None):
        emergency.refresh_from_db()
        if emergency.taken_by_id == by.user.pk:
            return emergency
        words = _("%(name)s has taken this emergency already.")
        raise TakenBySomebody(words % {"name": emergency.taken_by.display_name if emergency.taken_by else ""})
    waited = int((now - emergency.opened_at).total_seconds())
    emit(ticket, EventKind.EMERGENCY_TAKEN, by=by, seconds=waited)
    _record(ticket, by, waited)
    if ticket.is_active and ticket.assignee_id != by.user.pk:
        # Whatever team has it: whoever is alarmed sees what they take.
        assignment.give(ticket, by.user, by=by)
    emergency.refresh_from_db()
    return emergency


def _record(ticket: Ticket, by: Actor, seconds: int) -> None:
    audit.record(
        AuditKind.EMERGENCY_TAKEN,
        by=by.user,
        brand=ticket.brand,
        ticket=ticket.number,
        customer=ticket.customer,
        seconds=seconds,
    )

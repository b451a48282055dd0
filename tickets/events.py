"""The one log. ``emit`` appends what happened and queues who hears of it, in the caller's transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from accounts.models import User
from accounts.rules.contact import takes_mail
from helpdesk.lib import clock
from helpdesk.lib.inserting import insert, insert_all
from helpdesk.lib.wakeup import wake
from tickets.actors import Actor
from tickets.choices import ActorKind, EventKind, MailPurpose
from tickets.models import Event, Message, Notice, OutboxCall, OutboxMail, Ticket, Webhook
from tickets.queries.correspondence import who_gets_copies
from tickets.rules import notices
from tickets.rules.quiet_hours import ready_at

logger = logging.getLogger(__name__)
DELIVER_TASK = "tickets.deliver_outbox"
NOTICES_TASK = "tickets.gather_notices"
CALLS_TASK = "tickets.deliver_calls"
SUGGEST_TASK = "tickets.suggest_category"
TRAIN_TASK = "tickets.train_classifier"


def emit(
    ticket: Ticket,
    kind: EventKind,
    *,
    by: Actor,
    message: Message | None = None,
    change: tuple[str | None, str | None] | None = None,
    **data: Any,
) -> Event:
    """Append an event. ``data`` is what the timeline needs to say it in words (JSON values); ``change`` is what it was
    before and after, kept as ``from`` and ``to``.
    """
    if change is not None:
        data["from"], data["to"] = change
    event = event_of(ticket, kind, by=by, message=message, **data)
    insert(event)
    purpose = notices.customer_hears(kind, actor=by.kind, channel=ticket.channel, data=data)
    if purpose is not None:
        _mail(event, purpose)
    return event


def event_of(
    ticket: Ticket, kind: EventKind, *, by: Actor, message: Message | None = None, **data: Any
) -> Event:
    """An event that is not written yet."""
    return Event(
        ticket=ticket,
        kind=kind,
        at=clock.now(),
        actor_kind=by.kind,
        actor=by.user if by.kind == ActorKind.STAFF else None,
        actor_name=by.name[:120],
        message=message,
        data=data,
    )


def append(events: Iterable[Event]) -> list[Event]:
    """Write events of which the customer hears nothing (of clocks, say), all in one statement."""
    rows = list(events)
    insert_all(rows)
    return rows


def _mail(event: Event, purpose: MailPurpose) -> None:
    """To the customer, and where we said something to those in copy; a reply that may be taken back waits so long."""
    ticket = event.ticket
    held_until = event.message.held_until if event.message else None
    common: dict[str, Any] = {
        "brand": ticket.brand,
        "ticket": ticket,
        "message": event.message,
        "language": ticket.language,
        "available_at": held_until or clock.now(),
    }
    if takes_mail(ticket.customer.email):
        OutboxMail.objects.queue(
            cause=f"{purpose}:{event.pk}",
            purpose=purpose,
            to=ticket.customer.email,
            to_name=ticket.customer.name,
            **common,
        )
    for person in who_gets_copies(ticket) if purpose in notices.COPIED else ():
        OutboxMail.objects.queue(
            cause=f"{MailPurpose.COPY}:{event.pk}:{person.pk}",
            purpose=MailPurpose.COPY,
            to=person.email,
            to_name=person.name,
            context={"of": purpose.value},
            **common,
        )
    wake(DELIVER_TASK)


def tell(told: Sequence[tuple[Event, User]], *, urgent: bool) -> None:
    """Tell members of staff of events, in the caller's transaction; each of an event once.

    What is urgent goes out at once; the rest waits for the end of the person's quiet hours and for their digest.
    """
    now = clock.now()
    people = {person.pk: person for _event, person in told}
    ready = {key: now if urgent else ready_for(person, now) for key, person in people.items()}
    rows = [
        Notice(
            event=event,
            ticket_id=event.ticket_id,
            person=person,
            is_urgent=urgent,
            created_at=now,
            ready_at=ready[person.pk],
        )
        for event, person in told
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    if any(at <= now for at in ready.values()):
        wake(NOTICES_TASK)


def ready_for(person: User, at: datetime) -> datetime:
    """When something that came up at ``at`` may reach the person, if it is no emergency."""
    quiet = None
    if person.quiet_from is not None and person.quiet_until is not None:
        quiet = (person.quiet_from, person.quiet_until)
    try:
        return ready_at(at, zone=person.time_zone, quiet=quiet, digest_minutes=person.digest_minutes)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        # A zone that the machine has forgotten, say. Better told at a bad hour than a promise that nobody looks after.
        logger.exception("The hours of person %s make no sense", person.pk)
        return at


def call(webhook: Webhook, *, ticket: Ticket | None, cause: str, payload: Mapping[str, Any]) -> None:
    """Have another system called. ``cause`` names the one act behind it: the same cause again is the same call."""
    call_all([OutboxCall(webhook=webhook, ticket=ticket, cause=cause, payload=dict(payload))])


def call_all(calls: Sequence[OutboxCall]) -> None:
    """Write calls down in the caller's transaction, in one statement. Webhooks that are switched off get none."""
    rows = [call for call in calls if call.webhook.is_active]
    if rows:
        OutboxCall.objects.bulk_create(rows, ignore_conflicts=True)
        wake(CALLS_TASK)

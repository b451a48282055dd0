"""The one log. ``emit`` appends what happened and queues who hears of it, in the caller's transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from django.conf import settings

from accounts.models import User
from accounts.rules.contact import takes_mail
from helpdesk.lib import clock
from helpdesk.lib.inserting import insert, insert_all
from helpdesk.lib.wakeup import wake
from tickets.actors import Actor
from tickets.choices import ActorKind, EventKind, MailPurpose, NoticeKind
from tickets.models import Event, Message, Notice, OutboxCall, OutboxMail, Ticket, Webhook
from tickets.queries.correspondence import who_gets_copies
from tickets.rules import notices
from tickets.rules.languages import language_of
from tickets.rules.quiet_hours import ready_at
from tickets.rules.staff_notices import Whom, hear, ways_of

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
    tell_who_hears([event])
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
    held_until = event.message.held_until if event.message else _time_to_undo(event)
    common: dict[str, Any] = {
        "brand": ticket.brand,
        "ticket": ticket,
        "message": event.message,
        "language": ticket.language,
        "available_at": held_until or clock.now(),
    }
    context = {"act": event.data["act"]} if purpose == MailPurpose.ACT else {}
    if takes_mail(ticket.customer.email):
        OutboxMail.objects.queue(
            cause=f"{purpose}:{event.pk}",
            purpose=purpose,
            to=ticket.customer.email,
            to_name=ticket.customer.name,
            context=context,
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


def pass_on(event: Event, *, to: Sequence[str], context: Mapping[str, Any]) -> None:
    """Have the conversation mailed to people outside, in the language that it is accompanied in."""
    ticket, message = event.ticket, event.message
    assert message is not None
    for place, address in enumerate(to):
        OutboxMail.objects.queue(
            cause=f"{MailPurpose.FORWARD}:{event.pk}:{place}",
            purpose=MailPurpose.FORWARD,
            brand=ticket.brand,
            ticket=ticket,
            message=message,
            to=address,
            language=language_of(message.body) or ticket.language,
            context=dict(context),
            available_at=message.held_until or clock.now(),
        )
    wake(DELIVER_TASK)


def tell_who_hears(events: Sequence[Event]) -> None:
    """Tell those who follow the tickets of these events by their office, in the caller's transaction."""
    told: dict[NoticeKind, list[tuple[Event, User]]] = {}
    for event in events:
        nature = event.message.nature if event.message else None
        known: set[int | None] = {event.actor_id}
        for kind, whom in hear(EventKind(event.kind), actor=ActorKind(event.actor_kind), nature=nature):
            for person in _people(event, whom):
                if person.is_active and person.pk not in known:
                    known.add(person.pk)
                    told.setdefault(kind, []).append((event, person))
    for kind, pairs in told.items():
        tell(pairs, urgent=False, kind=kind)


def _people(event: Event, whom: Whom) -> Iterable[User]:
    ticket, message = event.ticket, event.message
    if whom == Whom.WATCHERS:
        return ticket.watchers.all()
    one = ticket.assignee if whom == Whom.ASSIGNEE else message.author if message else None
    return [one] if one is not None and one.is_staff else []


def _time_to_undo(event: Event) -> datetime | None:
    """That a case is solved is told when whoever said so had time to take it back, as with a reply."""
    if event.kind != EventKind.STATUS_CHANGED or event.actor_kind != ActorKind.STAFF:
        return None
    seconds: int = settings.MAIL_UNDO_SECONDS
    return event.at + timedelta(seconds=seconds) if seconds else None


def tell(
    told: Sequence[tuple[Event, User]], *, urgent: bool, kind: NoticeKind = NoticeKind.ESCALATION
) -> None:
    """Tell members of staff of events, in the caller's transaction; each of an event once, in the ways they chose.

    What is urgent goes out at once; the rest waits for the end of the person's quiet hours and for their digest.
    """
    now = clock.now()
    ways = {person.pk: ways_of(kind, person.notice_choices) for _event, person in told}
    people = {person.pk: person for _event, person in told if ways[person.pk]}
    ready = {
        key: ready_for(person, now) if ways[key].mail and not urgent else now
        for key, person in people.items()
    }
    rows = [
        Notice(
            event=event,
            ticket_id=event.ticket_id,
            person=person,
            kind=kind,
            in_page=ways[person.pk].page,
            by_mail=ways[person.pk].mail,
            is_urgent=urgent,
            created_at=now,
            ready_at=ready[person.pk],
        )
        for event, person in told
        if person.pk in people
    ]
    if rows:
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
    if any(ways[key].mail and at <= now for key, at in ready.items()):
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

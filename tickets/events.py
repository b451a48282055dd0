"""The one log. ``emit`` appends what happened and queues who hears of it, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.models import User
from accounts.rules.contact import takes_mail
from helpdesk.lib import clock
from helpdesk.lib.inserting import insert, insert_all
from helpdesk.lib.wakeup import wake
from tickets.actors import Actor
from tickets.choices import ActorKind, EventKind, MailPurpose
from tickets.models import Event, Message, OutboxCall, OutboxMail, Ticket
from tickets.rules import notices

DELIVER_TASK = "tickets.deliver_outbox"


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
    if purpose is not None and takes_mail(ticket.customer.email):
        _mail_customer(event, purpose)
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


def _mail_customer(event: Event, purpose: MailPurpose) -> None:
    ticket = event.ticket
    OutboxMail.objects.queue(
        cause=f"{purpose}:{event.pk}",
        purpose=purpose,
        brand=ticket.brand,
        ticket=ticket,
        message=event.message,
        to=ticket.customer.email,
        to_name=ticket.customer.name,
        language=ticket.language,
    )
    wake(DELIVER_TASK)


def tell(told, *, urgent):
    for event, person in told:
        mail_staff(event, to=person)


def call_all(rows):
    OutboxCall.objects.bulk_create(rows, ignore_conflicts=True)


def mail_staff(event: Event, *, to: User) -> None:
    """Tell a member of staff of an escalation; once per event and person."""
    OutboxMail.objects.queue(
        cause=f"{MailPurpose.ESCALATION}:{event.pk}:{to.pk}",
        purpose=MailPurpose.ESCALATION,
        brand=event.ticket.brand,
        ticket=event.ticket,
        to=to.email,
        to_name=to.display_name,
        language=to.language,
        context=event.data,
    )
    wake(DELIVER_TASK)

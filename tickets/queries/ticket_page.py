"""What an agent sees of one ticket."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts import audit
from accounts.choices import AuditKind
from accounts.models import User
from tickets.choices import ActorKind
from tickets.models import Attachment, Event, Message, OutboxMail, Ticket
from tickets.rules import numbers
from tickets.rules.undoing import UNDOABLE, can_be_undone


def ticket_or_404(user: User, number: str) -> Ticket:
    """By its number as people write it; a stranger's ticket is not there. What few tickets have (what they follow, an
    emergency's act) is read where it is shown: joined, it makes every ticket's statement a third longer to build.
    """
    stored = numbers.parse(number)
    if stored is None:
        raise Http404
    rows = Ticket.objects.visible_to(user).select_related(
        *("brand", "customer", "category__parent__parent", "team", "assignee", "suggestion", "emergency")
    )
    return seen(get_object_or_404(rows, number=stored))


def seen(ticket: Ticket) -> Ticket:
    """For the read log."""
    audit.saw(AuditKind.TICKET_READ, ticket=ticket.number, customer=ticket.customer_id, brand=ticket.brand_id)
    return ticket


def last_act(ticket: Ticket, user: User, since: int) -> Event | None:
    """What this person did to the ticket after the event ``since``, if it can be undone; of several the first."""
    rows = Event.objects.filter(ticket=ticket, pk__gt=since, kind__in=UNDOABLE, message=None)
    acts = rows.filter(actor_kind=ActorKind.STAFF, actor=user).order_by("pk")
    return next((event for event in acts if can_be_undone(event.kind, event.data)), None)


def last_event(ticket: Ticket) -> int:
    return Event.objects.filter(ticket=ticket).order_by("-pk").values_list("pk", flat=True).first() or 0


def last_said(ticket: Ticket) -> str:
    """What the customer wrote last, for all to read; by ``message_by_ticket``."""
    rows = Message.objects.for_customers().filter(ticket=ticket, author_kind=ActorKind.CUSTOMER)
    return rows.order_by("-pk").values_list("body", flat=True).first() or ""


def message_or_404(ticket: Ticket, pk: int) -> Message:
    return get_object_or_404(Message.objects.select_related("ticket"), ticket=ticket, pk=pk)


def mail_or_404(ticket: Ticket, pk: int) -> OutboxMail:
    return get_object_or_404(OutboxMail, ticket=ticket, pk=pk)


def attachment_or_404(user: User, pk: int) -> Attachment:
    """A file of a ticket that this person may see."""
    found = get_object_or_404(Attachment.objects.select_related("message__ticket"), pk=pk)
    if not Ticket.objects.visible_to(user).filter(pk=found.message.ticket_id).exists():
        raise Http404
    ticket = found.message.ticket
    audit.saw(
        AuditKind.FILE_READ,
        ticket=ticket.number,
        customer=ticket.customer_id,
        brand=ticket.brand_id,
        file=found.pk,
    )
    return found

"""What somebody has not read yet: something said by somebody else since they last had the ticket open."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import BigIntegerField, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from tickets.choices import EventKind
from tickets.models import Event, Ticket, TicketRead

#: Kept instead of an event by those who said that they want to read a ticket again.
AGAIN = -1
#: Something to read. What clocks do and what is set at the side makes no ticket unread.
SAYS_SOMETHING = (
    EventKind.OPENED,
    EventKind.REPLIED,
    EventKind.NOTED,
    EventKind.FORWARDED,
    EventKind.MENTIONED,
    EventKind.MERGED_HERE,
    EventKind.REPLY_TAKEN_BACK,
    EventKind.MAIL_FAILED,
    EventKind.MAIL_BOUNCED,
)


def is_unread(person: int) -> Q:
    """As a condition on tickets. Each is looked up by ``one_reading_per_person_and_ticket`` and ``event_by_ticket``."""
    read = TicketRead.objects.filter(person=person, ticket=OuterRef("pk"))
    how_far = TicketRead.objects.filter(person=person, ticket=OuterRef("ticket_id"))
    news = Event.objects.filter(
        Q(kind__in=SAYS_SOMETHING) | Q(kind=EventKind.ASSIGNED, ticket__assignee=person),
        Q(actor=None) | ~Q(actor=person),
        ticket=OuterRef("pk"),
        pk__gt=Coalesce(Subquery(how_far.values("event_id")), Value(0), output_field=BigIntegerField()),
    )
    return Q(Exists(read.filter(event_id=AGAIN))) | Q(Exists(news))


def unread_of(person: int, tickets: Sequence[int]) -> set[int]:
    """Which of a page's tickets the person has not read. One query."""
    rows = Ticket.objects.filter(pk__in=tickets).filter(is_unread(person))
    return set(rows.values_list("pk", flat=True)) if tickets else set()

"""The small things that stand beside a conversation, in one query: ways to the database cost more than rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q
from django.db.models.functions import JSONObject

from accounts.models import User
from tickets.models import Participant, Ticket, TicketLink, TrackingLink
from tickets.queries.linked import Tie


@dataclass(frozen=True)
class Beside:
    watchers: Sequence[User]
    #: People who get the answers by mail.
    in_copy: Sequence[Participant]
    #: How many tracking links open the case.
    tracking_links: int
    ties: Sequence[Tie]


def beside(ticket: Ticket) -> Beside:
    """Each by the index that begins with the ticket; ties by both of theirs."""
    watchers = User.objects.filter(watched_tickets=ticket.pk).order_by("name", "pk")
    in_copy = Participant.objects.filter(ticket=ticket.pk, removed_at__isnull=True).order_by("pk")
    opening = TrackingLink.objects.usable().filter(ticket=ticket.pk)
    ties = TicketLink.objects.filter(Q(ticket=ticket.pk) | Q(other=ticket.pk)).order_by("pk")
    row = Ticket.objects.filter(pk=ticket.pk).values_list(
        ArraySubquery(watchers.values(row=JSONObject(id="pk", name="name", email="email"))),
        ArraySubquery(in_copy.values(row=JSONObject(id="pk", name="name", email="email"))),
        ArraySubquery(opening.values("pk")),
        ArraySubquery(ties.values(row=JSONObject(one="ticket_id", other="other_id", kind="kind"))),
    )
    watching, copied, links, tied = row.get()
    return Beside(
        [User(**person) for person in watching],
        [Participant(ticket=ticket, **person) for person in copied],
        len(links),
        [(tie["one"], tie["other"], tie["kind"]) for tie in tied],
    )

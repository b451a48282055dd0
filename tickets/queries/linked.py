"""The cases that a case is linked to, as far as a person sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from tickets.choices import LinkKind
from tickets.models import Ticket, TicketLink
from tickets.queries.search import newest_matching

FOUND = 6
#: The ids of both cases, and how the first stands to the other.
Tie = tuple[int, int, str]


@dataclass(frozen=True)
class Linked:
    """``main``: the other case is the one that this is a duplicate of, or caused by."""

    ticket: Ticket
    kind: LinkKind
    main: bool

    @property
    def ends_with_this(self) -> bool:
        """Whether it may end when this one is solved: its duplicate, or what it caused."""
        return not self.main and self.kind != LinkKind.RELATED and self.ticket.is_active


def linked_to(user: User, ticket: Ticket) -> list[Linked]:
    """Both directions, the oldest link first. Two queries by the indexes on both columns; one where there are none."""
    rows = TicketLink.objects.filter(Q(ticket=ticket) | Q(other=ticket)).order_by("pk")
    return seen_of(user, ticket, list(rows.values_list("ticket_id", "other_id", "kind")))


def seen_of(user: User, ticket: Ticket, links: Sequence[Tie]) -> list[Linked]:
    """Those of the ticket's links whose other end the person sees; without a query where there are none."""
    if not links:
        return []
    pks = {pk for one, other, _kind in links for pk in (one, other)} - {ticket.pk}
    shown = Ticket.objects.visible_to(user).select_related("brand").in_bulk(pks)
    pairs = [
        (other if one == ticket.pk else one, LinkKind(kind), one == ticket.pk) for one, other, kind in links
    ]
    return [Linked(shown[pk], kind, main) for pk, kind, main in pairs if pk in shown]


def cases_found(user: User, ticket: Ticket, text: str) -> Sequence[Ticket]:
    """By number or words, the newest first, without the case itself."""
    page = newest_matching(Ticket.objects.visible_to(user).exclude(pk=ticket.pk), text, size=FOUND)
    return page.tickets

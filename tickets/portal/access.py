"""Who may open a case in the portal: the person behind its log-in, and whoever came by a link that still holds."""

from __future__ import annotations

from django.contrib.sessions.backends.base import SessionBase
from django.http import Http404

from tickets import actors
from tickets.actors import Actor
from tickets.models import Ticket, TrackingLink
from tickets.portal.door import PortalRequest, member_of
from tickets.queries.links import newest_link
from tickets.rules import numbers

_KEY = "cases"
MAX_GRANTS = 50


def grant(session: SessionBase, link: TrackingLink) -> None:
    """Let this browser follow the link's case for as long as the link holds."""
    grants: dict[str, int] = dict(session.get(_KEY, {}))
    grants.pop(str(link.ticket_id), None)
    grants[str(link.ticket_id)] = link.pk
    # A session that somebody planted beforehand must not gain the right.
    session.cycle_key()
    session[_KEY] = dict(list(grants.items())[-MAX_GRANTS:])


def grant_newest(session: SessionBase, ticket: Ticket) -> TrackingLink | None:
    """After filing: who wrote the case may follow it."""
    link = newest_link(ticket)
    if link is not None:
        grant(session, link)
    return link


def case_or_404(request: PortalRequest, number: str) -> Ticket:
    """The case of this number, if the reader may have it; 404 says the same for one that does not exist."""
    stored = numbers.parse(number)
    rows = Ticket.objects.filter(number=stored, brand=request.brand).select_related(
        "brand", "customer", "category__parent__parent", "emergency"
    )
    ticket = rows.first() if stored else None
    if ticket is None or not may_read(request, ticket):
        raise Http404("No such case.")
    return ticket


def may_read(request: PortalRequest, ticket: Ticket) -> bool:
    return _is_own(request, ticket) or _is_granted(request, ticket)


def _is_own(request: PortalRequest, ticket: Ticket) -> bool:
    user = member_of(request)
    return user is not None and user.is_active and ticket.customer.user_id == user.pk


def _is_granted(request: PortalRequest, ticket: Ticket) -> bool:
    """Asked of the link itself each time: revoking it ends what it opened."""
    link = request.session.get(_KEY, {}).get(str(ticket.pk))
    return link is not None and TrackingLink.objects.usable().filter(pk=link, ticket=ticket).exists()


def acting(ticket: Ticket) -> Actor:
    """Whoever holds the case's link or log-in speaks as its customer."""
    return actors.customer(ticket.customer)

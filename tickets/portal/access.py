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
_MAILED = "cases_by_mail"
MAX_GRANTS = 50


def grant(session: SessionBase, link: TrackingLink, *, mailed: bool = False) -> None:
    """Let this browser follow the link's case for as long as the link holds.

    ``mailed``: it came by the link that was mailed, so that its reader reads the customer's mail. Who merely filed
    the case may be anybody: an address is quickly typed.
    """
    grants: dict[str, int] = dict(session.get(_KEY, {}))
    grants.pop(str(link.ticket_id), None)
    grants[str(link.ticket_id)] = link.pk
    # A session that somebody planted beforehand must not gain the right.
    session.cycle_key()
    session[_KEY] = dict(list(grants.items())[-MAX_GRANTS:])
    if mailed:
        others = [pk for pk in session.get(_MAILED, []) if pk != link.ticket_id]
        session[_MAILED] = [*others, link.ticket_id][-MAX_GRANTS:]


def grant_newest(session: SessionBase, ticket: Ticket, *, mailed: bool = False) -> TrackingLink | None:
    """After filing: who wrote the case may follow it."""
    link = newest_link(ticket)
    if link is not None:
        grant(session, link, mailed=mailed)
    return link


def came_by_mail(session: SessionBase, ticket: Ticket) -> bool:
    """Whether this browser followed the case's mailed link: what is the customer's is then theirs to read."""
    return ticket.pk in session.get(_MAILED, [])


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
    """Where two cases were put together, what was said on the other is nothing for whoever only filed this one."""
    if _is_own(request, ticket):
        return True
    if not _is_granted(request, ticket):
        return False
    return came_by_mail(request.session, ticket) or not ticket.merged.exists()


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

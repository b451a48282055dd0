"""Saying how one case stands to another: related, a duplicate, caused by."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from tickets.actions.changed_since import changed_since, refuse_if_changed, refuse_unseen
from tickets.actions.rows import lock_both, write
from tickets.actors import Actor
from tickets.choices import EventKind, LinkKind
from tickets.events import emit
from tickets.models import Event, Ticket, TicketLink

#: So many links one case may have: each is shown beside it.
MAX_LINKS = 100


@transaction.atomic
def link(ticket: Ticket, other: Ticket, *, kind: LinkKind, by: Actor) -> TicketLink:
    """``ticket`` is related to, a duplicate of, or caused by ``other``; both timelines say so.

    Two cases have one link: said otherwise, or the other way round, the new word holds. Raises Invalid on ``other``.
    """
    by.require(Capability.WORK_TICKETS)
    ticket, other = lock_both(ticket, other)
    if ticket.pk == other.pk:
        raise Invalid({"other": _("A case cannot be linked to itself.")})
    known = between(ticket, other)
    either_way = kind == LinkKind.RELATED
    if known is not None and known.kind == kind and (either_way or known.ticket_id == ticket.pk):
        return known
    if known is not None:
        _remove(known, ticket, other, by)
    elif links_of(ticket) >= MAX_LINKS or links_of(other) >= MAX_LINKS:
        raise Invalid({"other": _("At most %(limit)s cases can be linked.") % {"limit": MAX_LINKS}})
    made = TicketLink.objects.create(ticket=ticket, other=other, kind=kind, by=by.user, at=clock.now())
    _tell(EventKind.LINKED, made, by)
    return made


def relate_quietly(ticket: Ticket, other: Ticket, *, by: Actor) -> None:
    """For a verb that tells of it in words of its own, and holds both rows."""
    TicketLink.objects.create(ticket=ticket, other=other, kind=LinkKind.RELATED, by=by.user, at=clock.now())


@transaction.atomic
def unlink(ticket: Ticket, other: Ticket, *, by: Actor) -> None:
    """Whichever way round they are linked; not linked, they stay so."""
    by.require(Capability.WORK_TICKETS)
    ticket, other = lock_both(ticket, other)
    known = between(ticket, other)
    if known is not None:
        _remove(known, ticket, other, by)


def between(ticket: Ticket, other: Ticket) -> TicketLink | None:
    pair = {ticket.pk, other.pk}
    return TicketLink.objects.filter(ticket__in=pair, other__in=pair).first()


def links_of(ticket: Ticket) -> int:
    return ticket.links_from.count() + ticket.links_to.count()


def _remove(known: TicketLink, ticket: Ticket, other: Ticket, by: Actor) -> None:
    held = {row.pk: row for row in (ticket, other)}
    known.ticket, known.other = held[known.ticket_id], held[known.other_id]
    known.delete()
    _tell(EventKind.UNLINKED, known, by)


def _tell(kind: EventKind, link: TicketLink, by: Actor) -> None:
    """On both: ``main`` says that the other case is the one which this is a duplicate of, or caused by."""
    for here, there, is_main in ((link.ticket, link.other, True), (link.other, link.ticket, False)):
        write(here)
        emit(here, kind, by=by, number=there.number, how=LinkKind(link.kind).value, main=is_main)


def undo_link(ticket: Ticket, event: Event, by: Actor) -> None:
    """Link or unlink again, whichever of the two timelines it is read on."""
    data = event.data
    other = Ticket.objects.filter(number=data["number"]).first()
    if other is None:
        raise changed_since(event, None)
    ticket, other = lock_both(ticket, other)
    refuse_unseen(other, by)
    one, two = (ticket, other) if data["main"] else (other, ticket)
    known = between(one, two)
    linked = event.kind == EventKind.LINKED
    same = known is not None and (known.kind, known.ticket_id) == (data["how"], one.pk)
    still = same if linked else known is None
    kinds = (EventKind.LINKED, EventKind.UNLINKED)
    refuse_if_changed(event, *kinds, still=still, data__number=other.number)
    if linked:
        unlink(one, two, by=by)
    else:
        link(one, two, kind=LinkKind(data["how"]), by=by)

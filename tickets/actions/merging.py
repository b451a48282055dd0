"""Two cases about the same trouble become one, and two again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from tickets.actions import sla
from tickets.actions.changed_since import NotUndoable, TooOld, refuse_unseen
from tickets.actions.links import shut_out_reporters
from tickets.actions.rewinding import rewind
from tickets.actions.rows import lock_both, write
from tickets.actions.stamps import moment
from tickets.actions.status import moments_of
from tickets.actions.tickets import mark_complaint
from tickets.actors import Actor
from tickets.choices import ActorKind, EventKind, Status
from tickets.events import emit
from tickets.models import Event, Message, Ticket


@transaction.atomic
def merge(ticket: Ticket, *, into: Ticket, by: Actor) -> Ticket:
    """Let ``ticket`` end in ``into``, which goes on; what the customer says on either is then said there.

    Only cases of one customer with one brand: a merged case shows its reader what the other holds. The customer gets
    no mail for it; clocks end or are taken over (``sla.merged``). Raises Invalid with the reason otherwise.
    """
    by.require(Capability.WORK_TICKETS)
    ticket, into = lock_both(ticket, into)
    _check(ticket, into)
    # What it comes back with, should this be undone.
    before = {"was": ticket.status, **moments_of(ticket)}
    complains = ticket.is_complaint and not into.is_complaint
    write(ticket, merged_into=into, status=Status.CLOSED, **_ends_now(ticket))
    write(into)
    # Told first: what the clocks do follows from it, and unmerging reads it there.
    emit(ticket, EventKind.MERGED, by=by, number=into.number, **before)
    emit(into, EventKind.MERGED_HERE, by=by, number=ticket.number, complaint=complains)
    if complains:
        # What the law promises for a complaint, it promises for the case that now holds it.
        into = mark_complaint(into, is_complaint=True, by=by)
    sla.merged(ticket, into, by=by)
    shut_out_reporters(ticket, into)
    return into


def _ends_now(ticket: Ticket) -> dict[str, datetime]:
    now = clock.now()
    return {"closed_at": now, "solved_at": ticket.solved_at or now}


def _check(ticket: Ticket, into: Ticket) -> None:
    if ticket.pk == into.pk:
        raise Invalid({"into": _("A case cannot be merged into itself.")})
    if ticket.merged_into_id is not None:
        raise Invalid({"into": _("This case was merged already.")})
    if into.merged_into_id is not None:
        raise Invalid({"into": _("That case was itself merged into another; choose the one that goes on.")})
    if (ticket.customer_id, ticket.brand_id) != (into.customer_id, into.brand_id):
        raise Invalid({"into": _("Only cases of the same customer with the same brand can be merged.")})
    if not into.is_active:
        raise Invalid({"into": _("That case is over. Merge the other way round, or open it again first.")})


class NotMerged(NotUndoable):
    code = "not_merged"
    message = _("This case was not merged into another, or is no longer.")


@transaction.atomic
def unmerge(ticket: Ticket, *, by: Actor) -> Ticket:
    """Undo the merging of ``ticket``: it goes on with status, clocks and complaint mark as they were before, and the
    time since counts. The case that held it gives back what it took over.

    What was said meanwhile stays where it was said: the event tells how much (``said``). Raises NotMerged, and
    NotUndoable where the other case was itself merged into a third (that is undone first), or is out of sight.
    """
    by.require(Capability.WORK_TICKETS)
    row = Ticket.objects.select_related("merged_into").get(pk=ticket.pk)
    if row.merged_into is None:
        raise NotMerged
    ticket, into = lock_both(row, row.merged_into)
    if ticket.merged_into_id != into.pk:
        raise NotMerged
    refuse_unseen(into, by)
    refuse_unseen(ticket, by)
    if into.merged_into is not None:
        words = _("The case {number} was itself merged into another. Undo that first.")
        raise NotUndoable(format_lazy(words, number=into.display_number))
    merged = _told(ticket, EventKind.MERGED, into)
    held = _told(into, EventKind.MERGED_HERE, ticket)
    _bring_back(ticket, into, merged, by)
    _give_back(ticket, into, held, by)
    return ticket


def _told(ticket: Ticket, kind: EventKind, other: Ticket) -> Event:
    """The event of the merging, with what is needed to undo it."""
    rows = Event.objects.filter(ticket=ticket, kind=kind, data__number=other.number)
    told = rows.order_by("-pk").first()
    if told is None or not {"was", "complaint"} & set(told.data):
        raise TooOld
    return told


def _bring_back(ticket: Ticket, into: Ticket, merged: Event, by: Actor) -> None:
    data = merged.data
    said = Message.objects.standing().filter(ticket=into, created_at__gt=merged.at)
    write(
        ticket,
        merged_into=None,
        status=Status(data["was"]),
        solved_at=moment(data, "solved_at"),
        closed_at=moment(data, "closed_at"),
    )
    count = said.filter(author_kind=ActorKind.CUSTOMER).count()
    told = emit(ticket, EventKind.UNMERGED, by=by, number=into.number, said=count)
    rewind(ticket, merged, told, by=by)


def _give_back(ticket: Ticket, into: Ticket, held: Event, by: Actor) -> None:
    """The complaint mark that came with it, unless somebody spoke about that since; and its clocks."""
    rows = Event.objects.filter(ticket=into, kind=EventKind.COMPLAINT_MARKED, pk__gt=held.pk)
    unmark = bool(held.data["complaint"]) and into.is_complaint and rows.count() == 1
    write(into, **({"is_complaint": False} if unmark else {}))
    told = emit(into, EventKind.UNMERGED_HERE, by=by, number=ticket.number)
    if unmark:
        emit(into, EventKind.COMPLAINT_MARKED, by=by, complaint=False)
    rewind(into, held, told, by=by, parts=(EventKind.COMPLAINT_MARKED,))


def undo_merge(ticket: Ticket, event: Event, by: Actor) -> None:
    """Whichever of the two timelines it is read on; only the merging that still holds."""
    other = Ticket.objects.get(number=event.data["number"])
    gone, into = (ticket, other) if event.kind == EventKind.MERGED else (other, ticket)
    last = Event.objects.filter(ticket=event.ticket_id, kind=event.kind, data__number=other.number)
    row = Ticket.objects.only("merged_into").get(pk=gone.pk)
    if row.merged_into_id != into.pk or last.order_by("-pk").values_list("pk", flat=True)[0] != event.pk:
        raise NotMerged
    unmerge(gone, by=by)

"""What becomes of one ticket of a bulk act: done, nothing to do, refused in words; undone, or left as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.lib.errors import DomainError, Invalid
from tickets import actors
from tickets.actions.bulk_acts import Act, Context
from tickets.actions.bulk_readers import act_of
from tickets.actions.messages import NewerMessages
from tickets.actions.rows import lock
from tickets.actions.send_gate import HeldBack
from tickets.actions.undoing_acts import undo_all
from tickets.choices import BulkAct, BulkItemState, EventKind
from tickets.models import BulkItem, BulkRun, Event, Ticket
from tickets.queries.own_events import events_since, last_event

Treat = Callable[[BulkItem], None]


def in_words(problem: DomainError) -> str:
    """Why it was refused, in the active language, short enough to keep."""
    if isinstance(problem, NewerMessages):
        return _("Somebody wrote here after you had looked. Nothing was said; please read it first.")
    if isinstance(problem, HeldBack):
        return problem.in_words()[:300]
    fields = problem.fields.values() if isinstance(problem, Invalid) else ()
    return (" ".join(str(text) for text in fields) or str(problem.message))[:300]


def doer(run: BulkRun) -> Treat:
    """Does the run's act to a ticket. Called and used in the language of whoever asked."""
    by = actors.staff(run.requested_by)
    try:
        act = act_of(BulkAct(run.act), run.data)
    except DomainError as problem:
        return _refuser(in_words(problem))

    def treat(item: BulkItem) -> None:
        ticket = _visible(run, item)
        if ticket is None:
            item.state, item.problem = BulkItemState.FAILED, _not_seen()
            return
        key = f"bulk:{run.pk}:{item.ticket_id}"
        try:
            with transaction.atomic():
                events = _done(act, ticket, Context(by, item.seen, key))
        except DomainError as problem:
            item.state, item.problem = BulkItemState.FAILED, in_words(problem)
        else:
            item.events = events
            item.state = BulkItemState.DONE if events else BulkItemState.SKIPPED

    return treat


def _done(act: Act, ticket: Ticket, context: Context) -> list[int]:
    """The ids of the events that it wrote."""
    ticket = lock(ticket)
    if act.has(ticket, context.by):
        return []
    last = last_event(ticket)
    act.do(ticket, context)
    return [event.pk for event in events_since(ticket, last, by=context.by)]


def _refuser(why: str) -> Treat:
    def treat(item: BulkItem) -> None:
        item.state, item.problem = BulkItemState.FAILED, why

    return treat


def undoer(run: BulkRun) -> Treat:
    """Undoes what the run did to a ticket, all of it or nothing."""
    by = actors.staff(run.requested_by)

    def treat(item: BulkItem) -> None:
        rows = Event.objects.filter(pk__in=item.events).select_related("ticket", "message__ticket")
        events = list(rows.order_by("pk"))
        if not _sent_away(events) and _visible(run, item) is None:
            item.state, item.problem = BulkItemState.KEPT, _not_seen()
            return
        try:
            with transaction.atomic():
                undo_all(events, by=by)
        except DomainError as problem:
            item.state, item.problem = BulkItemState.KEPT, in_words(problem)
        else:
            item.state = BulkItemState.UNDONE

    return treat


def _visible(run: BulkRun, item: BulkItem) -> Ticket | None:
    """It may have gone to others since it was chosen."""
    return Ticket.objects.visible_to(run.requested_by).filter(pk=item.ticket_id).first()


def _sent_away(events: Sequence[Event]) -> bool:
    """Whoever moved a case out of their own sight by mistake may fetch it back."""
    sends = (EventKind.TEAM_CHANGED, EventKind.ASSIGNED)
    return any(event.kind in sends or "team_to" in event.data for event in events)


def _not_seen() -> str:
    return _("You do not see this case any more.")

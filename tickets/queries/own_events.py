"""What somebody's act on a ticket wrote into its log."""

from __future__ import annotations

from tickets.actors import Actor
from tickets.choices import EventKind
from tickets.models import Event, Ticket

#: That clocks follow goes without saying: whoever undoes the act moves them back.
_OF_CLOCKS = frozenset(
    {
        EventKind.TIMER_STARTED,
        EventKind.TIMER_PAUSED,
        EventKind.TIMER_RESUMED,
        EventKind.TIMER_MET,
        EventKind.TIMER_MISSED,
        EventKind.TIMER_CHANGED,
        EventKind.TIMER_CANCELLED,
    }
)


def last_event(ticket: Ticket) -> int:
    """Its id; 0 where nothing has happened. By the index ``event_by_ticket``."""
    rows = Event.objects.filter(ticket=ticket).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def events_since(ticket: Ticket, last: int, *, by: Actor, until: int | None = None) -> list[Event]:
    """What ``by`` did after the event ``last``, up to ``until``. Called with the ticket's row held: only what is
    noted from outside (a mail that was sent) comes in between, and that is nobody's act.
    """
    rows = Event.objects.filter(ticket=ticket, pk__gt=last, actor_kind=by.kind, actor=by.user)
    if until is not None:
        rows = rows.filter(pk__lte=until)
    return list(rows.exclude(kind__in=_OF_CLOCKS).order_by("pk"))

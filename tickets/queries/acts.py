"""What one act did to a ticket, read from the log."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from tickets.actors import ROUTING
from tickets.choices import ClockReason, EventKind
from tickets.models import Event, Ticket
from tickets.queries.clocks import BOOK

#: What decides about promises, and the reason that clocks give for it.
DECIDING: dict[str, ClockReason] = {
    EventKind.PRIORITY_CHANGED: ClockReason.PRIORITY_CHANGED,
    EventKind.CATEGORY_CHANGED: ClockReason.CATEGORY_CHANGED,
    EventKind.TEAM_CHANGED: ClockReason.TEAM_CHANGED,
    EventKind.COMPLAINT_MARKED: ClockReason.COMPLAINT_CHANGED,
}
#: What may come between an act and the rows of the clocks that it moved.
_PASSING = (EventKind.BREACHED, EventKind.MAIL_SENT, EventKind.MAIL_FAILED, EventKind.MAIL_BOUNCED)
#: What the desk does with a case when somebody says what it is about.
REROUTING = (EventKind.TEAM_CHANGED, EventKind.ROUTED)
#: Rows of clocks that no other event goes before: they are acts of their own.
_ALONE = (ClockReason.TIER_CHANGED, ClockReason.RECALCULATED)


@dataclass
class ClockLog:
    """The books of a ticket's clocks around one act; by clock, in order."""

    act: Event
    before: dict[int, list[Event]] = field(default_factory=dict)
    #: What the act itself did to them.
    wrote: dict[int, list[Event]] = field(default_factory=dict)
    since: dict[int, list[Event]] = field(default_factory=dict)
    last: dict[int, Event] = field(default_factory=dict)
    #: That promises were broken, before the act and after it.
    broken: dict[int, list[Event]] = field(default_factory=dict)
    #: The last thing that was decided about promises after the act.
    decided: ClockReason | None = None

    def moved_since(self, clock: int) -> bool:
        return clock in self.since

    def resumed_since(self, clock: int) -> bool:
        return any(row.kind != EventKind.TIMER_CHANGED for row in self.since.get(clock, ()))

    def began(self, clock: int) -> bool:
        """Whether the act started it."""
        return clock not in self.before and self.wrote[clock][0].kind == EventKind.TIMER_STARTED


def clock_log(ticket: Ticket, act: Event, *, until: Event, parts: Collection[EventKind] = ()) -> ClockLog:
    """What was told before ``until``. ``parts``: kinds that belong to the act when they follow it. One query by the
    index of the timeline.
    """
    log, within = ClockLog(act), True
    for row in _rows(ticket, act, until):
        if row.pk > act.pk and row.kind not in _PASSING:
            within = within and _belongs(row, act, parts)
        if row.kind in DECIDING and not within:
            log.decided = DECIDING[row.kind]
        clock = row.data.get("timer_id")
        if clock is None:
            continue
        if row.kind == EventKind.BREACHED:
            log.broken.setdefault(clock, []).append(row)
        elif row.kind in BOOK:
            book = log.before if row.pk < act.pk else log.wrote if within else log.since
            book.setdefault(clock, []).append(row)
            log.last[clock] = row
    return log


def _rows(ticket: Ticket, act: Event, until: Event) -> QuerySet[Event]:
    wanted = Q(pk__gt=act.pk) | Q(kind__in=[*BOOK, EventKind.BREACHED])
    return Event.objects.filter(wanted, ticket=ticket, pk__lt=until.pk).exclude(pk=act.pk).order_by("pk")


def _belongs(row: Event, act: Event, parts: Collection[EventKind]) -> bool:
    if (row.actor_kind, row.actor_name) == (ROUTING.kind, ROUTING.name):
        return row.kind in REROUTING and row.kind in parts
    if (row.actor_kind, row.actor_id) != (act.actor_kind, act.actor_id):
        return False
    return row.kind in parts or (row.kind in BOOK and row.data.get("why") not in _ALONE)

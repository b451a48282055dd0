"""What happened to a ticket beside what was said, in words, and which of it can be undone."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localtime

from accounts.models import User
from helpdesk.lib import clock
from tickets.choices import ActorKind, ClockReason, EventKind
from tickets.models import Event, Ticket
from tickets.queries.timeline import Names, sentence, who
from tickets.rules.undoing import can_be_undone, is_offered, things_of

#: Said by the message itself.
SPOKEN = frozenset({EventKind.OPENED, EventKind.REPLIED, EventKind.NOTED, EventKind.FORWARDED})
_NAMING = frozenset({EventKind.TEAM_CHANGED, EventKind.CATEGORY_CHANGED, EventKind.ROUTED})
_ALARMING = frozenset(
    {
        *(EventKind.BREACHED, EventKind.MAIL_FAILED, EventKind.MAIL_BOUNCED, EventKind.TIMER_MISSED),
        EventKind.EMERGENCY_OPENED,
    }
)
#: What the clocks and the post do by themselves as people act: there for who asks, in nobody's way.
_QUIET = frozenset(
    {
        EventKind.TIMER_STARTED,
        EventKind.TIMER_PAUSED,
        EventKind.TIMER_RESUMED,
        EventKind.TIMER_MET,
        EventKind.TIMER_CHANGED,
        EventKind.TIMER_CANCELLED,
        EventKind.DUE_SOON,
        EventKind.MAIL_SENT,
    }
)


@dataclass(frozen=True)
class Happening:
    """One thing that happened, in words."""

    at: datetime
    who: str
    words: str
    alarming: bool
    #: The event, and who did it: for the button that undoes it, which is offered for a while.
    event: int = 0
    by: int | None = None
    undoable: bool = False
    #: The case that the words name, where its reader sees it.
    number: str = ""
    is_quiet: bool = False


@dataclass(frozen=True)
class Happenings:
    """What happened between two messages."""

    events: Sequence[Happening]

    is_message = False

    @property
    def at(self) -> datetime:
        return self.events[0].at

    @property
    def day(self) -> date:
        return localtime(self.at).date()

    @property
    def first(self) -> int:
        return self.events[0].event

    @property
    def told(self) -> Sequence[Happening]:
        """What people did, what went wrong."""
        return [event for event in self.events if not event.is_quiet]

    @property
    def quiet(self) -> Sequence[Happening]:
        return [event for event in self.events if event.is_quiet]


def in_words(events: Sequence[Event], viewer: User) -> list[Happening]:
    told = [event for event in events if not _goes_without_saying(event)]
    names = Names.load() if any(event.kind in _NAMING for event in told) else Names()
    undoable, seen = _undoable(told), _numbers_seen(told, viewer)
    return [
        Happening(
            event.at,
            who(event),
            sentence(event, names),
            event.kind in _ALARMING,
            event.pk,
            event.actor_id,
            event.pk in undoable,
            event.data["number"] if event.data.get("number") in seen else "",
            event.kind in _QUIET,
        )
        for event in told
    ]


def _goes_without_saying(event: Event) -> bool:
    """What messages say themselves; and that the clocks started when the case was opened."""
    by_opening = event.kind == EventKind.TIMER_STARTED and event.data.get("why") == ClockReason.OPENED
    return event.kind in SPOKEN or by_opening


def _numbers_seen(events: Sequence[Event], viewer: User) -> set[str]:
    """One query, where other cases are named at all."""
    named = {event.data["number"] for event in events if event.data.get("number")}
    rows = Ticket.objects.visible_to(viewer).filter(number__in=named)
    return set(rows.values_list("number", flat=True)) if named else set()


def _undoable(events: Sequence[Event]) -> set[int]:
    """Acts of people in the last minutes of which no later one is about the same thing. The verb asks again."""
    now, changed, found = clock.now(), set[Hashable](), set[int]()
    for event in reversed(events):
        if not is_offered(event.at, now):
            break
        things = things_of(event.kind, event.data)
        by_hand = event.actor_kind == ActorKind.STAFF and event.message_id is None
        if by_hand and can_be_undone(event.kind, event.data) and things.isdisjoint(changed):
            found.add(event.pk)
        changed |= things
    return found

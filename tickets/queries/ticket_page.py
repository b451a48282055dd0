"""What an agent sees of one ticket."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from helpdesk.lib import clock
from tickets.choices import ActorKind, Channel, ClockReason, EventKind
from tickets.models import Attachment, Event, Message, OutboxMail, Ticket, TrackingLink
from tickets.queries.delivery import Delivery, deliveries_of, is_watched
from tickets.queries.mails import with_mail
from tickets.queries.timeline import Names, sentence, who
from tickets.rules import numbers
from tickets.rules.undoing import UNDOABLE, is_offered, things_of

#: The conversation shows so many of its last messages; the ones before are a click away.
LAST_MESSAGES = 60
OTHER_TICKETS = 6
#: Said by the message itself.
_SPOKEN = frozenset({EventKind.OPENED, EventKind.REPLIED, EventKind.NOTED, EventKind.FORWARDED})


@dataclass(frozen=True)
class Said:
    """A message in the conversation."""

    message: Message
    attachments: Sequence[Attachment]
    #: What became of the mails that carry it.
    deliveries: Sequence[Delivery] = ()
    #: The number of the case that it became, if it was split off.
    went_on: str = ""
    #: The addresses that the conversation was passed on to with it.
    forwarded_to: Sequence[str] = ()

    is_message = True

    @property
    def at(self) -> datetime:
        return self.message.created_at

    @property
    def is_watched(self) -> bool:
        return is_watched(self.message, self.deliveries)


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
    #: The case that the words name.
    number: str = ""


@dataclass(frozen=True)
class Happenings:
    """What happened between two messages."""

    events: Sequence[Happening]

    is_message = False

    @property
    def at(self) -> datetime:
        return self.events[0].at


@dataclass(frozen=True)
class Conversation:
    entries: Sequence[Said | Happenings]
    #: How many messages are not shown.
    earlier: int
    last_message_id: int


def ticket_or_404(user: User, number: str) -> Ticket:
    """By its number as people write it; a stranger's ticket is not there."""
    stored = numbers.parse(number)
    if stored is None:
        raise Http404
    rows = Ticket.objects.visible_to(user).select_related(
        "brand", "customer", "category__parent__parent", "team", "assignee", "follow_up_of", "suggestion"
    )
    return get_object_or_404(rows, number=stored)


def conversation(ticket: Ticket, *, viewer: User, everything: bool = False) -> Conversation:
    """Messages and what happened between them, oldest first; other cases are named, and linked to where the viewer
    sees them.
    """
    rows = with_mail(Message.objects.filter(ticket=ticket)).prefetch_related("attachments").order_by("-pk")
    found = list(rows if everything else rows[: LAST_MESSAGES + 1])
    shown = found if everything else found[:LAST_MESSAGES]
    earlier = Message.objects.filter(ticket=ticket).count() - len(shown) if len(found) > len(shown) else 0
    for message in shown:
        message.ticket = ticket  # with its customer: loaded already
    mails, forwarded = deliveries_of(shown), _forwarded(shown)
    events = _events(ticket, since=shown[-1].created_at if earlier else None)
    split = {
        event.message_id: str(event.data.get("number", ""))
        for event in events
        if event.kind == EventKind.SPLIT_OFF
    }
    said = [
        Said(
            message,
            list(message.attachments.all()),
            mails.get(message.pk, ()),
            split.get(message.pk, ""),
            forwarded.get(message.pk, ()),
        )
        for message in reversed(shown)
    ]
    happened = _in_words(events, viewer)
    last = shown[0].pk if shown else 0
    return Conversation(_woven(said, happened), earlier, last)


def _forwarded(messages: Sequence[Message]) -> dict[int, Sequence[str]]:
    """To whom, by message. Only an internal message of staff that came by no mail of theirs can be one."""
    ours = [
        row.pk
        for row in messages
        if not row.is_public and not row.by_customer and row.channel == Channel.EMAIL
    ]
    if not ours:
        return {}
    rows = Event.objects.filter(message__in=ours, kind=EventKind.FORWARDED).values_list("message", "data")
    return {pk: data["to"] for pk, data in rows if pk is not None}


def _events(ticket: Ticket, since: datetime | None) -> list[Event]:
    rows = Event.objects.filter(ticket=ticket).exclude(kind__in=_SPOKEN)
    # That the clocks started when the case was opened goes without saying.
    rows = rows.exclude(kind=EventKind.TIMER_STARTED, data__why=ClockReason.OPENED).order_by("pk")
    if since is not None:
        rows = rows.filter(at__gte=since)
    return list(rows)


def _in_words(events: Sequence[Event], viewer: User) -> list[Happening]:
    names = Names.load() if any(event.kind in _NAMING for event in events) else Names()
    undoable, seen = _undoable(events), _numbers_seen(events, viewer)
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
        )
        for event in events
    ]


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
        if event.kind in UNDOABLE and by_hand and things.isdisjoint(changed):
            found.add(event.pk)
        changed |= things
    return found


def last_act(ticket: Ticket, user: User, since: int) -> Event | None:
    """What this person did to the ticket after the event ``since``, if it can be undone; of several the first."""
    rows = Event.objects.filter(ticket=ticket, pk__gt=since, kind__in=UNDOABLE, message=None)
    return rows.filter(actor_kind=ActorKind.STAFF, actor=user).order_by("pk").first()


def last_event(ticket: Ticket) -> int:
    return Event.objects.filter(ticket=ticket).order_by("-pk").values_list("pk", flat=True).first() or 0


_NAMING = frozenset({EventKind.TEAM_CHANGED, EventKind.CATEGORY_CHANGED})
_ALARMING = frozenset(
    {EventKind.BREACHED, EventKind.MAIL_FAILED, EventKind.MAIL_BOUNCED, EventKind.TIMER_MISSED}
)


def _woven(said: Sequence[Said], happened: Sequence[Happening]) -> list[Said | Happenings]:
    """In order of time; what happened between two messages is one entry."""
    entries: list[Said | Happenings] = []
    waiting = list(happened)
    for place, entry in enumerate(said):
        entries.append(entry)
        until = said[place + 1].at if place + 1 < len(said) else None
        count = sum(1 for event in waiting if until is None or event.at < until)
        if count:
            entries.append(Happenings(waiting[:count]))
            waiting = waiting[count:]
    return entries


def other_tickets(user: User, ticket: Ticket) -> list[Ticket]:
    """The customer's other cases that this person may see, the newest first; one more than shown tells of more."""
    return list(
        Ticket.objects.visible_to(user)
        .filter(customer_id=ticket.customer_id)
        .exclude(pk=ticket.pk)
        .only("number", "subject", "status", "created_at", "brand", "merged_into")
        .order_by("-created_at")[: OTHER_TICKETS + 1]
    )


def watchers(ticket: Ticket) -> list[User]:
    return list(ticket.watchers.only("name", "email").order_by("name"))


def usable_links(ticket: Ticket) -> int:
    return TrackingLink.objects.usable().filter(ticket=ticket).count()


def message_or_404(ticket: Ticket, pk: int) -> Message:
    return get_object_or_404(Message.objects.select_related("ticket"), ticket=ticket, pk=pk)


def mail_or_404(ticket: Ticket, pk: int) -> OutboxMail:
    return get_object_or_404(OutboxMail, ticket=ticket, pk=pk)


def attachment_or_404(user: User, pk: int) -> Attachment:
    """A file of a ticket that this person may see."""
    found = get_object_or_404(Attachment.objects.select_related("message"), pk=pk)
    if not Ticket.objects.visible_to(user).filter(pk=found.message.ticket_id).exists():
        raise Http404
    return found

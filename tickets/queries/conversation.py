"""What was said on a ticket and what happened between, oldest first, as the agent's page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.timezone import localtime

from accounts.models import User
from tickets.choices import EventKind
from tickets.models import Attachment, Event, Message, Ticket
from tickets.queries.delivery import Delivery, deliveries_of, is_mailed_to_nobody, is_watched
from tickets.queries.happenings import SPOKEN, Happenings, in_words
from tickets.queries.mails import with_mail

#: The conversation shows so many of its last messages; the ones before are a click away, so many a click.
LAST_MESSAGES = 60
#: What one page shows at most, however often somebody asked for earlier ones.
MOST_MESSAGES = 2_000


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
    #: Who took it back before it left.
    taken_back_by: str = ""

    is_message = True

    @property
    def at(self) -> datetime:
        return self.message.created_at

    @property
    def day(self) -> date:
        return localtime(self.at).date()

    @property
    def is_watched(self) -> bool:
        return is_watched(self.message, self.deliveries)

    @property
    def is_mailed_to_nobody(self) -> bool:
        return is_mailed_to_nobody(self.message, self.deliveries)


@dataclass(frozen=True)
class Conversation:
    entries: Sequence[Said | Happenings]
    #: How many messages before these are not shown.
    earlier: int
    last_message_id: int
    #: The first message that was not there when its reader had the ticket open before; None where all was, or nothing.
    first_new: int | None = None

    @property
    def first_message_id(self) -> int:
        return next((entry.message.pk for entry in self.entries if isinstance(entry, Said)), 0)


@dataclass(frozen=True)
class Reader:
    """Who reads, and the newest event that was there when they had the ticket open before."""

    pk: int
    seen_event: int


def conversation(
    ticket: Ticket,
    *,
    viewer: User,
    everything: bool = False,
    since: int = 0,
    reader: Reader | None = None,
) -> Conversation:
    """The last messages; from the message ``since`` on; or all. By ``message_by_ticket``. Other cases are named, and
    linked to where the viewer sees them.
    """
    rows = _messages(ticket).filter(pk__gte=since)
    most = MOST_MESSAGES if everything or since else LAST_MESSAGES
    found = list(rows[: most + 1])
    if since and not found:
        return conversation(ticket, viewer=viewer, reader=reader)
    shown = found[:most]
    earlier = _count_before(ticket, shown[-1].pk) if since or len(found) > most else 0
    return _told(ticket, shown, earlier, viewer, reader=reader)


def before(ticket: Ticket, message: int, *, viewer: User) -> Conversation:
    """The messages before one that is shown, as many as a page shows, and what happened until that one."""
    found = list(_messages(ticket).filter(pk__lt=message)[: LAST_MESSAGES + 1])
    shown = found[:LAST_MESSAGES]
    if not shown:
        return Conversation((), 0, 0)
    earlier = _count_before(ticket, shown[-1].pk) if len(found) > len(shown) else 0
    next_one = Message.objects.filter(ticket=ticket, pk__gte=message).order_by("pk").first()
    return _told(ticket, shown, earlier, viewer, until=next_one.created_at if next_one else None)


def _messages(ticket: Ticket) -> QuerySet[Message]:
    rows = with_mail(Message.objects.filter(ticket=ticket))
    return rows.prefetch_related("attachments").order_by("-pk")


def _count_before(ticket: Ticket, message: int) -> int:
    return Message.objects.filter(ticket=ticket, pk__lt=message).count()


def _told(
    ticket: Ticket,
    shown: Sequence[Message],
    earlier: int,
    viewer: User,
    *,
    until: datetime | None = None,
    reader: Reader | None = None,
) -> Conversation:
    """``shown``: the newest first."""
    for message in shown:
        message.ticket = ticket  # with its customer: loaded already
    events = _events(ticket, shown[-1].created_at if earlier else None, until)
    split, forwarded, taken_back = _split_off(events), _forwarded(events), _taken_back(events)
    mails = deliveries_of(shown)
    said = [
        Said(
            message,
            list(message.attachments.all()),
            mails.get(message.pk, ()),
            split.get(message.pk, ""),
            forwarded.get(message.pk, ()),
            taken_back.get(message.pk, ""),
        )
        for message in reversed(shown)
    ]
    last = shown[0].pk if shown else 0
    return Conversation(_woven(said, events, viewer), earlier, last, _first_new(said, events, reader))


def _events(ticket: Ticket, since: datetime | None, until: datetime | None) -> list[Event]:
    """By ``event_by_ticket``, the oldest first."""
    rows = Event.objects.filter(ticket=ticket).order_by("pk")
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    return list(rows)


def _split_off(events: Sequence[Event]) -> dict[int | None, str]:
    split = [event for event in events if event.kind == EventKind.SPLIT_OFF]
    return {event.message_id: str(event.data.get("number", "")) for event in split}


def _forwarded(events: Sequence[Event]) -> Mapping[int | None, Sequence[str]]:
    """To whom, by message."""
    return {event.message_id: event.data["to"] for event in events if event.kind == EventKind.FORWARDED}


def _taken_back(events: Sequence[Event]) -> Mapping[int | None, str]:
    """By whom, by message."""
    taken = [event for event in events if event.kind == EventKind.REPLY_TAKEN_BACK]
    return {event.message_id: event.actor_name for event in taken}


def _first_new(said: Sequence[Said], events: Sequence[Event], reader: Reader | None) -> int | None:
    """The first of the messages that somebody else wrote after the reader had gone."""
    if reader is None:
        return None
    spoken = {event.message_id: event.pk for event in events if event.kind in SPOKEN and event.message_id}
    for entry in said:
        by_others = entry.message.author_id != reader.pk
        if by_others and spoken.get(entry.message.pk, 0) > reader.seen_event:
            return entry.message.pk
    return None


def _woven(said: Sequence[Said], events: Sequence[Event], viewer: User) -> list[Said | Happenings]:
    """In order of time; what happened between two messages is one entry."""
    entries: list[Said | Happenings] = []
    waiting = in_words(events, viewer)
    for place, entry in enumerate(said):
        entries.append(entry)
        until = said[place + 1].at if place + 1 < len(said) else None
        count = sum(1 for event in waiting if until is None or event.at < until)
        if count:
            entries.append(Happenings(waiting[:count]))
            waiting = waiting[count:]
    return entries

"""What members of staff are told: what is ready to leave, which clock a notice is about, what somebody was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Min, QuerySet

from accounts.models import User
from helpdesk.lib import clock
from tickets.choices import NoticeKind, TimerState
from tickets.models import Emergency, Event, Notice, OutboxMail, Ticket, Timer

GOING = (TimerState.RUNNING, TimerState.PAUSED)
SHOWN = 50
#: More than so many are not counted.
MOST_COUNTED = 100


def ready() -> QuerySet[Notice]:
    return Notice.objects.filter(mailed_at=None, by_mail=True, ready_at__lte=clock.now())


def people_with_news(limit: int) -> list[int]:
    """Who has notices that are ready; whoever has waited longest first."""
    waiting = ready().order_by().values("person_id").annotate(since=Min("ready_at"))
    return list(waiting.order_by("since", "person_id").values_list("person_id", flat=True)[:limit])


def clocks_of(events: Sequence[Event]) -> Mapping[int, Timer | None]:
    """By event, the clock that it is about; None for events that are about none, or whose clock is gone."""
    numbers = {event.data["timer_id"] for event in events if event.data.get("timer_id")}
    clocks = Timer.objects.select_related("policy").in_bulk(numbers)
    return {event.pk: clocks.get(event.data.get("timer_id")) for event in events}


def newest_per_clock(notices: Sequence[Notice]) -> list[Notice]:
    """Of several notices about one clock (half of the time gone, then four fifths) the newest says it all."""
    newest: dict[tuple[str, int], Notice] = {}
    for notice in sorted(notices, key=lambda notice: notice.event_id):
        number = notice.event.data.get("timer_id")
        newest[("clock", number) if number else ("event", notice.event_id)] = notice
    return list(newest.values())


def most_urgent_first(
    notices: Sequence[Notice], clocks: Mapping[int, Timer | None]
) -> list[tuple[Notice, Timer | None]]:
    """Emergencies, then by priority, then by what was or will be due first."""
    far = clock.now().replace(year=9999)

    def urgency(pair: tuple[Notice, Timer | None]) -> tuple[Any, ...]:
        notice, timer = pair
        due = timer.due_at if timer is not None and timer.due_at is not None else far
        return (not notice.is_urgent, -notice.ticket.priority, due, notice.pk)

    return sorted(((notice, clocks.get(notice.event_id)) for notice in notices), key=urgency)


def listed_in(mail: OutboxMail) -> list[tuple[Notice, Timer | None]]:
    """What a mail of several notices lists, most urgent first. Looked up when it is sent: who has lost sight of a
    ticket since does not read of it."""
    chosen = Notice.objects.filter(pk__in=mail.context.get("listed", []), mail=mail)
    notices = list(
        chosen.select_related("event", "person", *(f"ticket__{name}" for name in ("brand", "assignee")))
    )
    if not notices:
        return []
    tickets = Ticket.objects.visible_to(notices[0].person)
    seen = set(tickets.filter(pk__in={notice.ticket_id for notice in notices}).values_list("pk", flat=True))
    notices = [notice for notice in notices if notice.ticket_id in seen]
    return most_urgent_first(notices, clocks_of([notice.event for notice in notices]))


def told(person: User, limit: int = SHOWN) -> list[Notice]:
    """The newest notices of a person, about tickets that they may see."""
    rows = Notice.objects.filter(person=person, ticket__in=Ticket.objects.visible_to(person))
    return list(rows.select_related("event", "ticket", "mail").order_by("-pk")[:limit])


def unread(person: User) -> QuerySet[Notice]:
    """What is new for a person in the page, by the index ``notice_unread``; about tickets that they may see."""
    rows = Notice.objects.filter(person=person, read_at=None, in_page=True)
    return rows.filter(ticket__in=Ticket.objects.visible_to(person)).order_by("-pk")


def unread_count(person: User) -> int:
    """Counted to ``MOST_COUNTED``."""
    return unread(person).order_by()[:MOST_COUNTED].count()


def no_longer_ringing(notices: Sequence[Notice]) -> set[int]:
    """Alarms about emergencies that somebody has taken meanwhile, or that are over."""
    alarms = {notice.ticket_id for notice in notices if notice.kind == NoticeKind.EMERGENCY}
    if not alarms:
        return set()
    rows = Emergency.objects.filter(ticket__in=alarms, alarm_at=None)
    silent = set(rows.values_list("ticket_id", flat=True))
    return {
        notice.pk for notice in notices if notice.kind == NoticeKind.EMERGENCY and notice.ticket_id in silent
    }

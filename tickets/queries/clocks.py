"""The clocks of a ticket with the working of each due time."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import F

from helpdesk.lib import clock
from tickets.choices import EventKind, TimerKind, TimerState
from tickets.models import Calendar, Event, Ticket, Timer
from tickets.queries.calendars import working_calendar
from tickets.queries.explanation_summary import promise, summary
from tickets.queries.explanation_words import Sentence, sentences
from tickets.rules.business_time import WorkingCalendar
from tickets.rules.explanation import Explanation, explain
from tickets.rules.explanation.book import Clock, from_events

#: What a clock's book is made of.
BOOK = (
    EventKind.TIMER_STARTED,
    EventKind.TIMER_PAUSED,
    EventKind.TIMER_RESUMED,
    EventKind.TIMER_CHANGED,
    EventKind.TIMER_MET,
    EventKind.TIMER_MISSED,
    EventKind.TIMER_CANCELLED,
)


@dataclass(frozen=True)
class Explained:
    """A clock and how its due time came about. Words are in the language that is active when they are asked for."""

    timer: Timer
    explanation: Explanation
    zone: ZoneInfo

    @property
    def promise(self) -> str:
        return promise(self.explanation)

    @property
    def summary(self) -> str:
        return summary(self.explanation, self.zone)

    @cached_property
    def sentences(self) -> list[Sentence]:
        return sentences(self.explanation, self.zone)


def of_ticket(ticket: Ticket) -> list[Timer]:
    """The promises on the ticket as people read them: what is owed first, then what is done; withdrawn ones are
    nobody's business. Of those that come and go, the one that is owed, else the last.
    """
    rows = (
        Timer.objects.filter(ticket=ticket)
        .exclude(state=TimerState.CANCELLED)
        .select_related("policy", "calendar")
    )
    newest = {(row.kind, row.policy_id if row.is_statutory else None): row for row in rows.order_by("pk")}
    order = list(TimerKind)
    return sorted(
        newest.values(),
        key=lambda timer: (
            timer.state == TimerState.DONE,
            timer.is_statutory,
            order.index(TimerKind(timer.kind)),
        ),
    )


def nearest_of(tickets: Sequence[int]) -> dict[int, Timer]:
    """By ticket the promise to be kept next: of those that run the one due first, else the one with the least left.

    One query, with just what a row of the queue shows.
    """
    rows = (
        Timer.objects.filter(ticket_id__in=tickets, state__in=(TimerState.RUNNING, TimerState.PAUSED))
        .order_by("ticket_id", F("due_at").asc(nulls_last=True), F("target_seconds") - F("used_seconds"))
        .distinct("ticket_id")
        .only(
            "ticket_id",
            "kind",
            "state",
            "is_statutory",
            "due_at",
            "target_seconds",
            "used_seconds",
            "breached_at",
        )
    )
    return {row.ticket_id: row for row in rows}


def explained(ticket: Ticket, timers: Sequence[Timer]) -> list[Explained]:
    """Each with its working, out of the ticket's events: two queries, however many clocks."""
    rows = list(
        Event.objects.filter(ticket=ticket, kind__in=BOOK)
        .order_by("pk")
        .values("kind", "at", "actor_kind", "actor_name", "data")
    )
    books = [from_events(rows, _facts(timer)) for timer in timers]
    named = {mark.calendar for book in books for mark in book} - {None}
    rows_of_calendars = Calendar.objects.filter(pk__in=[str(pk) for pk in named])
    calendars: dict[Hashable, WorkingCalendar] = {row.pk: working_calendar(row) for row in rows_of_calendars}
    # A calendar that was deleted since leaves its clocks unexplained rather than the page unreadable.
    return [
        _explained(
            timer, explain(book, calendars, now=_now(timer), state=timer.state, due=timer.due_at), ticket
        )
        for timer, book in zip(timers, books, strict=True)
        if {mark.calendar for mark in book} - {None} <= calendars.keys()
    ]


def _facts(timer: Timer) -> Clock:
    return Clock(timer.pk, timer.kind, timer.started_at, timer.target_seconds, timer.calendar_id)


def _now(timer: Timer) -> datetime:
    return timer.done_at or clock.now()


def _explained(timer: Timer, explanation: Explanation, ticket: Ticket) -> Explained:
    """In the zone of the hours that count; time on the clock is told in the brand's."""
    return Explained(timer, explanation, ZoneInfo(explanation.time_zone or ticket.brand.time_zone))

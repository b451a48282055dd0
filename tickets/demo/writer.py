"""Many stories into the database at once: thousands of tickets in seconds, rows as the actions would have left them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.db import connection, transaction

from tickets.demo.desk import Desk
from tickets.demo.draft import Draft
from tickets.demo.story import Story
from tickets.models import Event, Message, StepTaken, Ticket, Timer, TrackingLink

BATCH = 2000
ROWS = 1000


def write(stories: Iterable[Story], *, now: datetime, desk: Desk | None = None) -> Counter[str]:
    """Write the stories as they stand now; how many rows of each kind. Memory holds one batch of them, however many.

    No mail is queued: nobody is told of what was invented.
    """
    desk = desk or Desk.read()
    tally: Counter[str] = Counter()
    for batch in _batches(iter(stories)):
        drafts = [Draft(story, desk).tell(now) for story in batch]
        tally.update(_save(drafts))
    return tally


def _batches(stories: Iterator[Story]) -> Iterator[list[Story]]:
    while batch := list(islice(stories, BATCH)):
        yield batch


@transaction.atomic
def _save(drafts: Sequence[Draft]) -> Counter[str]:
    messages = [message for draft in drafts for message in draft.messages]
    events = [event for draft in drafts for event in draft.events]
    # In the order of time, as they would have come: the sort is stable, so each ticket's own order stays.
    messages.sort(key=lambda message: message.created_at)
    events.sort(key=lambda event: event.at)
    timers = [timer for draft in drafts for timer in draft.clocks.timers]
    steps = [step for draft in drafts for step in draft.clocks.steps_taken]
    Ticket.objects.bulk_create([draft.ticket for draft in drafts], ROWS)
    Message.objects.bulk_create(messages, ROWS)
    Event.objects.bulk_create(events, ROWS)
    Timer.objects.bulk_create(timers, ROWS)
    StepTaken.objects.bulk_create(steps, ROWS)
    TrackingLink.objects.bulk_create([draft.link for draft in drafts], ROWS)
    _index(drafts)
    return Counter(tickets=len(drafts), messages=len(messages), events=len(events), timers=len(timers))


def _index(drafts: Sequence[Draft], at_once: int = 200) -> None:
    """The words of each ticket, joined as ``actions.search`` joins them, one message after another."""
    for start in range(0, len(drafts), at_once):
        part = drafts[start : start + at_once]
        rows = ", ".join(f"(%s, {' || '.join(['%s::tsvector'] * len(draft.words))})" for draft in part)
        values: list[int | str] = []
        for draft in part:
            values += [draft.ticket.pk, *draft.words]
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO tickets_ticketsearch (ticket_id, document) VALUES {rows}", values)  # noqa: S608  # nosec B608

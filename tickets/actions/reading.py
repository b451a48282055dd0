"""How far somebody has read a ticket. It changes nothing of the ticket itself: no version is counted, no event told."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from accounts.models import User
from helpdesk.lib import clock
from tickets.models import Ticket, TicketRead
from tickets.queries.queue.reading import AGAIN

# One statement a ticket, by event_by_ticket; of two at once the one that saw more holds.
_READ = """
INSERT INTO tickets_ticketread (person_id, ticket_id, event_id, at)
SELECT %s, t.id, COALESCE((SELECT max(e.id) FROM tickets_event e WHERE e.ticket_id = t.id), 0), %s
FROM unnest(%s::bigint[]) AS t (id) ORDER BY t.id
ON CONFLICT (person_id, ticket_id) DO UPDATE SET event_id = EXCLUDED.event_id, at = EXCLUDED.at
WHERE tickets_ticketread.event_id < EXCLUDED.event_id
"""
# How far they had read, as it was before: all parts of a statement see the same moment.
_OPENED = f"""
WITH before AS (SELECT event_id FROM tickets_ticketread WHERE person_id = %s AND ticket_id = %s),
written AS ({_READ})
SELECT event_id FROM before
"""  # noqa: S608 - both parts stand above


def opened(ticket: Ticket, *, by: User) -> int | None:
    """They have it open: what has happened by now is read. Call it before the page is put together, so that what comes
    meanwhile stays unread.

    Gives the newest event that was there when they had it open before; None where they never had.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OPENED, [by.pk, ticket.pk, by.pk, clock.now(), [ticket.pk]])
        row = cursor.fetchone()
    return row[0] if row is not None and row[0] != AGAIN else None


def mark_read(person: User, tickets: Sequence[int]) -> None:
    """``tickets``: ids that the person may see."""
    if tickets:
        with connection.cursor() as cursor:
            cursor.execute(_READ, [person.pk, clock.now(), sorted(set(tickets))])


def mark_unread(person: User, tickets: Sequence[int]) -> None:
    """Until they open them again, whoever said the last thing."""
    now = clock.now()
    TicketRead.objects.bulk_create(
        [TicketRead(person=person, ticket_id=pk, event_id=AGAIN, at=now) for pk in sorted(set(tickets))],
        update_conflicts=True,
        unique_fields=["person", "ticket"],
        update_fields=["event_id", "at"],
    )

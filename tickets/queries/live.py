"""What the realtime process asks, however many pages are connected: the news of the log, who may see what, unread
notices."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.models import User
from tickets.choices import ActorKind, EventKind
from tickets.models import Ticket
from tickets.rules.log_window import Snapshot
from tickets.rules.visibility import Scope

#: More at a time is read in several goes.
READ_AT_ONCE = 1000
#: A bell says 99+.
MOST_UNREAD = 100


@dataclass(frozen=True, slots=True)
class News:
    """One event with what decides who may hear of it: where its ticket is now."""

    pk: int
    kind: str
    #: A member of staff's log-in, else None; the name that was theirs then, "" for the desk itself.
    actor: int | None
    actor_name: str
    #: They gave the ticket to themselves.
    took: bool
    ticket: int
    number: str
    version: int
    brand: int
    team: int | None
    assignee: int | None


_COLUMNS = """
    e.id, e.kind, e.actor_id, CASE WHEN e.actor_kind = %s THEN '' ELSE e.actor_name END,
    e.kind = %s AND e.data ->> 'to' = e.actor_name,
    t.id AS ticket, t.number, t.version, t.brand_id, t.team_id, t.assignee_id
"""
_COLUMN_VALUES = (ActorKind.SYSTEM.value, EventKind.ASSIGNED.value)

# By the primary key, from the floor on. ``age`` counts from a number to the next one to be given out.
_AFTER = f"""
    SELECT pg_snapshot_xmin(now.s)::text::bigint,
           pg_snapshot_xmax(now.s)::text::bigint + age(pg_snapshot_xmax(now.s)::xid),
           new.*
    FROM (SELECT pg_current_snapshot() AS s) now
    LEFT JOIN LATERAL (
        SELECT {_COLUMNS}
        FROM tickets_event e JOIN tickets_ticket t ON t.id = e.ticket_id
        WHERE e.id > %s AND e.id <> ALL(%s)
        ORDER BY e.id LIMIT %s
    ) new ON true
"""  # noqa: S608 - the columns are ours

# By the primary key, backwards: the newest events only.
_LATELY = f"""
    SELECT {_COLUMNS}, e.at
    FROM tickets_event e JOIN tickets_ticket t ON t.id = e.ticket_id
    ORDER BY e.id DESC LIMIT %s
"""  # noqa: S608

# By the index notice_unread, to the limit for each person; about tickets that they see, as ``Scope.reaches`` has it.
_UNREAD = """
    SELECT person.id, (
        SELECT count(*) FROM (
            SELECT FROM tickets_notice n JOIN tickets_ticket t ON t.id = n.ticket_id
            WHERE n.person_id = person.id AND n.read_at IS NULL AND n.in_page AND (
                person.everything OR t.brand_id = ANY(person.brands) AND (
                    person.teams IS NULL OR t.team_id IS NULL OR t.team_id = ANY(person.teams)
                    OR t.assignee_id = person.id
                )
            ) LIMIT %s
        ) AS unread
    )
    FROM jsonb_to_recordset(%s::jsonb)
        AS person(id bigint, everything boolean, brands bigint[], teams bigint[])
"""


def highest_event() -> int:
    """0 where nothing ever happened."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM tickets_event")
        return int(cursor.fetchone()[0])


def news_after(floor: int, seen: Iterable[int]) -> tuple[list[News], Snapshot]:
    """The events above ``floor`` that are not among ``seen``, oldest first, READ_AT_ONCE at most; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_AFTER, [*_COLUMN_VALUES, floor, list(seen), READ_AT_ONCE])
        rows = cursor.fetchall()
    snapshot = Snapshot(xmin=rows[0][0], next_xid=rows[0][1])
    return [News(*row[2:]) for row in rows if row[2] is not None], snapshot


def news_since(moment: datetime, limit: int) -> list[News] | None:
    """What happened since, oldest first; None where it is more than ``limit``."""
    with connection.cursor() as cursor:
        cursor.execute(_LATELY, [*_COLUMN_VALUES, limit + 1])
        rows = [row for row in cursor.fetchall() if row[-1] >= moment]
    return None if len(rows) > limit else [News(*row[:-1]) for row in reversed(rows)]


@dataclass(frozen=True, slots=True)
class Shown:
    """A ticket that somebody has on their screen and may."""

    pk: int
    number: str
    version: int


def shown_of(user: User, numbers: Collection[str]) -> list[Shown]:
    """Those that they may see, by the unique number."""
    rows = Ticket.objects.visible_to(user).filter(number__in=numbers)
    return [Shown(*row) for row in rows.values_list("pk", "number", "version")]


def unread_of(people: Mapping[int, Scope]) -> dict[int, int]:
    """By person, how many notices wait to be read, counted to MOST_UNREAD; one query. ``people``: how far each sees."""
    asked = [
        {
            "id": person,
            "everything": scope.everything,
            "brands": sorted(scope.brands),
            "teams": None if scope.teams is None else sorted(scope.teams),
        }
        for person, scope in people.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [MOST_UNREAD, json.dumps(asked)])
        return dict(cursor.fetchall())

"""The small things that stand beside a conversation, in one query: ways to the database cost more than rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts import masking
from accounts.models import User
from helpdesk.lib import clock
from tickets.models import Participant, Ticket
from tickets.queries.linked import Tie

# Each by the index that begins with the ticket; ties by both of theirs.
_SQL = """
SELECT
  (SELECT json_agg(json_build_object('id', u.id, 'name', u.name, 'email', u.email) ORDER BY u.name, u.id)::text
   FROM tickets_ticket_watchers w JOIN accounts_user u ON u.id = w.user_id WHERE w.ticket_id = %(ticket)s),
  (SELECT json_agg(json_build_object('id', p.id, 'name', p.name, 'email', p.email) ORDER BY p.id)::text
   FROM tickets_participant p WHERE p.ticket_id = %(ticket)s AND p.removed_at IS NULL),
  (SELECT json_agg(json_build_array(t.ticket_id, t.other_id, t.kind) ORDER BY t.id)::text
   FROM tickets_ticketlink t WHERE t.ticket_id = %(ticket)s OR t.other_id = %(ticket)s),
  (SELECT count(*) FROM tickets_trackinglink l
   WHERE l.ticket_id = %(ticket)s AND l.revoked_at IS NULL AND l.expires_at > %(now)s)
"""


@dataclass(frozen=True)
class Beside:
    watchers: Sequence[User]
    #: People who get the answers by mail.
    in_copy: Sequence[Participant]
    ties: Sequence[Tie]
    #: How many of them open the case.
    tracking_links: int


def beside(ticket: Ticket) -> Beside:
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"ticket": ticket.pk, "now": clock.now()})
        watchers, in_copy, ties, links = cursor.fetchone()
    masking.note_others(person["email"] for person in _rows(in_copy))
    return Beside(
        [User(**person) for person in _rows(watchers)],
        [Participant(ticket=ticket, **person) for person in _rows(in_copy)],
        [(one, other, kind) for one, other, kind in _rows(ties)],
        links,
    )


def _rows(text: str | None) -> list[Any]:
    """NULL where there is none."""
    return json.loads(text) if text else []

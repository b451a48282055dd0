"""Who is on duty, with how many cases, and who has given no sign of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, Q

from accounts import access
from accounts.models import Team, User
from accounts.rules.capabilities import Capability
from tickets.choices import EventKind
from tickets.models import Ticket
from tickets.models.tickets import ACTIVE, WAITING, TicketQuerySet
from tickets.queries import workers
from tickets.rules import visibility
from tickets.rules.assignment import Worker
from tickets.rules.duty import Handing

#: Counted no further: "1,000+" says as much.
MOST_COUNTED = 1_000


def to_hand_back(person: int, what: Handing) -> TicketQuerySet:
    """What others get when this person goes off duty, in the order of their ids (by the index ticket_load)."""
    spoke = Q(last_staff_message_at=None) | Q(last_customer_message_at__gt=F("last_staff_message_at"))
    chosen = Q(first_response_at=None)
    if what == Handing.WAITING:
        chosen |= spoke
    gives_back = Q(team=None) | Q(team__hands_back=True)
    return Ticket.objects.filter(WAITING, chosen, gives_back, assignee_id=person).order_by("pk")


def all_of(person: int) -> TicketQuerySet:
    """Every case that is not over, whosever turn it is (by the index ticket_active_assignee)."""
    return Ticket.objects.filter(ACTIVE, assignee_id=person).order_by("pk")


# Events by the index event_by_kind: as many as were in those hours. Readings by the index reading_by_person.
_SIGNS = """
SELECT u.id FROM accounts_user u
WHERE u.id = ANY(%(people)s) AND (
    u.id IN (
        SELECT e.actor_id FROM tickets_event e
        WHERE e.kind = ANY(%(kinds)s) AND e.at > %(since)s AND e.actor_id = ANY(%(people)s)
    ) OR EXISTS (SELECT FROM tickets_ticketread r WHERE r.person_id = u.id AND r.at > %(since)s)
)
"""


def idle_since(moment: datetime) -> list[User]:
    """Who went on duty before that moment, and has done nothing since. Only whoever went on duty by hand: a desk whose
    people never used the switch takes nobody off duty.
    """
    roles = access.roles_that_can(Capability.WORK_TICKETS)
    rows = User.objects.filter(role__in=roles, is_active=True, is_on_duty=True, duty_changed_at__lte=moment)
    people = list(rows.order_by("pk"))
    if not people:
        return []
    values: dict[str, Any] = {
        "people": [one.pk for one in people],
        "kinds": EventKind.values,
        "since": moment,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SIGNS, values)
        busy = {pk for (pk,) in cursor.fetchall()}
    return [one for one in people if one.pk not in busy]


def may_direct(user: User, person: User) -> bool:
    """Leads: people of their own teams; whoever sees every team of a brand: its people."""
    if not access.can(user, Capability.DIRECT_TEAM) or not access.can(person, Capability.WORK_TICKETS):
        return False
    scope = visibility.scope_of(user)
    if scope.everything:
        return True
    if scope.teams is None:
        return bool(scope.brands & person.brand_ids)
    return bool(scope.teams & person.team_ids)


def teams_of(user: User) -> list[Team]:
    """Whose day the user may see: their own teams; all, for whoever sees every team."""
    scope = visibility.scope_of(user)
    rows = Team.objects.filter(is_active=True)
    everything = scope.everything or scope.teams is None
    return list(rows if everything else rows.filter(pk__in=scope.teams or ()))


@dataclass(frozen=True)
class Member:
    user: User
    worker: Worker
    oldest: Ticket | None


def members_of(teams: Sequence[Team], viewer: User) -> dict[int, list[Member]]:
    """By team, whom the viewer may direct; those on duty first, then by name. Five queries, however many they are."""
    roles = access.roles_that_can(Capability.WORK_TICKETS)
    rows = User.objects.filter(role__in=roles, is_active=True, teams__in=teams)
    people = [one for one in _with_places(rows) if may_direct(viewer, one)]
    loads = {one.person: one for one in workers.of_people([one.pk for one in people], at_least=MOST_COUNTED)}
    oldest = _oldest([one.pk for one in people])
    members = [Member(one, loads[one.pk], oldest.get(one.pk)) for one in people if one.pk in loads]
    members.sort(key=lambda member: (not member.user.is_on_duty, member.user.display_name.casefold()))
    return {team.pk: [one for one in members if team.pk in one.user.team_ids] for team in teams}


def _with_places(rows: object) -> list[User]:
    """Brands and teams of all of them in two queries."""
    assert hasattr(rows, "distinct")
    people = list(rows.distinct().prefetch_related("brands", "teams"))
    for one in people:
        one.__dict__["brand_ids"] = frozenset(brand.pk for brand in one.brands.all())
        one.__dict__["team_ids"] = frozenset(team.pk for team in one.teams.all())
    return people


# A person's cases by the index ticket_load, no more than a page could count.
_OLDEST = """
SELECT DISTINCT ON (asked.id) t.* FROM unnest(%s::bigint[]) AS asked (id)
CROSS JOIN LATERAL (
    SELECT * FROM tickets_ticket WHERE assignee_id = asked.id AND status IN ('new', 'open') LIMIT %s
) t ORDER BY asked.id, t.created_at
"""


def _oldest(people: Sequence[int]) -> dict[int, Ticket]:
    rows = Ticket.objects.raw(_OLDEST, [list(people), MOST_COUNTED])
    return {ticket.assignee_id: ticket for ticket in rows if ticket.assignee_id is not None}


def waiting_for(teams: Sequence[Team]) -> dict[int, int]:
    """How many cases of each team nobody has; counted to MOST_COUNTED + 1, by the index ticket_to_take."""
    sql = """
        SELECT asked.id, (SELECT count(*) FROM (
            SELECT FROM tickets_ticket t
            WHERE t.team_id = asked.id AND t.assignee_id IS NULL AND t.status IN ('new', 'open') LIMIT %s
        ) waiting) FROM unnest(%s::bigint[]) AS asked (id)
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [MOST_COUNTED + 1, [team.pk for team in teams]])
        return dict(cursor.fetchall())

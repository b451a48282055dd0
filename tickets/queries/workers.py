"""Who answers cases, how many each has, and how many more they may be given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from accounts import access
from accounts.rules.capabilities import CAPABILITIES, Capability, Role
from tickets.models import Ticket
from tickets.queries.skills import skill_of
from tickets.rules.assignment import Wanted, Worker

#: Counted no further, where only whether there is room matters.
MOST_COUNTED = 1_000

# The load of each is counted by the partial index ticket_load alone: new and open cases by assignee, and no further
# than the capacity, or than what is shown: somebody with thousands costs what somebody with twenty does.
_SQL = """
SELECT u.id, u.name, u.email, u.role, u.is_active AND u.is_on_duty, u.capacity,
       (SELECT count(*) FROM (
            SELECT FROM tickets_ticket t WHERE t.assignee_id = u.id AND t.status IN ('new', 'open')
            LIMIT GREATEST(u.capacity, %(at_least)s)
        ) held),
       u.speaks, u.skills,
       ARRAY(SELECT brand_id FROM accounts_user_brands b WHERE b.user_id = u.id),
       ARRAY(SELECT team_id FROM accounts_user_teams m WHERE m.user_id = u.id),
       u.last_assigned_at
FROM accounts_user u
WHERE u.role = ANY(%(roles)s) AND u.is_active AND WHO
ORDER BY u.id
"""


def wanted_of(ticket: Ticket) -> Wanted:
    return Wanted(ticket.brand_id, ticket.team_id, ticket.language, skill_of(ticket.category))


def of_team(team: int) -> list[Worker]:
    """The members of a team who answer cases, on duty or not."""
    return _read("u.id IN (SELECT user_id FROM accounts_user_teams WHERE team_id = %(team)s)", team=team)


def of_people(people: Iterable[int], *, at_least: int = MOST_COUNTED) -> list[Worker]:
    return _read("u.id = ANY(%(people)s)", people=list(people), at_least=at_least)


def one(person: int) -> Worker | None:
    """With all their cases, up to MOST_COUNTED; None for somebody who answers none."""
    return _one(person, at_least=MOST_COUNTED + 1)


def hold(person: int) -> Worker | None:
    """As ``one``, counted no further than the capacity, and the person's row held until the transaction ends: nobody
    else gives them a case meanwhile.

    Whoever holds a person never waits for a ticket (tickets are passed over that others hold); whoever waits for a
    person may hold tickets. So nobody waits in a circle.
    """
    with connection.cursor() as cursor:
        # Not against rows that only refer to the person.
        cursor.execute("SELECT FROM accounts_user WHERE id = %s FOR NO KEY UPDATE", [person])
    return _one(person)  # a statement of its own: it sees what was committed while the first one waited


def load_in_words(worker: Worker) -> str:
    """``11``, ``1,000+``."""
    return f"{MOST_COUNTED:,}+" if worker.load > MOST_COUNTED else f"{worker.load:,}"


def _one(person: int, *, at_least: int = 0) -> Worker | None:
    found = _read("u.id = %(person)s", at_least=at_least, person=person)
    return found[0] if found else None


def _read(who: str, *, at_least: int = 0, **values: Any) -> list[Worker]:
    roles = [role.value for role in access.roles_that_can(Capability.WORK_TICKETS)]
    with connection.cursor() as cursor:
        cursor.execute(_SQL.replace("WHO", who), {"roles": roles, "at_least": at_least, **values})
        return [_worker(*row) for row in cursor.fetchall()]


def _worker(
    person: int,
    name: str,
    email: str,
    role: str,
    is_on_duty: bool,
    capacity: int,
    load: int,
    speaks: Sequence[str],
    skills: Sequence[str],
    brands: Sequence[int],
    teams: Sequence[int],
    last_assigned_at: datetime | None,
) -> Worker:
    may = CAPABILITIES[Role(role)]
    # Who sees every team and belongs to none takes from each; who belongs somewhere takes what is theirs.
    everywhere = not teams and bool({Capability.VIEW_BRAND_TICKETS, Capability.VIEW_ALL_TICKETS} & may)
    return Worker(
        person=person,
        name=name or email.split("@")[0],
        is_on_duty=is_on_duty,
        capacity=capacity,
        load=load,
        speaks=frozenset(speaks),
        skills=frozenset(skills),
        brands=None if Capability.VIEW_ALL_TICKETS in may else frozenset(brands),
        teams=None if everywhere else frozenset(teams),
        last_assigned_at=last_assigned_at,
    )

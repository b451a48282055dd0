"""What the realtime process counts, for many people in one question."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Brand, Team, User
from tickets.choices import EventKind, NoticeKind
from tickets.events import tell
from tickets.models import Event, Ticket
from tickets.queries.live import unread_of
from tickets.queries.notices import unread_count
from tickets.rules.visibility import scope_of

PEOPLE = (
    "agent",
    "second_agent",
    "lead",
    "manager",
    "administrator",
    "other_team_agent",
    "other_brand_agent",
)


@pytest.mark.parametrize(
    "where", ["own team", "no team", "another team", "another team, but theirs", "another brand"]
)
def test_the_bell_counts_what_its_list_shows(
    request: pytest.FixtureRequest,
    ticket: Ticket,
    team: Team,
    other_team: Team,
    other_brand: Brand,
    where: str,
) -> None:
    """What went out of somebody's sight is neither listed nor counted."""
    people: list[User] = [request.getfixturevalue(name) for name in PEOPLE]
    event = Event.objects.get(ticket=ticket, kind=EventKind.OPENED)
    tell([(event, person) for person in people], urgent=False, kind=NoticeKind.WATCHED)
    changes: dict[str, dict[str, Any]] = {
        "own team": {"team": team},
        "no team": {"team": None},
        "another team": {"team": other_team},
        "another team, but theirs": {"team": other_team, "assignee": people[0]},
        "another brand": {"brand": other_brand, "team": team},
    }
    Ticket.objects.filter(pk=ticket.pk).update(**changes[where])
    counted = unread_of({person.pk: scope_of(person) for person in people})
    assert counted == {person.pk: unread_count(person) for person in people}
    assert len(set(counted.values())) == 2 or where in ("own team", "no team")

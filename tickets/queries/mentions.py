"""Who can be called by name in a note, and who of them may see the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from accounts.rules.capabilities import STAFF_ROLES
from tickets.models import Ticket
from tickets.rules import visibility
from tickets.rules.mentions import SIGNS, mentioned


@dataclass(frozen=True)
class Called:
    """``blind`` are those who may not see the case: they are not told of it."""

    told: Sequence[User] = ()
    blind: Sequence[User] = ()


def called_in(text: str, ticket: Ticket, *, by: User | None) -> Called:
    """People of one name are all meant. Whoever calls themselves is not told what they wrote."""
    if not any(sign in text for sign in SIGNS):
        return Called()
    people = [person for person in _staff() if by is None or person.pk != by.pk]
    names = {name.casefold() for name in mentioned(text, [person.display_name for person in people])}
    meant = [person for person in people if person.display_name.casefold() in names]
    told = [person for person in meant if visibility.may_see(person, ticket)]
    return Called(told, [person for person in meant if person not in told])


def who_may_see(ticket: Ticket) -> list[User]:
    """Members of staff by name."""
    return [person for person in _staff() if visibility.may_see(person, ticket)]


def _staff() -> list[User]:
    """Three queries, however many: a desk's staff are few among its customers (index ``user_staff_by_role``)."""
    rows = User.objects.filter(role__in=STAFF_ROLES, is_active=True).prefetch_related("brands", "teams")
    people = list(rows)
    for person in people:
        person.brand_ids = frozenset(brand.pk for brand in person.brands.all())
        person.team_ids = frozenset(team.pk for team in person.teams.all())
    return sorted(people, key=lambda person: (person.display_name.casefold(), person.pk))

"""Whose socket it is, and whether it still may be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings

from accounts.models import User
from accounts.queries.sessions import living_sessions, user_of_session
from accounts.web.second_factor import lacks_second_factor
from tickets.rules.visibility import Scope, scope_of, sees_tickets


@dataclass(frozen=True)
class Viewer:
    """A member of staff who sees tickets, as they were when the socket was opened. ``proof`` changes
    with the password.
    """

    user: User
    session: str
    scope: Scope
    proof: str

    @property
    def pk(self) -> int:
        return self.user.pk

    @property
    def name(self) -> str:
        return self.user.display_name

    @property
    def standing(self) -> tuple[object, ...]:
        """What must stay the same for the socket to go on."""
        return (self.user.role, self.user.is_active, self.scope, self.proof, self.name)


def viewer_of(session: str) -> Viewer | None:
    """None for strangers, customers, and staff who must set up their second factor first. Raises django.db.Error."""
    user = user_of_session(session) if session else None
    if user is None or not sees_tickets(user):
        return None
    if settings.STAFF_MFA_REQUIRED and lacks_second_factor(user):
        return None
    return _viewer(user, session)


def _viewer(user: User, session: str) -> Viewer:
    return Viewer(user, session, scope_of(user), user.get_session_auth_hash())


def no_longer(viewers: Collection[Viewer]) -> tuple[set[Viewer], set[Viewer]]:
    """Those who are logged out, deactivated or no longer staff; and those for whom something else changed: role,
    brands, teams, name. Four queries, however many there are.
    """
    living = living_sessions({viewer.session for viewer in viewers})
    rows = User.objects.filter(pk__in={viewer.pk for viewer in viewers}).prefetch_related("brands", "teams")
    people = {user.pk: user for user in rows}
    for user in people.values():
        # Filled from what was fetched at once; each would ask for itself.
        user.__dict__["brand_ids"] = frozenset(brand.pk for brand in user.brands.all())
        user.__dict__["team_ids"] = frozenset(team.pk for team in user.teams.all())
    gone, changed = set(), set()
    for viewer in viewers:
        now = people.get(viewer.pk)
        if now is None or viewer.session not in living or not sees_tickets(now):
            gone.add(viewer)
            continue
        fresh = _viewer(now, viewer.session)
        if fresh.proof != viewer.proof:
            gone.add(viewer)
        elif fresh.standing != viewer.standing:
            changed.add(viewer)
    return gone, changed

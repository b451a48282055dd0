"""Who is told of a case: its leads and managers."""

from __future__ import annotations

from functools import cached_property

from accounts.models import User
from accounts.rules.capabilities import Role


class Staff:
    """Leads and managers, read once for many cases."""

    @cached_property
    def _people(self) -> list[tuple[User, frozenset[int], frozenset[int]]]:
        rows = User.objects.filter(role__in=[Role.LEAD, Role.MANAGER], is_active=True).order_by("pk")
        return [
            (
                user,
                frozenset(brand.pk for brand in user.brands.all()),
                frozenset(team.pk for team in user.teams.all()),
            )
            for user in rows.prefetch_related("brands", "teams")
        ]

    def leads(self, brand: int, team: int | None) -> list[User]:
        """Those of the team. A team without a lead of its own: better another lead hears of it than nobody."""
        found = [
            (user, teams) for user, brands, teams in self._people if self._is(user, Role.LEAD, brands, brand)
        ]
        own = [user for user, teams in found if team is None or team in teams]
        return own or [user for user, _teams in found]

    def managers(self, brand: int) -> list[User]:
        return [user for user, brands, _teams in self._people if self._is(user, Role.MANAGER, brands, brand)]

    @staticmethod
    def _is(user: User, role: Role, brands: frozenset[int], brand: int) -> bool:
        return user.role == role and brand in brands

"""What somebody may do was changed: whoever they are logged in as ends. The audit log hears of it
by accounts/configuration.py."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.actions import sessions
from accounts.models import User
from accounts.rules.session_limits import Ended


@dataclass(frozen=True)
class Powers:
    role: str
    is_active: bool
    brands: tuple[str, ...]
    teams: tuple[str, ...]


def powers_of(user: User) -> Powers:
    """As the tables say now. Three queries."""
    row = User.objects.get(pk=user.pk)
    brands = tuple(row.brands.order_by("slug").values_list("slug", flat=True))
    return Powers(
        row.role, row.is_active, brands, tuple(row.teams.order_by("slug").values_list("slug", flat=True))
    )


def changed(user: User, *, before: Powers | None, by: User) -> bool:
    """In the transaction of the change. ``before`` None: the log-in is new. Their sessions end, so that nothing that a
    page showed or promised under the old powers is done under them; one's own goes on."""
    now = powers_of(user)
    if now == before:
        return False
    if user.pk != by.pk:
        sessions.end_all(user, why=Ended.POWERS, by=by)
    return True

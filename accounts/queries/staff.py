"""Who works here."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import Brand, User
from accounts.rules.capabilities import Role


def staff_addresses() -> Iterable[str]:
    """By ``user_staff_by_role``."""
    return User.objects.exclude(role=Role.CUSTOMER).values_list("email", flat=True)


def hotlines() -> Iterable[str]:
    return Brand.objects.order_by().values_list("hotline", flat=True)

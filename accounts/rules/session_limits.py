"""How long a log-in lasts, and why one ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ended(models.TextChoices):
    BY_HAND = "by_hand", _("ended in the list of sessions")
    IDLE = "idle", _("not used for too long")
    TOO_LONG = "too_long", _("logged in for too long")
    TOO_MANY = "too_many", _("logged in on too many devices; the one used the longest ago was logged out")
    CREDENTIALS = "credentials", _("password or second factor changed")
    POWERS = "powers", _("role, teams or brands changed")


@dataclass(frozen=True)
class Lasting:
    """``idle``: without any request; ``whole``: since the log-in."""

    idle: timedelta
    whole: timedelta


#: Customers look in once a week and are not to be made to type passwords on phones; what is dangerous asks again.
CUSTOMERS = Lasting(idle=timedelta(days=14), whole=timedelta(days=90))


def why_over(lasting: Lasting, *, started: datetime, seen: datetime, now: datetime) -> Ended | None:
    """None: it goes on. A clock that was put back ends nothing."""
    if now - started >= lasting.whole:
        return Ended.TOO_LONG
    return Ended.IDLE if now - seen >= lasting.idle else None

"""How fast one receiving domain is written to: a slot for each mail.

A small number may leave in one go, then one after the other in even steps, so that in no minute more leave than may.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

_SHARE_IN_ONE_GO = 6


@dataclass(frozen=True)
class Pace:
    """At most ``per_minute`` in any minute (GCRA, ITU-T I.371)."""

    per_minute: int

    @property
    def in_one_go(self) -> int:
        return max(1, self.per_minute // _SHARE_IN_ONE_GO)

    @property
    def step(self) -> timedelta:
        # Those that leave in one go and those of the minute's steps are together no more than may leave.
        return timedelta(minutes=1) / (self.per_minute - self.in_one_go + 1)

    def slot(self, next_at: datetime, now: datetime) -> datetime:
        """When the next mail may leave, ``next_at`` being what was kept after the last; now, or later."""
        return max(now, next_at - self.step * (self.in_one_go - 1))

    def after(self, next_at: datetime, now: datetime, mails: int = 1) -> datetime:
        """What is kept once so many mails more have their slots."""
        return max(next_at, now) + self.step * mails

    def resting_until(self, moment: datetime) -> datetime:
        """What is kept so that the next slot is no earlier."""
        return moment + self.step * (self.in_one_go - 1)

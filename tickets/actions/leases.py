"""What waits in an outbox, mail or call, is taken on a lease: who takes it and goes silent loses it to the next.

The claim is committed before anything leaves. What a killed worker had in hand is found again once its lease has run
out, under the same cause, so that whoever receives it twice can tell.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from helpdesk.lib import clock
from tickets.choices import MailState
from tickets.models import OutboxCall, OutboxMail, OutboxText, WalletCommand

Row = TypeVar("Row", OutboxMail, OutboxCall, OutboxText, WalletCommand)


@dataclass(frozen=True)
class Patience:
    """How often something is tried, and how long the pauses grow."""

    attempts: int | None = None
    #: So long in all, since it was tried first.
    lasting: timedelta | None = None
    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(hours=6)

    def pause(self, attempts: int) -> timedelta:
        """30 s, 1 min, 2 min … 6 h, each up to a quarter longer so that a recovered server is not stormed."""
        doubled: int = 2 ** min(attempts - 1, 20)
        pause = min(self.first * doubled, self.longest)
        return pause + pause * (random.random() / 4)  # noqa: S311 - jitter, not a secret

    def next_try(self, attempts: int, since: datetime | None, now: datetime) -> datetime | None:
        """When to try again after so many attempts; None: no more. The last try is at the very end."""
        if self.attempts is not None and attempts >= self.attempts:
            return None
        again = now + self.pause(attempts)
        if self.lasting is None or since is None:
            return again
        end = since + self.lasting
        return None if now >= end else min(again, end)


@transaction.atomic
def claim(due: QuerySet[Row], limit: int) -> list[Row]:
    """Take the first of what is due; rows that another has in hand are passed over."""
    return take(list(due.select_for_update(skip_locked=True, of=("self",))[:limit]))


def take(rows: list[Row], **news: object) -> list[Row]:
    """Rows that the caller holds are its own until the lease runs out."""
    lease = lease_end()
    for row in rows[:1]:
        type(row)._default_manager.filter(pk__in=[row.pk for row in rows]).update(
            state=MailState.SENDING, attempts=F("attempts") + 1, available_at=lease, **news
        )
    for row in rows:
        row.state, row.available_at = MailState.SENDING, lease
        row.attempts += 1
    return rows


def lease_end() -> datetime:
    return clock.now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)


def give_back(
    row: Row,
    patience: Patience,
    *,
    error: str,
    permanent: bool,
    since: datetime | None = None,
    **news: object,
) -> bool:
    """Let it be tried again after a pause, or give it up; whether it was given up.

    Nothing happens when the claim ran out and another has the row: what becomes of it is theirs to say.
    """
    mine = type(row)._default_manager.filter(pk=row.pk, state=MailState.SENDING, attempts=row.attempts)
    again = None if permanent else patience.next_try(row.attempts, since, clock.now())
    if again is not None:
        mine.update(state=MailState.QUEUED, last_error=error[:500], available_at=again, **news)
        return False
    return bool(mine.update(state=MailState.FAILED, last_error=error[:500], **news))


def queue_again(row: Row, **news: object) -> None:
    """One that was given up, from the beginning."""
    given_up = type(row)._default_manager.filter(pk=row.pk, state=MailState.FAILED)
    given_up.update(state=MailState.QUEUED, attempts=0, available_at=clock.now(), **news)

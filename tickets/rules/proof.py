"""Codes by which a customer proves that the contact on record is theirs: what they look like, how long they hold, and
how often one may be asked for and tried.

Brute force: a code has a million values and five tries, and at most ten codes a day go to a customer. Whoever has them
sent by day and night guesses right with a chance of 1 in 20,000 a day, and the customer sees each code arrive.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

DIGITS = 6
LIFETIME = timedelta(minutes=10)
TRIES = 5
#: (how many, in how long) for one customer, and for one agent whoever the customers are.
PER_CUSTOMER: Sequence[tuple[int, timedelta]] = ((3, timedelta(hours=1)), (10, timedelta(days=1)))
PER_AGENT: Sequence[tuple[int, timedelta]] = ((20, timedelta(hours=1)), (60, timedelta(days=1)))


class Verdict(models.TextChoices):
    """What became of a code that somebody typed."""

    PASSED = "passed", _("The code is right.")
    WRONG = "wrong", _("This code is not right. Compare it with the newest message.")
    SPENT = "spent", _("There were too many wrong tries: this code is used up.")
    OVER = "over", _("There is no code that still holds. It works for ten minutes, and once.")
    MOVED = "moved", _("The contact on record changed meanwhile: this code proves nothing any more.")


class Void(models.TextChoices):
    """Why what was proved does not count on a case."""

    SENDER = "sender", _("It is not proved who wrote this case.")
    WRITER = (
        "writer",
        _("The customer was verified on another case; whoever wrote this one came without logging in."),
    )
    CONTACT = (
        "contact",
        _("Contact data were changed in the last seven days: what was proved before is in doubt."),
    )


def code_of(key: bytes, nonce: str) -> str:
    """The code of one challenge, derived when it is sent or compared, kept nowhere."""
    digest = hmac.new(key, nonce.encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}}"


def read(typed: str) -> str:
    """What somebody typed or heard as digits: full-width ones, blanks and hyphens do no harm."""
    return "".join(str(int(letter)) for letter in typed if letter.isdecimal())[: DIGITS + 1]


def is_too_often(
    asked: Sequence[datetime], limits: Sequence[tuple[int, timedelta]], now: datetime
) -> datetime | None:
    """When the next one may be asked for; None: now. ``asked``: the moments of the earlier ones."""
    free = now
    for count, span in limits:
        within = sorted(at for at in asked if now - at < span)
        if len(within) >= count:
            free = max(free, within[-count] + span)
    return free if free > now else None

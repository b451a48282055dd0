"""Which way of finding out who somebody is proves how much, and for how long at most."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from accounts.choices import VerificationLevel, VerificationMethod

PROVES: Mapping[VerificationMethod, VerificationLevel] = {
    VerificationMethod.MAIL_CODE: VerificationLevel.CONTACT,
    VerificationMethod.PHONE_CODE: VerificationLevel.CONTACT,
    VerificationMethod.CALL_BACK: VerificationLevel.CONTACT,
    VerificationMethod.DOCUMENT: VerificationLevel.DOCUMENT,
    VerificationMethod.IN_PERSON: VerificationLevel.IN_PERSON,
}
#: Documents run out and numbers change hands: whoever says "until 2099" has mistyped.
LONGEST = timedelta(days=10 * 366)


def is_proved_by(level: VerificationLevel, method: VerificationMethod) -> bool:
    """Whether the way proves just this: a call proves nobody's passport, and a passport is said to be one."""
    return PROVES[method] == level


def may_expire(at: datetime | None, now: datetime) -> bool:
    """None: it holds until somebody withdraws it."""
    return at is None or now < at <= now + LONGEST

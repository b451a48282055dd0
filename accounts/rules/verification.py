"""Which way of finding out who somebody is proves how much, and for how long at most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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


LONGEST_NOTE = 200


def is_proved_by(level: VerificationLevel, method: VerificationMethod) -> bool:
    """Whether the way proves just this: a call proves nobody's passport, and a passport is said to be one."""
    return PROVES[method] == level


def may_expire(at: datetime | None, now: datetime) -> bool:
    """None: it holds until somebody withdraws it."""
    return at is None or now < at <= now + LONGEST


#: After contact data changed, so long nothing that hangs on them is believed: whoever took an account over changes
#: them first.
UNSETTLED = timedelta(days=7)
#: For how long a code that was typed in proves the contact: the case at hand, and what follows on it tomorrow.
CODE_HOLDS = timedelta(days=1)
#: These are proved by a code and by nothing else: nobody's word stands in for it.
BY_CODE = frozenset({VerificationMethod.MAIL_CODE, VerificationMethod.PHONE_CODE})
#: By which contact somebody was reached.
CONTACT_OF: Mapping[VerificationMethod, str] = {
    VerificationMethod.MAIL_CODE: "email",
    VerificationMethod.PHONE_CODE: "phone",
    VerificationMethod.CALL_BACK: "phone",
}


@dataclass(frozen=True)
class Change:
    """Contact data changed: ``what`` is "email" or "phone", "" where that is not known."""

    at: datetime
    what: str = ""


def counts(method: str, made_at: datetime, changes: Iterable[Change], now: datetime) -> bool:
    """Whether a proof is believed in spite of what was changed lately.

    One made before the change speaks of somebody who may not be there any more; one by the changed contact itself
    proves who changed it. A document looked at afterwards counts.
    """
    return all(
        made_at >= change.at and not _leans_on(method, change)
        for change in changes
        if now - change.at < UNSETTLED
    )


def _leans_on(method: str, change: Change) -> bool:
    known = method in VerificationMethod.values
    contact = CONTACT_OF.get(VerificationMethod(method), "") if known else "email"
    return bool(contact) and change.what in ("", contact)


def settled_at(contact: str, changes: Iterable[Change], now: datetime) -> datetime | None:
    """When a code sent to this contact proves something again; None: now."""
    ends = [change.at + UNSETTLED for change in changes if change.what in ("", contact)]
    return max((end for end in ends if end > now), default=None)

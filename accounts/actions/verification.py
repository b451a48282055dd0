"""Saying that a customer is who they say, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.choices import VerificationLevel, VerificationMethod
from accounts.models import Customer, User, Verification
from accounts.queries.customers import people_of
from accounts.rules import verification as rules
from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict, Invalid, NotAllowed, Text


@transaction.atomic
def record(
    customer: Customer,
    *,
    level: VerificationLevel,
    method: VerificationMethod,
    by: User,
    expires: datetime | None = None,
    note: str = "",
) -> Verification:
    """It was found out now; an earlier proof in the same way is replaced. ``expires`` None: until withdrawn; ``note``
    has been through intake.

    Raises NotAllowed for those who may not say so and for the customer themselves, Invalid for a way that does not
    prove this level and for a moment that has passed or is too far away.
    """
    _check_person(customer, by)
    _check(level, method, expires, note)
    # One after the other: of two at once the later one holds.
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    now = clock.now()
    earlier = Verification.objects.filter(customer=customer, method=method.value, withdrawn_at=None)
    earlier.update(withdrawn_at=now)
    return Verification.objects.create(
        customer=customer,
        level=level,
        method=method.value,
        by=by,
        at=now,
        expires_at=expires,
        note=note,
    )


def prove_by_code(customer: Customer, *, method: VerificationMethod, by: User | None) -> Verification:
    """A code that went to the contact on record came back. ``by``: who of the staff had it sent.

    In the caller's transaction, which has judged the code. Earlier proofs stay: they run out by themselves, and each
    belongs to the case on which it was given.
    """
    if method not in rules.BY_CODE:
        raise ValueError(f"{method} is proved by no code.")
    now = clock.now()
    return Verification.objects.create(
        customer=customer,
        level=rules.PROVES[method],
        method=method.value,
        by=by,
        at=now,
        expires_at=now + rules.CODE_HOLDS,
    )


def _check_person(customer: Customer, by: User) -> None:
    access.require(by, Capability.VERIFY_CUSTOMERS)
    if by.pk in people_of(customer):
        raise NotAllowed(_("Nobody vouches for themselves."))


def _check(level: VerificationLevel, method: VerificationMethod, expires: datetime | None, note: str) -> None:
    wrong: dict[str, Text] = {}
    if method in rules.BY_CODE:
        wrong["method"] = _("Have a code sent: nobody's word stands in for it.")
    elif not rules.is_proved_by(level, method):
        wrong["method"] = _("This way does not prove “%(level)s”.") % {"level": level.label}
    if not rules.may_expire(expires, clock.now()):
        wrong["expires"] = _("Choose a moment from now on, within ten years.")
    if len(note) > rules.LONGEST_NOTE:
        wrong["note"] = _("At most %(limit)s characters.") % {"limit": rules.LONGEST_NOTE}
    if wrong:
        raise Invalid(wrong)


@transaction.atomic
def withdraw(proof: Verification, *, by: User) -> None:
    """It holds no longer: the document was forged, the number is somebody else's. What else was found out stays.

    Raises NotAllowed for those who may not, Conflict where it was withdrawn already.
    """
    row = Verification.objects.select_for_update().select_related("customer").get(pk=proof.pk)
    _check_person(row.customer, by)
    if row.withdrawn_at is not None:
        raise Conflict(_("This proof was withdrawn or replaced already."))
    row.withdrawn_at = proof.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])

"""Showing masked contact data to somebody who says why: on one page, for a short time, within a budget."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import access, audit
from accounts.actions import reading
from accounts.actions.alarms import raise_alarm
from accounts.choices import AuditKind, RevealReason
from accounts.models import AuditEntry, Brand, Customer, User
from accounts.queries.reveals import SHOWN_SECONDS, key_of, spent
from accounts.rules import reveals as rules
from accounts.rules.capabilities import Capability
from accounts.rules.contacts_in_texts import masked_text
from accounts.rules.reveals import Answer
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict, Invalid


class BudgetPassed(Conflict):
    code = "reveal_budget_passed"
    message = _(
        "You have looked at the contact data of as many people as one shift allows. Please ask your lead to look. "
        "The security officer was told."
    )


def reveal(customer: Customer, *, by: User, page: str, brand: Brand, reason: str, words: str) -> None:
    """``page``: the number of the case on whose page it is shown, for ``SHOWN_SECONDS``.

    Raises Invalid for a missing reason, BudgetPassed where the budget is used up (which is written down too).
    """
    access.require(by, Capability.REVEAL_DATA)
    reason, words = _checked(reason, words)
    with transaction.atomic():
        # Two at once are counted one after the other.
        User.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)
        answer = _answer(customer, by)
        kind = AuditKind.REVEALED if answer is Answer.SHOWN else AuditKind.REVEAL_BUDGET_PASSED
        entry = audit.record(
            kind, by=by, brand=brand, ticket=page, customer=customer, reason=reason, words=words
        )
        if answer is Answer.REFUSED_FIRST:
            raise_alarm(entry)
        reading.touched(customer.pk, by=by, ticket=page, how="revealed")
    if answer is not Answer.SHOWN:
        raise BudgetPassed
    cache.set(key_of(by.pk, page, customer.pk), 1, SHOWN_SECONDS)


def hide(customer: Customer, *, by: User, page: str) -> None:
    cache.delete(key_of(by.pk, page, customer.pk))


def _checked(reason: str, words: str) -> tuple[str, str]:
    wrong = {}
    if reason not in RevealReason.values:
        wrong["reason"] = _("Choose why you need it.")
    words = " ".join(words.split())
    if len(words) < rules.MIN_WORDS:
        wrong["words"] = _("Say in a few words what you need it for.")
    if wrong:
        raise Invalid(wrong)
    return reason, masked_text(words[: rules.MAX_WORDS])


def _answer(customer: Customer, by: User) -> Answer:
    """By ``audit_by_actor``."""
    since = clock.now() - rules.SHIFT
    mine = AuditEntry.objects.filter(actor=by, at__gte=since)
    return rules.answer(
        spent=spent(by, since),
        budget=settings.REVEALS_PER_SHIFT,
        is_again=mine.filter(kind=AuditKind.REVEALED, customer=customer.pk).exists(),
        refused_before=mine.filter(kind=AuditKind.REVEAL_BUDGET_PASSED).exists(),
    )

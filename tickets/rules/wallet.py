"""What a sensitive act needs: the one table. A brand's policy may ask for more, never for less.

The database holds the hardest of it too (migration ``0020_wallet``): who asked does not approve, nor does whoever
changed the customer's contact data last, and nothing is approved without as many people as it needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from accounts.choices import VerificationLevel
from accounts.rules.capabilities import Capability
from tickets.choices import ActKind, ActReason, FieldKind
from tickets.rules.forms import FieldSpec

R, K = ActReason, FieldKind

#: An account as the wallet names it: a number, a name, an address on a chain. No spaces, so that two look the same only
#: where they are.
ACCOUNT = FieldSpec("account", K.TEXT, pattern=r"\+?[0-9A-Za-z][0-9A-Za-z._@+:\-]{2,63}", max_length=64)
AMOUNT = FieldSpec("amount", K.AMOUNT)
MOST_APPROVALS = 5


@dataclass(frozen=True)
class Needs:
    """``level`` and ``approvals`` are the least; ``fields`` is what the form asks for besides account and reason."""

    level: VerificationLevel
    approvals: int
    reasons: tuple[ActReason, ...]
    life: timedelta = timedelta(hours=24)
    fields: tuple[FieldSpec, ...] = ()
    capability: Capability = Capability.REQUEST_ACTS

    @property
    def is_immediate(self) -> bool:
        return self.approvals == 0

    @property
    def has_amount(self) -> bool:
        return AMOUNT in self.fields


NEEDS: Mapping[ActKind, Needs] = {
    # Freeze first, verify after: a needless freeze costs hours, a missing one everything.
    ActKind.FREEZE: Needs(
        VerificationLevel.NONE,
        0,
        (R.STOLEN_PHONE, R.STOLEN_ACCOUNT, R.STRANGE_PAYMENTS, R.SECRET_EXPOSED, R.CUSTOMER_ASKS, R.OTHER),
        capability=Capability.FREEZE_ACCOUNTS,
    ),
    # Whoever has the stolen phone gets the codes sent to it: a document it must be.
    ActKind.UNFREEZE: Needs(
        VerificationLevel.DOCUMENT, 1, (R.OWNER_AGAIN, R.NO_FRAUD_FOUND, R.FROZEN_BY_MISTAKE, R.OTHER)
    ),
    ActKind.REFUND: Needs(
        VerificationLevel.CONTACT,
        1,
        (R.CHARGED_TWICE, R.NOT_ARRIVED, R.WRONG_AMOUNT, R.FRAUD, R.GOODWILL, R.OTHER),
        life=timedelta(hours=72),
        fields=(AMOUNT, FieldSpec("transaction", K.TRANSACTION)),
    ),
    ActKind.UNBIND_PHONE: Needs(
        VerificationLevel.DOCUMENT,
        1,
        (R.STOLEN_PHONE, R.NEW_NUMBER, R.STOLEN_ACCOUNT, R.OTHER),
        fields=(FieldSpec("last4", K.LAST4),),
    ),
    ActKind.UNBIND_CARD: Needs(
        VerificationLevel.CONTACT,
        1,
        (R.NEW_CARD, R.STOLEN_ACCOUNT, R.FRAUD, R.OTHER),
        fields=(FieldSpec("last4", K.LAST4),),
    ),
    ActKind.RESET_SECOND_FACTOR: Needs(
        VerificationLevel.DOCUMENT,
        1,
        (R.STOLEN_PHONE, R.NEW_DEVICE, R.STOLEN_ACCOUNT, R.OTHER),
        fields=(FieldSpec("factor", K.CHOICE, options=("app", "sms", "passkey", "all")),),
    ),
    ActKind.RAISE_LIMIT: Needs(
        VerificationLevel.DOCUMENT,
        1,
        (R.HIGHER_NEED, R.CUSTOMER_ASKS, R.OTHER),
        life=timedelta(hours=72),
        fields=(AMOUNT, FieldSpec("limit", K.CHOICE, options=("per_payment", "daily", "monthly"))),
    ),
    # Opens every other door: two people.
    ActKind.OVERRIDE_KYC: Needs(
        VerificationLevel.DOCUMENT,
        2,
        (R.WRONGLY_REFUSED, R.OTHER),
        fields=(FieldSpec("result", K.CHOICE, options=("accept", "ask_again")),),
    ),
}
#: Whoever writes "another reason" says which; so does whoever gives money away.
_IN_WORDS = frozenset({R.OTHER, R.GOODWILL})
#: An amount in a currency for which a policy names no threshold counts as a large one.
APPROVALS_WITHOUT_THRESHOLD = 2


@dataclass(frozen=True)
class Threshold:
    currency: str
    amount: Decimal
    approvals: int


@dataclass(frozen=True)
class Policy:
    """What a brand asks for one kind."""

    level: VerificationLevel
    approvals: int
    hours: int
    thresholds: Sequence[Threshold] = ()


@dataclass(frozen=True)
class Terms:
    """What one act needs in the end."""

    level: VerificationLevel
    approvals: int
    life: timedelta


def terms(
    kind: ActKind, policy: Policy | None = None, *, amount: Decimal | None = None, currency: str = ""
) -> Terms:
    """The table and the brand's policy together, the stricter of both. A freeze no policy can slow down."""
    needs = NEEDS[kind]
    if needs.is_immediate:
        return Terms(needs.level, 0, needs.life)
    level = max(needs.level, policy.level) if policy else needs.level
    approvals = max(needs.approvals, policy.approvals) if policy else needs.approvals
    if amount is not None:
        approvals = max(approvals, _by_amount(policy.thresholds if policy else (), amount, currency))
    life = timedelta(hours=policy.hours) if policy else needs.life
    return Terms(VerificationLevel(level), min(approvals, MOST_APPROVALS), life)


def _by_amount(thresholds: Sequence[Threshold], amount: Decimal, currency: str) -> int:
    own = [threshold for threshold in thresholds if threshold.currency == currency]
    if not own:
        return APPROVALS_WITHOUT_THRESHOLD
    return max((threshold.approvals for threshold in own if amount >= threshold.amount), default=0)


def needs_words(reason: ActReason) -> bool:
    """Whether the code alone does not say enough."""
    return reason in _IN_WORDS

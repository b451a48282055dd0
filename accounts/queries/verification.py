"""How surely a customer is who they say."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.choices import VerificationLevel, VerificationMethod
from accounts.models import Customer, Verification
from helpdesk.lib import clock


@dataclass(frozen=True)
class Standing:
    """``proof`` is what the level rests on. Where nothing holds any more, it is the last that ran out, and the level
    is none."""

    level: VerificationLevel
    proof: Verification | None

    @property
    def method(self) -> str:
        """In the reader's words; a way that is no longer known, as it was written."""
        if self.proof is None:
            return ""
        known = self.proof.method in VerificationMethod.values
        return str(VerificationMethod(self.proof.method).label) if known else self.proof.method

    @property
    def is_expired(self) -> bool:
        return self.proof is not None and self.level == VerificationLevel.NONE


def level_of(customer: Customer) -> Standing:
    """The highest level in force; of several proofs of it the one that holds longest. One query, by
    ``verification_by_customer``."""
    rows = Verification.objects.filter(customer=customer, withdrawn_at=None).select_related("by")
    proofs, now = list(rows.order_by("-level", "-id")), clock.now()
    holding = [proof for proof in proofs if proof.expires_at is None or proof.expires_at > now]
    if holding:
        best = max(
            holding, key=lambda proof: (proof.level, proof.expires_at is None, proof.expires_at or now)
        )
        return Standing(VerificationLevel(best.level), best)
    ended = [proof for proof in proofs if proof.expires_at is not None]
    last = max(ended, key=lambda proof: (proof.expires_at or now, proof.level), default=None)
    return Standing(VerificationLevel.NONE, last)

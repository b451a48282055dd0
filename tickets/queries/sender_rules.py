"""Which of the operators' and agents' rules a sender falls under."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import Brand
from tickets.choices import SenderVerdict
from tickets.models import SenderRule
from tickets.queries.mailboxes import own_addresses
from tickets.rules import sender_rules
from tickets.rules.mail_addresses import untagged
from tickets.rules.sender_rules import Rule


def verdict_of(address: str, brand: Brand) -> SenderVerdict | None:
    """What becomes of this address's mail to the brand by rule; None where nobody has said."""
    rules = [
        Rule(row.pattern, row.verdict, is_own=row.brand_id is not None) for row in fitting(address, brand)
    ]
    verdict = sender_rules.verdict_for(address, rules)
    return SenderVerdict(verdict) if verdict else None


def fitting(address: str, brand: Brand) -> list[SenderRule]:
    """Every rule that the address falls under there, the one that decides first. One look into an index."""
    wanted = sender_rules.candidates(address)
    if not wanted:
        return []
    rows = SenderRule.objects.filter(Q(brand=brand) | Q(brand=None), pattern__in=wanted)
    return sorted(rows, key=lambda row: (wanted.index(row.pattern), row.brand_id is None))


def covers_ourselves(pattern: str) -> bool:
    """Whether a rule with this pattern would take an address of our own."""
    plain, _tag = untagged(pattern)
    return any(sender_rules.covers(plain, address) for address in own_addresses())

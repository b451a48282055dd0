"""Which promises hold for a case? Of the ordinary policies the first that fits; of the statutory ones, each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tickets.choices import Complaints
from tickets.rules.sla import Step


@dataclass(frozen=True)
class Case:
    """What of a case decides which policy holds. ``categories`` is its category and all above it."""

    brand: int
    categories: frozenset[int]
    priority: int
    channel: str
    tier: str
    is_complaint: bool
    opened_at: datetime


@dataclass(frozen=True)
class Target:
    """``priority`` None: for every priority that has no target of its own."""

    kind: str
    priority: int | None
    seconds: int
    counting: str


@dataclass(frozen=True)
class Terms:
    """A policy as values. An empty set of conditions asks for nothing."""

    policy: int
    name: str
    is_statutory: bool
    valid_from: datetime | None
    valid_until: datetime | None
    brands: frozenset[int]
    categories: frozenset[int]
    priorities: frozenset[int]
    channels: frozenset[str]
    tiers: frozenset[str]
    complaints: str
    calendar: int | None
    pauses_on: tuple[str, ...]
    targets: tuple[Target, ...]
    steps: tuple[Step, ...] = ()


def fits(terms: Terms, case: Case) -> bool:
    """A policy holds for the cases opened in its time: a later one touches no promise that was given."""
    return (
        (terms.valid_from is None or terms.valid_from <= case.opened_at)
        and (terms.valid_until is None or case.opened_at < terms.valid_until)
        and (not terms.brands or case.brand in terms.brands)
        and (not terms.categories or not terms.categories.isdisjoint(case.categories))
        and (not terms.priorities or case.priority in terms.priorities)
        and (not terms.channels or case.channel in terms.channels)
        and (not terms.tiers or case.tier in terms.tiers)
        and (terms.complaints == Complaints.ANY or (terms.complaints == Complaints.ONLY) == case.is_complaint)
    )


def holding(policies: Sequence[Terms], case: Case) -> list[Terms]:
    """``policies`` in their order of asking. The ordinary one first, where there is one."""
    fitting = [terms for terms in policies if fits(terms, case)]
    first = [terms for terms in fitting if not terms.is_statutory][:1]
    return [*first, *(terms for terms in fitting if terms.is_statutory)]


def targets_for(terms: Terms, priority: int) -> list[Target]:
    """One for each kind that is promised: that of the priority itself goes before the one for every priority."""
    found: dict[str, Target] = {}
    for target in terms.targets:
        if target.priority == priority or (target.priority is None and target.kind not in found):
            found[target.kind] = target
    return list(found.values())

"""Which promises hold for a case? Of the ordinary policies the first that fits; of the statutory ones, each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from tickets.choices import Complaints
from tickets.rules.sla import Step


@dataclass(frozen=True)
class Case:
    """What of a case decides which policy holds. ``categories`` is its category and all above it; ``chosen`` the policy
    that a routing rule chose for it.
    """

    brand: int
    categories: frozenset[int]
    priority: int
    channel: str
    tier: str
    is_complaint: bool
    opened_at: datetime
    chosen: int | None = None


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
    #: The earlier version that it follows on.
    replaces: int | None = None
    #: For what is reported on the emergency page: holds where it was chosen, and fits no case by itself.
    is_for_emergencies: bool = False


class Condition(StrEnum):
    """What a policy may ask of a case, in the order in which it is asked."""

    EMERGENCY = "emergency"
    VALID_FROM = "valid_from"
    VALID_UNTIL = "valid_until"
    BRAND = "brand"
    CATEGORY = "category"
    PRIORITY = "priority"
    CHANNEL = "channel"
    TIER = "tier"
    COMPLAINT = "complaint"


def misfit(terms: Terms, case: Case) -> Condition | None:
    """The first condition that the case does not meet; None where it meets all.

    A policy holds for the cases opened in its time: a later one touches no promise that was given.
    """
    if terms.is_for_emergencies:
        return Condition.EMERGENCY
    outside = _out_of_time(terms, case)
    if outside is not None:
        return outside
    if terms.brands and case.brand not in terms.brands:
        return Condition.BRAND
    if terms.categories and terms.categories.isdisjoint(case.categories):
        return Condition.CATEGORY
    if terms.priorities and case.priority not in terms.priorities:
        return Condition.PRIORITY
    if terms.channels and case.channel not in terms.channels:
        return Condition.CHANNEL
    if terms.tiers and case.tier not in terms.tiers:
        return Condition.TIER
    if terms.complaints != Complaints.ANY and (terms.complaints == Complaints.ONLY) != case.is_complaint:
        return Condition.COMPLAINT
    return None


def _out_of_time(terms: Terms, case: Case) -> Condition | None:
    if terms.valid_from is not None and case.opened_at < terms.valid_from:
        return Condition.VALID_FROM
    if terms.valid_until is not None and case.opened_at >= terms.valid_until:
        return Condition.VALID_UNTIL
    return None


def fits(terms: Terms, case: Case) -> bool:
    return misfit(terms, case) is None


def holding(policies: Sequence[Terms], case: Case) -> list[Terms]:
    """``policies`` in their order of asking. The ordinary one first, where there is one.

    The one that was chosen for the case goes before the first that fits.
    """
    fitting = [terms for terms in policies if fits(terms, case)]
    chosen = chosen_of(policies, case)
    first = [chosen] if chosen else [terms for terms in fitting if not terms.is_statutory][:1]
    return [*first, *(terms for terms in fitting if terms.is_statutory)]


def chosen_of(policies: Sequence[Terms], case: Case) -> Terms | None:
    """The policy that was chosen for the case, in the version of its time. Its conditions are not asked: whoever chose
    it knew better. None where it was switched off, or its time is over: then it is as if none had been chosen.
    """
    if case.chosen is None:
        return None
    family = {case.chosen}
    while later := {terms.policy for terms in policies if terms.replaces in family} - family:
        family |= later
    versions = (terms for terms in policies if terms.policy in family and not terms.is_statutory)
    return next((terms for terms in versions if _out_of_time(terms, case) is None), None)


def targets_for(terms: Terms, priority: int) -> list[Target]:
    """One for each kind that is promised: that of the priority itself goes before the one for every priority."""
    found: dict[str, Target] = {}
    for target in terms.targets:
        if target.priority == priority or (target.priority is None and target.kind not in found):
            found[target.kind] = target
    return list(found.values())


class Verdict(StrEnum):
    HOLDS = "holds"
    #: It holds because a routing rule chose it, whatever it asks for.
    CHOSEN = "chosen"
    DOES_NOT_FIT = "does_not_fit"
    #: An ordinary one that fits, but another held before it.
    TOO_LATE = "too_late"


@dataclass(frozen=True)
class Answer:
    """What came of asking one policy; ``misfit`` says why it does not fit."""

    terms: Terms
    verdict: Verdict
    misfit: Condition | None = None


def answers(policies: Sequence[Terms], case: Case) -> list[Answer]:
    """As ``holding``, but of every policy, in the order of asking."""
    held = {terms.policy for terms in holding(policies, case)}
    chosen = chosen_of(policies, case)
    found = []
    for terms in policies:
        if terms is chosen:
            found.append(Answer(terms, Verdict.CHOSEN))
            continue
        reason = misfit(terms, case)
        if reason is not None:
            found.append(Answer(terms, Verdict.DOES_NOT_FIT, reason))
        else:
            found.append(Answer(terms, Verdict.HOLDS if terms.policy in held else Verdict.TOO_LATE))
    return found


def covers(wide: Terms, narrow: Terms) -> bool:
    """Whether every case that ``narrow`` fits surely fits ``wide`` too.

    Of categories only what is named counts: that one lies below another is not known here.
    """
    starts = wide.valid_from is None or (
        narrow.valid_from is not None and wide.valid_from <= narrow.valid_from
    )
    ends = wide.valid_until is None or (
        narrow.valid_until is not None and narrow.valid_until <= wide.valid_until
    )
    return (
        starts
        and ends
        and not wide.is_for_emergencies
        and _asks_no_more(wide.brands, narrow.brands)
        and _asks_no_more(wide.categories, narrow.categories)
        and _asks_no_more(wide.priorities, narrow.priorities)
        and _asks_no_more(wide.channels, narrow.channels)
        and _asks_no_more(wide.tiers, narrow.tiers)
        and wide.complaints in (Complaints.ANY, narrow.complaints)
    )


def _asks_no_more(wide: frozenset[Any], narrow: frozenset[Any]) -> bool:
    return not wide or (bool(narrow) and narrow <= wide)


def never_reached(policies: Sequence[Terms]) -> list[tuple[Terms, Terms]]:
    """The ordinary policies that can never hold, each with the earlier one that takes all its cases."""
    ordinary = [terms for terms in policies if not (terms.is_statutory or terms.is_for_emergencies)]
    found = []
    for place, terms in enumerate(ordinary):
        before = next((other for other in ordinary[:place] if covers(other, terms)), None)
        if before is not None:
            found.append((terms, before))
    return found


def leaves_none_out(policies: Sequence[Terms], at: datetime) -> bool:
    """Whether some ordinary policy asks nothing of a case that is opened at ``at``."""
    return any(
        not (terms.is_statutory or terms.is_for_emergencies)
        and terms.complaints == Complaints.ANY
        and (terms.valid_from is None or terms.valid_from <= at)
        and (terms.valid_until is None or at < terms.valid_until)
        and not (terms.brands or terms.categories or terms.priorities or terms.channels or terms.tiers)
        for terms in policies
    )

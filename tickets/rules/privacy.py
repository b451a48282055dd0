"""Requests about one person's data: when they are due, what stands against an erasure, which rule keeps a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tickets.choices import PrivacyRefusal
from tickets.rules.business_time import WorkingCalendar

#: Longer than any row of public holidays, so that counting ends.
_MOST_DAYS = 3_650
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Standing:
    """What is known of a person's cases when somebody wants them erased."""

    held: bool = False
    open_cases: int = 0
    open_acts: int = 0
    other_brands: bool = False


def refusals(standing: Standing, *, open_cases_keep: bool) -> list[PrivacyRefusal]:
    """Why the person is not erased now; nothing where they may be. An act under way always keeps them: it changes an
    account, and who asked for it must be known until it ended.
    """
    found = []
    if standing.held:
        found.append(PrivacyRefusal.LEGAL_HOLD)
    if standing.open_cases and open_cases_keep:
        found.append(PrivacyRefusal.OPEN_CASES)
    if standing.open_acts:
        found.append(PrivacyRefusal.OPEN_ACTS)
    if standing.other_brands:
        found.append(PrivacyRefusal.OTHER_BRANDS)
    return found


def due_at(asked: datetime, *, days: int, working: bool, calendar: WorkingCalendar) -> datetime:
    """So many days after ``asked``, which is not counted: of the calendar, or those on which the brand works."""
    if not working:
        return asked + timedelta(days=days)
    local, left = asked.astimezone(calendar.zone), days
    for ahead in range(1, _MOST_DAYS):
        day = local + timedelta(days=ahead)
        left -= bool(calendar.spans_starting(day.toordinal() - _EPOCH_ORDINAL))
        if left == 0:
            return day
    return asked + timedelta(days=days)


@dataclass(frozen=True)
class Keeping:
    """A retention rule as far as the order needs it."""

    rule: int
    brand: int | None
    category: int | None


def by_weight(rules: Iterable[Keeping]) -> list[Keeping]:
    """The one that names most comes first: a case goes by the first that fits."""
    return sorted(rules, key=lambda one: (one.category is None, one.brand is None, one.rule))

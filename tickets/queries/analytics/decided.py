"""Promises by how they ended: kept when they were fulfilled in time, broken when their time passed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, Min, Q, QuerySet

from tickets.choices import TimerKind, TimerState
from tickets.models import SlaPolicy, Timer
from tickets.queries.analytics.counts import over
from tickets.queries.analytics.numbers import Pair
from tickets.queries.analytics.report import kept
from tickets.queries.analytics.scope import CaseScope
from tickets.queries.analytics.statements import DECIDED, DECIDED_COLUMNS


class Outcome(NamedTuple):
    kept: int = 0
    broken: int = 0

    @property
    def decided(self) -> int:
        return self.kept + self.broken

    def plus(self, other: Outcome) -> Outcome:
        return Outcome(self.kept + other.kept, self.broken + other.broken)


class Given(NamedTuple):
    """Which promise: whose policy, and what is promised."""

    policy_id: int
    kind: TimerKind


#: Broken promises by their cause; the kept ones stand where the cause is empty.
ByCause = dict[str, Outcome]


@dataclass
class Decided:
    """What was decided in the period and in the one before."""

    by_day: dict[Given, dict[date, Outcome]] = field(default_factory=dict)
    before: dict[Given, Outcome] = field(default_factory=dict)
    causes: dict[str, Pair] = field(default_factory=dict)
    by_team: dict[int | None, ByCause] = field(default_factory=dict)
    by_team_before: dict[int | None, Outcome] = field(default_factory=dict)
    by_category: dict[int | None, ByCause] = field(default_factory=dict)
    by_category_before: dict[int | None, Outcome] = field(default_factory=dict)

    @property
    def given(self) -> set[Given]:
        return {*self.by_day, *self.before}

    def now(self, given: Given) -> Outcome:
        return total(self.by_day.get(given, {}).values())

    def whole(self, kind: TimerKind | None = None) -> tuple[Outcome, Outcome]:
        """(this period, the one before), of one kind or of all."""
        chosen = [given for given in self.given if kind in (None, given.kind)]
        return total(self.now(given) for given in chosen), total(
            self.before.get(given, Outcome()) for given in chosen
        )

    def on(self, day: date) -> Outcome:
        return total(days.get(day, Outcome()) for days in self.by_day.values())


def total(outcomes: Iterable[Outcome]) -> Outcome:
    found = Outcome()
    for outcome in outcomes:
        found = found.plus(outcome)
    return found


@dataclass(frozen=True)
class Statute:
    """What a law requires and is not done yet."""

    open: int
    overdue: int
    nearest_due: datetime | None


@dataclass(frozen=True)
class PromiseReport:
    counted_at: datetime
    ours: Decided
    law: Decided
    statutes: dict[Given, Statute]

    @property
    def is_empty(self) -> bool:
        return not any((self.ours.given, self.law.given, self.statutes))


def promise_report(scope: CaseScope) -> PromiseReport:
    return kept(scope, "promises", lambda: count_promises(scope))


def count_promises(scope: CaseScope) -> PromiseReport:
    """Counted now, whatever is in the cache."""
    found = {False: Decided(), True: Decided()}
    cases = scope.tickets().values_list(*DECIDED_COLUMNS)
    for is_statutory, *row in over(cases, DECIDED_COLUMNS, DECIDED, scope):
        _put(found[is_statutory], *row)
    return PromiseReport(scope.now, found[False], found[True], statutes(scope))


def _put(found: Decided, part: str, is_now: int, keys: Sequence[Any], *numbers: int) -> None:
    outcome = Outcome(*numbers)
    match part:
        case "given":
            policy_id, kind, day = keys
            given = Given(policy_id, TimerKind(kind))
            if is_now:
                found.by_day.setdefault(given, {})[date.fromisoformat(day)] = outcome
            else:
                found.before[given] = outcome
        case "cause" if outcome.broken:
            now, before = found.causes.get(keys[0], (0, 0))
            found.causes[keys[0]] = (
                (now + outcome.broken, before) if is_now else (now, before + outcome.broken)
            )
        case "team":
            _put_group(found.by_team, found.by_team_before, is_now, keys, outcome)
        case "category":
            _put_group(found.by_category, found.by_category_before, is_now, keys, outcome)


def _put_group(
    now: dict[int | None, ByCause],
    before: dict[int | None, Outcome],
    is_now: int,
    keys: Sequence[Any],
    outcome: Outcome,
) -> None:
    key, cause = keys
    if is_now:
        now.setdefault(key, {})[cause] = outcome
    else:
        before[key] = before.get(key, Outcome()).plus(outcome)


def statutes(scope: CaseScope) -> dict[Given, Statute]:
    """Read from the going clocks of the statutory policies alone: the index timer_going."""
    late = Q(breached_at__isnull=False) | Q(due_at__lte=scope.now)
    rows = (
        going_statutes(scope)
        .values_list("policy_id", "kind")
        .annotate(
            waiting=Count("pk"),
            overdue=Count("pk", filter=late),
            nearest=Min("due_at", filter=Q(due_at__gt=scope.now) & ~late),
        )
        .order_by()
    )
    return {Given(policy, TimerKind(kind)): Statute(*numbers) for policy, kind, *numbers in rows}


def going_statutes(scope: CaseScope) -> QuerySet[Timer]:
    return Timer.objects.filter(
        policy__in=_statutory_policies(),
        is_statutory=True,
        state__in=[TimerState.RUNNING, TimerState.PAUSED],
        ticket__in=scope.tickets().values("pk"),
    )


def _statutory_policies() -> list[int]:
    return list(SlaPolicy.objects.filter(is_statutory=True).values_list("pk", flat=True))

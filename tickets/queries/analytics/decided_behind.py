"""The promises behind a number of the page of promises. A case may have several of one kind, so promises are listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, DateTimeField, F, Q, QuerySet, When

from accounts.models import Team
from tickets.choices import TimerKind, TimerState
from tickets.models import Category, SlaPolicy, Timer
from tickets.queries.analytics.behind import NONE
from tickets.queries.analytics.decided import going_statutes
from tickets.queries.analytics.outlook import due, prospect
from tickets.queries.analytics.scope import CaseScope, CategoryTree, within
from tickets.rules.analytics import Span, midnight

HORIZONS = ("soon", "today")


@dataclass(frozen=True)
class Chosen:
    """Which number: what was counted, and the part of it that was clicked."""

    metric: str
    outcome: str = ""
    is_statutory: bool = False
    days: tuple[date, date] | None = None
    policy: SlaPolicy | None = None
    kind: TimerKind | None = None
    #: "" for broken promises of which no cause is known; None for any.
    cause: str | None = None
    team: Team | str | None = None
    topic: Category | str | None = None
    horizon: str = "soon"


def promises_behind(scope: CaseScope, chosen: Chosen) -> QuerySet[Timer]:
    """Exactly the promises that the number counts, each with its ``moment``: when it was decided, or when it is due.

    KeyError for a metric that does not exist.
    """
    found: QuerySet[Timer] = METRICS[chosen.metric](scope, chosen)
    if chosen.policy is not None:
        found = found.filter(policy=chosen.policy)
    if chosen.kind is not None:
        found = found.filter(kind=chosen.kind)
    if chosen.cause is not None:
        found = found.filter(breach_cause=chosen.cause)
    if chosen.team == NONE:
        found = found.filter(ticket__team=None)
    elif isinstance(chosen.team, Team):
        found = found.filter(ticket__team=chosen.team)
    if chosen.topic == NONE:
        found = found.filter(ticket__category=None)
    elif isinstance(chosen.topic, Category):
        found = found.filter(ticket__category_id__in=CategoryTree().branch(chosen.topic))
    return found


def _decided(scope: CaseScope, chosen: Chosen) -> QuerySet[Timer]:
    span = _part(scope, chosen)
    kept = Q(within("done_at", span), state=TimerState.DONE, breached_at=None)
    broken = within("breached_at", span) | Q(
        within("due_at", span), state=TimerState.RUNNING, breached_at=None
    )
    outcomes = {"kept": kept, "broken": broken}
    moment = Case(
        When(breached_at__isnull=False, then=F("breached_at")),
        When(state=TimerState.DONE, then=F("done_at")),
        default=F("due_at"),
        output_field=DateTimeField(),
    )
    found = Timer.objects.filter(
        outcomes.get(chosen.outcome, kept | broken),
        is_statutory=chosen.is_statutory,
        ticket__in=scope.tickets().values("pk"),
    )
    return found.annotate(moment=moment)


def _part(scope: CaseScope, chosen: Chosen) -> Span:
    """The period, or the days of it that were clicked."""
    if chosen.days is None:
        return scope.span
    first, last = chosen.days
    zone = scope.period.zone
    return Span(
        max(midnight(first, zone), scope.span.start),
        min(midnight(last + timedelta(days=1), zone), scope.span.end),
    )


def _statutory(scope: CaseScope, chosen: Chosen) -> QuerySet[Timer]:
    late = Q(breached_at__isnull=False) | Q(due_at__lte=scope.now)
    found = going_statutes(scope)
    found = found.filter(late) if chosen.outcome == "overdue" else found
    return found.annotate(
        moment=Case(When(breached_at__isnull=False, then=F("breached_at")), default=F("due_at"))
    )


def _due(scope: CaseScope, chosen: Chosen) -> QuerySet[Timer]:
    until = prospect(scope).ahead(chosen.horizon).until
    return due(scope, until).annotate(moment=F("due_at"))


def _expected(scope: CaseScope, chosen: Chosen) -> QuerySet[Timer]:
    broken = prospect(scope).ahead(chosen.horizon).total.broken
    found = Timer.objects.filter(pk__in=broken, ticket__in=scope.tickets().values("pk"))
    return found.annotate(moment=F("due_at"))


METRICS: Mapping[str, Callable[[CaseScope, Chosen], Any]] = {
    "decided": _decided,
    "statutory": _statutory,
    "due": _due,
    "expected": _expected,
}
#: What lies behind us is shown from the latest on; what lies ahead, from the nearest on.
LATEST_FIRST = frozenset({"decided"})

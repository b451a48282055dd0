"""The cases behind a number: every number of the page has a list that it can be counted by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay
from django.db.models.lookups import Exact

from accounts.models import User
from tickets.choices import EventKind, Status, TimerKind, TimerState
from tickets.models import Category, Event, SlaPolicy
from tickets.models.tickets import ACTIVE, TicketQuerySet
from tickets.queries.analytics.counts import age_bounds
from tickets.queries.analytics.scope import CaseScope, CategoryTree, within
from tickets.rules.analytics import AGE_BOUNDS, midnight

#: Stands for "without one" where a category or an agent is named.
NONE = "none"


@dataclass(frozen=True)
class Selection:
    """Which number: what was counted, and the part of it that was clicked."""

    metric: str
    days: tuple[date, date] | None = None
    weekday: int | None = None
    hour: int | None = None
    topic: Category | str | None = None
    agent: User | str | None = None
    age: int | None = None
    #: This age group and all older ones.
    older: int | None = None
    policy: SlaPolicy | None = None
    kind: TimerKind | None = None
    outcome: str = ""


def tickets_behind(scope: CaseScope, selection: Selection) -> TicketQuerySet:
    """Exactly the cases that the number counts. KeyError for a metric that does not exist."""
    return _narrow(_METRICS[selection.metric](scope, selection), scope, selection)


def metrics() -> frozenset[str]:
    return frozenset(_METRICS)


def _dated(field: str) -> Callable[[CaseScope, Selection], TicketQuerySet]:
    def rows(scope: CaseScope, selection: Selection) -> TicketQuerySet:
        found = scope.tickets().filter(within(field, scope.span))
        if selection.days is not None:
            first, last = selection.days
            zone = scope.period.zone
            found = found.filter(
                Q(**{f"{field}__gte": midnight(first, zone)}),
                Q(**{f"{field}__lt": midnight(last + timedelta(days=1), zone)}),
            )
        return found

    return rows


def _open(scope: CaseScope, _selection: Selection) -> TicketQuerySet:
    return scope.tickets().active()


def _backlog(scope: CaseScope, selection: Selection) -> TicketQuerySet:
    last = selection.days[1] if selection.days else scope.period.last
    end = min(midnight(last + timedelta(days=1), scope.period.zone), scope.span.end)
    return scope.tickets().filter(ACTIVE | Q(solved_at__gte=end), created_at__lt=end)


def _timed(field: str, kind: TimerKind) -> Callable[[CaseScope, Selection], TicketQuerySet]:
    """Those of the dated cases that have a working time."""

    def rows(scope: CaseScope, _selection: Selection) -> TicketQuerySet:
        found = scope.tickets().filter(within(field, scope.span))
        return found.filter(timers__kind=kind, timers__is_statutory=False, timers__state=TimerState.DONE)

    return rows


def _promises(scope: CaseScope, selection: Selection) -> TicketQuerySet:
    overdue = Q(timers__state=TimerState.RUNNING, timers__due_at__lte=scope.now)
    broken = Q(timers__breached_at__isnull=False) | overdue
    counted = ~Q(timers__state=TimerState.CANCELLED) | broken
    outcomes: Mapping[str, Q] = {
        "kept": Q(timers__state=TimerState.DONE, timers__breached_at=None),
        "broken": broken,
        "running": Q(timers__state=TimerState.PAUSED, timers__breached_at=None)
        | Q(timers__state=TimerState.RUNNING, timers__breached_at=None, timers__due_at__gt=scope.now),
        "settled": Q(timers__state=TimerState.DONE) | broken,
    }
    kind = selection.kind or TimerKind.FIRST_RESPONSE
    chosen: dict[str, Any] = {"timers__kind": kind, "timers__is_statutory": False}
    if selection.policy is not None:
        chosen["timers__policy"] = selection.policy
    found = scope.tickets().filter(within("created_at", scope.span))
    return found.filter(outcomes.get(selection.outcome, counted), **chosen)


def _solving(scope: CaseScope) -> Any:
    """Events by which the outer case was solved within the period."""
    return Event.objects.filter(
        ticket=OuterRef("pk"),
        kind=EventKind.STATUS_CHANGED,
        data__to=Status.SOLVED,
        at__gte=scope.span.start,
        at__lt=scope.span.end,
    )


def _reopened(scope: CaseScope, _selection: Selection) -> TicketQuerySet:
    opening = Event.objects.filter(
        ticket=OuterRef("ticket"),
        kind=EventKind.STATUS_CHANGED,
        data__from__in=[Status.SOLVED, Status.CLOSED],
        at__gt=OuterRef("at"),
    ).exclude(data__to=Status.CLOSED)
    found = scope.tickets().filter(reopen_count__gt=0)
    return found.filter(Exists(_solving(scope).filter(Exists(opening))))


def _solved_once(scope: CaseScope, selection: Selection) -> TicketQuerySet:
    again = _reopened(scope, selection).values("pk")
    return scope.tickets().filter(within("solved_at", scope.span) | Q(pk__in=again))


_METRICS: Mapping[str, Callable[[CaseScope, Selection], TicketQuerySet]] = {
    "opened": _dated("created_at"),
    "solved": _dated("solved_at"),
    "first_replies": _dated("first_response_at"),
    "first_replies_timed": _timed("first_response_at", TimerKind.FIRST_RESPONSE),
    "solutions_timed": _timed("solved_at", TimerKind.RESOLUTION),
    "open": _open,
    "backlog": _backlog,
    "promises": _promises,
    "reopened": _reopened,
    "solved_once": _solved_once,
}


def _narrow(rows: TicketQuerySet, scope: CaseScope, selection: Selection) -> TicketQuerySet:
    zone = scope.period.tzinfo
    if selection.weekday is not None:
        rows = rows.filter(Exact(ExtractIsoWeekDay("created_at", tzinfo=zone), selection.weekday + 1))
    if selection.hour is not None:
        rows = rows.filter(Exact(ExtractHour("created_at", tzinfo=zone), selection.hour))
    if selection.topic == NONE:
        rows = rows.filter(category=None)
    elif isinstance(selection.topic, Category):
        rows = rows.filter(category_id__in=CategoryTree().branch(selection.topic))
    if selection.agent == NONE:
        rows = rows.filter(assignee=None)
    elif isinstance(selection.agent, User):
        rows = rows.filter(assignee=selection.agent)
    bounds = age_bounds(scope.now)
    if selection.age:
        rows = rows.filter(created_at__lt=bounds[selection.age - 1])
    if selection.age is not None and selection.age < len(AGE_BOUNDS):
        rows = rows.filter(created_at__gte=bounds[selection.age])
    return rows.filter(created_at__lt=bounds[selection.older - 1]) if selection.older else rows

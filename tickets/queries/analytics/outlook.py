"""What falls due soon, and what of it will be broken at the present pace. Costs what falls due, not what is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from tickets.choices import TimerKind, TimerState
from tickets.models import Calendar, Timer
from tickets.queries.analytics.report import kept
from tickets.queries.analytics.scope import CaseScope
from tickets.queries.calendars import working_calendar
from tickets.rules.analytics import midnight
from tickets.rules.business_time import ALWAYS, WorkingCalendar, working_seconds_between
from tickets.rules.forecast import Clock, Outlook, Pace, forecast, last_worked

#: As far as "soon" reaches.
SOON = timedelta(hours=4)
#: So many clocks are read, the ones due first; beyond them the page says "at least".
MOST = 5_000


class Group(NamedTuple):
    """Who keeps which promise: their clocks stand in one queue."""

    team_id: int | None
    kind: TimerKind


@dataclass(frozen=True)
class Ahead:
    """What is to be expected until a moment."""

    until: datetime
    total: Outlook
    groups: Mapping[Group, Outlook]
    #: More falls due than was read.
    is_partial: bool


@dataclass(frozen=True)
class Prospect:
    counted_at: datetime
    soon: Ahead
    #: Until the day ends, in the zone of the page.
    today: Ahead

    def ahead(self, horizon: str) -> Ahead:
        return self.soon if horizon == "soon" else self.today


class Going(NamedTuple):
    """A running clock, as it is read."""

    pk: int
    due_at: datetime
    kind: str
    team_id: int | None
    brand_id: int

    @property
    def group(self) -> Group:
        return Group(self.team_id, TimerKind(self.kind))


def prospect(scope: CaseScope) -> Prospect:
    return kept(scope, "prospect", lambda: look_ahead(scope))


def horizons(scope: CaseScope) -> tuple[datetime, datetime]:
    """(soon, when the day ends)."""
    today = scope.now.astimezone(scope.period.tzinfo).date()
    return scope.now + SOON, midnight(today + timedelta(days=1), scope.period.zone)


def look_ahead(scope: CaseScope) -> Prospect:
    """Reckoned now, whatever is in the cache."""
    soon, today = horizons(scope)
    going = [Going(*row) for row in due(scope, max(soon, today)).values_list(*_COLUMNS)[: MOST + 1]]
    hours = Hours()
    clocks = [Clock(row.pk, row.group, row.due_at, hours.left(row, scope.now)) for row in going[:MOST]]
    paces = paces_of(going, scope, hours)

    def ahead(until: datetime) -> Ahead:
        found = forecast(clocks, paces, now=scope.now, until=until)
        is_partial = len(going) > MOST and going[MOST].due_at <= until
        groups = {group: outlook for group, outlook in found.groups.items() if outlook.due}
        return Ahead(until, found.total, groups, is_partial)

    return Prospect(scope.now, ahead(soon), ahead(today))


_COLUMNS = ("pk", "due_at", "kind", "ticket__team_id", "ticket__brand_id")


def due(scope: CaseScope, until: datetime) -> QuerySet[Timer]:
    """What may still be kept or broken by then, the first due first: the index timer_due."""
    return Timer.objects.filter(
        state=TimerState.RUNNING,
        breached_at=None,
        due_at__gt=scope.now,
        due_at__lte=until,
        ticket__in=scope.tickets().values("pk"),
    ).order_by("due_at", "pk")


class Hours:
    """In which the team of a clock works: its own, else the brand's; read once for all."""

    def __init__(self) -> None:
        rows = list(Calendar.objects.order_by("pk"))
        self._teams: dict[int | None, Calendar] = {row.team_id: row for row in rows if row.team_id}
        self._brands = {row.brand_id: row for row in rows if row.brand_id and not row.team_id}
        self._always = next(
            (row for row in rows if row.always_open and not (row.team_id or row.brand_id)), None
        )

    def of(self, team_id: int | None, brand_id: int) -> WorkingCalendar:
        found = self._teams.get(team_id) or self._brands.get(brand_id) or self._always
        return working_calendar(found) if found else ALWAYS

    def left(self, row: Going, now: datetime) -> int | float:
        """Until it is due: what a promise counted on the clock gains by night is of no use to a team that sleeps."""
        return working_seconds_between(self.of(row.team_id, row.brand_id), now, row.due_at)


def paces_of(going: Sequence[Going], scope: CaseScope, hours: Hours) -> dict[Group, Pace]:
    """What each group kept in its last working hours. A team without hours of its own has those of the brand that most
    of its clocks are of.
    """
    brands: dict[int | None, Counter[int]] = {}
    for row in going:
        brands.setdefault(row.team_id, Counter())[row.brand_id] += 1
    windows = {
        team: last_worked(hours.of(team, brand.most_common(1)[0][0]), scope.now)
        for team, brand in brands.items()
    }
    fulfilled = _kept_since(scope, {team: since for team, (since, _worked) in windows.items()})
    return {
        group: Pace(fulfilled.get(group, 0), windows[group.team_id][1] / 3600)
        for group in {row.group for row in going}
    }


def _kept_since(scope: CaseScope, since: Mapping[int | None, datetime]) -> dict[Group, int]:
    """The index timer_done, from the earliest of these moments on."""
    if not since:
        return {}
    wanted = Q()
    for team, moment in since.items():
        wanted |= Q(ticket__team=team, done_at__gte=moment)
    rows = Timer.objects.filter(
        wanted,
        state=TimerState.DONE,
        breached_at=None,
        done_at__gte=min(since.values()),
        done_at__lte=scope.now,
        ticket__in=scope.tickets().values("pk"),
    )
    counted = rows.values_list("ticket__team_id", "kind").annotate(Count("pk")).order_by()
    return {Group(team, TimerKind(kind)): number for team, kind, number in counted}

"""The counting itself, over the cases of a scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Q, QuerySet

from tickets.choices import TimerKind
from tickets.models import Ticket
from tickets.queries.analytics.numbers import AgentWork, Happened, Promises, Quantiles, Reopened, Speed
from tickets.queries.analytics.scope import CaseScope
from tickets.queries.analytics.statements import FACTS_COLUMNS, HAPPENED, OPEN_NOW, REOPENED
from tickets.rules.analytics import AGE_BOUNDS

EPOCH = date(1970, 1, 1)


def happened(scope: CaseScope) -> Happened:
    """What was opened, answered and solved in the period and in the one before."""
    cases = scope.moved().values_list(*FACTS_COLUMNS)
    found = Happened()
    for part, key, further, numbers in over(cases, FACTS_COLUMNS, HAPPENED, scope):
        _READERS[part](found, key, further, numbers)
    return found


def _category(found: Happened, key: int | None, _further: None, numbers: list[int]) -> None:
    found.by_category[key] = (numbers[0], numbers[1])


def _hour(found: Happened, _key: None, further: int, numbers: list[int]) -> None:
    hour = datetime.fromtimestamp(further, UTC)  # the clock on the wall, read as if it were UTC
    place = (hour.weekday(), hour.hour)
    found.opened_by_day[hour.date()] = found.opened_by_day.get(hour.date(), 0) + numbers[0]
    found.by_hour[place] = found.by_hour.get(place, 0) + numbers[0]


def _solved(found: Happened, key: int, _further: None, numbers: list[int]) -> None:
    found.solved_by_day[EPOCH + timedelta(days=key)] = numbers[0]


def _wall(name: str) -> Any:
    def read(found: Happened, _key: None, _further: None, numbers: list[int]) -> None:
        speeds: dict[bool, Speed] = getattr(found, name)
        for when, count, quantiles in _both(numbers):
            speeds[when] = replace(speeds[when], count=count, wall=quantiles)

    return read


def _working(name: str) -> Any:
    def read(found: Happened, _key: None, _further: None, numbers: list[int]) -> None:
        speeds: dict[bool, Speed] = getattr(found, name)
        for when, count, quantiles in _both(numbers):
            speeds[when] = replace(speeds[when], promised=count, working=quantiles)

    return read


def _both(numbers: list[int]) -> list[tuple[bool, int, Quantiles]]:
    return [(True, numbers[0], Quantiles(*numbers[2:4])), (False, numbers[1], Quantiles(*numbers[4:6]))]


def _agent(found: Happened, key: int | None, _further: None, numbers: list[int]) -> None:
    found.by_agent[key] = AgentWork(*numbers)


def _agent_reply(found: Happened, key: int | None, _further: None, numbers: list[int]) -> None:
    found.by_agent[key] = replace(found.by_agent[key], median_reply=numbers[0])


def _promise(kind: TimerKind) -> Any:
    def read(found: Happened, key: int, further: int, numbers: list[int]) -> None:
        found.promises.append(Promises(bool(further), key, kind, *numbers))

    return read


_READERS = {
    "category": _category,
    "hour": _hour,
    "solved": _solved,
    "reply_wall": _wall("first_reply"),
    "reply_working": _working("first_reply"),
    "solution_wall": _wall("solution"),
    "solution_working": _working("solution"),
    "agent": _agent,
    "agent_reply": _agent_reply,
    "reply_promise": _promise(TimerKind.FIRST_RESPONSE),
    "solution_promise": _promise(TimerKind.RESOLUTION),
}


def open_now(scope: CaseScope) -> tuple[list[int], dict[int | None, int]]:
    """How many are open, by age group and by assignee."""
    columns = ("assignee_id", "created_at")
    cases = scope.tickets().active().values_list(*columns)
    ages: list[int] = [0] * (len(AGE_BOUNDS) + 1)
    agents: dict[int | None, int] = {}
    for no_age, age, agent_id, count in over(
        cases, columns, OPEN_NOW, scope, bounds=age_bounds(scope.now)[::-1]
    ):
        if no_age:
            agents[agent_id] = count
        else:
            ages[len(AGE_BOUNDS) - age] = count
    return ages, agents


def age_bounds(now: datetime) -> list[datetime]:
    """A case opened at or after the first is in the youngest group; and so on."""
    return [now - timedelta(days=days) for days in AGE_BOUNDS]


def reopened(scope: CaseScope) -> Reopened:
    # Opening a case again changes it: what last changed before the periods began was not opened again since.
    cases = scope.tickets().filter(reopen_count__gt=0, updated_at__gte=scope.before.start)
    columns = ("id", "solved_at")
    rows = over(cases.values_list(*columns), columns, REOPENED, scope)
    return Reopened(*rows[0]) if rows else Reopened()


def grown_since(scope: CaseScope) -> int:
    """By how many the backlog has grown from the period's end until now."""
    end = scope.span.end
    if end >= scope.now:
        return 0
    later = scope.tickets().aggregate(
        opened=Count("pk", filter=Q(created_at__gte=end)), solved=Count("pk", filter=Q(solved_at__gte=end))
    )
    return int(later["opened"]) - int(later["solved"])


def over(
    cases: QuerySet[Ticket, Any], columns: Iterable[str], statement: str, scope: CaseScope, **values: Any
) -> list[Sequence[Any]]:
    """Rows of the statement, in which ``cases`` stands for the tickets."""
    try:
        inner, inner_values = cases.query.sql_with_params()
    except EmptyResultSet:  # somebody who serves no brand: the ORM knows that there is nothing to ask
        return []
    places = {f"case{number}": value for number, value in enumerate(inner_values)}
    inner = inner % tuple(f"%({name})s" for name in places)
    values |= {
        "now": scope.now,
        "zone": scope.period.zone,
        "start": scope.span.start,
        "end": scope.span.end,
        "before_start": scope.before.start,
        "before_end": scope.before.end,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"WITH cases ({', '.join(columns)}) AS ({inner}) {statement}", {**values, **places})
        return list(cursor.fetchall())

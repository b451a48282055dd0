"""The most urgent case that nobody has and somebody can do.

The order: what is urgent first, then what is due soonest, what has no due time last; of what is due at one moment the
higher priority, then the older case. An emergency that came in just now goes before a question that is long overdue.

Each team's waiting cases lie in that order in the index ticket_to_take, with brand, language and category beside them:
the nearest of each team are read off the index alone, put in order, and the first that nobody holds is locked.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from accounts.models import Team
from tickets.queries import skills
from tickets.rules.assignment import Worker

#: Of each team, so many are looked at; where others hold them all at this moment, so many more.
NEAREST = (20, 1_000)

_ORDER = "CASE WHEN t.priority = 40 THEN 0 ELSE 1 END, t.due_at, t.priority DESC, t.id"
# The team stands in the order as well: only so does PostgreSQL read those without a team off the index in order too.
_NEAREST = f"""
    SELECT t.id, t.priority, t.due_at FROM tickets_ticket t
    WHERE TEAM AND t.assignee_id IS NULL AND t.status IN ('new', 'open') AND CAN_DO
    ORDER BY t.team_id, {_ORDER} LIMIT %(nearest)s
"""  # noqa: S608 - nothing that anybody typed
_SQL = f"""
WITH found AS MATERIALIZED (
    SELECT nearest.* FROM unnest(%(teams)s::bigint[]) AS asked (team)
    CROSS JOIN LATERAL ({_NEAREST.replace("TEAM", "t.team_id = asked.team", 1)}) nearest
    WITHOUT_TEAM
)
SELECT held.id FROM tickets_ticket held JOIN found t ON t.id = held.id
WHERE held.assignee_id IS NULL AND held.status IN ('new', 'open')
  AND (held.team_id IS NULL OR held.team_id = ANY(%(teams)s::bigint[]))
ORDER BY {_ORDER}
LIMIT 1 FOR NO KEY UPDATE OF held SKIP LOCKED
"""  # noqa: S608 - nothing that anybody typed
_WITHOUT_TEAM = f"UNION ALL ({_NEAREST.replace('TEAM', 't.team_id IS NULL', 1)})"


def claim(worker: Worker, *, team: int | None = None) -> int | None:
    """The id of the case, its row locked; those that others hold are passed over. ``team``: of this one only."""
    values: dict[str, Any] = {"teams": [team] if team is not None else _teams(worker)}
    sql = _SQL.replace("WITHOUT_TEAM", "" if team is not None else _WITHOUT_TEAM)
    sql = sql.replace("CAN_DO", _can_do(worker, values))
    for nearest in NEAREST:
        with connection.cursor() as cursor:
            cursor.execute(sql, {**values, "nearest": nearest})
            row = cursor.fetchone()
        if row is not None:
            return int(row[0])
    return None


def _teams(worker: Worker) -> list[int]:
    if worker.teams is not None:
        return sorted(worker.teams)
    return list(Team.objects.order_by("pk").values_list("pk", flat=True))


def _can_do(worker: Worker, values: dict[str, Any]) -> str:
    """``rules.assignment.can_do`` as a condition on rows."""
    asked = ["true"]
    if worker.brands is not None:
        asked.append("t.brand_id = ANY(%(brands)s)")
        values["brands"] = sorted(worker.brands)
    if worker.speaks:
        asked.append("t.language = ANY(%(speaks)s)")
        values["speaks"] = sorted(worker.speaks)
    unable = skills.beyond(worker.skills)
    if unable:
        asked.append("(t.category_id IS NULL OR t.category_id <> ALL(%(unable)s))")
        values["unable"] = unable
    return " AND ".join(asked)

"""What PostgreSQL is asked. ``cases`` are the rows that the ORM picked, so that who may see what stays in one place.

Everything that happened in the two periods is read once, with its clocks, and then counted in several ways; each
part gives (part, key, further key, counts).
"""

# A case belongs to a period by each of its moments: 1 this period, 0 the one before, null neither.
_WHEN = """CASE WHEN {moment} >= %(start)s AND {moment} < %(end)s THEN 1
                WHEN {moment} >= %(before_start)s AND {moment} < %(before_end)s THEN 0 END"""
# 0 kept, 1 broken, 2 may still be kept, null no promise.
_OUTCOME = """CASE WHEN {clock}.breached_at IS NOT NULL
                     OR {clock}.state = 'running' AND {clock}.due_at <= %(now)s THEN 1
                   WHEN {clock}.state = 'done' THEN 0
                   WHEN {clock}.state <> 'cancelled' THEN 2 END"""
# Tickets get rising ids, so the clocks of a period's cases lie together at one end of the index: the lower bound
# keeps the join from reading the clocks of all time.
_CLOCK = """LEFT JOIN tickets_timer AS {clock} ON {clock}.ticket_id = cases.id AND {clock}.kind = '{kind}'
                 AND {clock}.ticket_id >= (SELECT min(id) FROM cases)"""

FACTS_COLUMNS = ("id", "category_id", "assignee_id", "created_at", "first_response_at", "solved_at")
FACTS = f"""
, facts AS MATERIALIZED (
    SELECT category_id, assignee_id, created_at, solved_at,
           {_WHEN.format(moment="cases.created_at")} AS opened,
           {_WHEN.format(moment="cases.first_response_at")} AS replied,
           {_WHEN.format(moment="cases.solved_at")} AS solved,
           date_part('epoch', first_response_at - created_at)::integer AS reply_wall,
           date_part('epoch', solved_at - created_at)::integer AS solution_wall,
           CASE WHEN reply.state = 'done' THEN reply.used_seconds END AS reply_working,
           CASE WHEN solution.state = 'done' THEN solution.used_seconds END AS solution_working,
           reply.policy_id AS reply_policy, {_OUTCOME.format(clock="reply")} AS reply_outcome,
           solution.policy_id AS solution_policy, {_OUTCOME.format(clock="solution")} AS solution_outcome
    FROM cases
    {_CLOCK.format(clock="reply", kind="first_response")}
    {_CLOCK.format(clock="solution", kind="resolution")}
)
"""  # noqa: S608 (put together from the constants above; values are passed apart)

_OPENED = """
    SELECT CASE WHEN GROUPING(category_id) = 0 THEN 'category' ELSE 'hour' END,
           category_id, date_part('epoch', hour)::bigint,
           ARRAY[count(*) FILTER (WHERE opened = 1), count(*) FILTER (WHERE opened = 0)]
    FROM (
        SELECT category_id, opened,
               CASE WHEN opened = 1 THEN date_trunc('hour', created_at AT TIME ZONE %(zone)s) END AS hour
        FROM facts WHERE opened IS NOT NULL
    ) AS cut
    GROUP BY GROUPING SETS ((hour), (category_id))
"""
_SOLVED = """
    SELECT 'solved', ((solved_at AT TIME ZONE %(zone)s)::date - DATE '1970-01-01')::bigint, NULL, ARRAY[count(*)]
    FROM facts WHERE solved = 1 GROUP BY 2
"""
_QUANTILES = "percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY {value}) FILTER (WHERE {done} = {when})"
_TIMES = """
    SELECT '{name}', {when}, NULL,
           ARRAY[count(*) FILTER (WHERE {done} = {when}), count({name}_working) FILTER (WHERE {done} = {when})]
           || coalesce({wall}, '{{null,null}}')::bigint[] || coalesce({working}, '{{null,null}}')::bigint[]
    FROM facts
"""
_AGENTS = """
    SELECT 'agent', assignee_id, NULL,
           ARRAY[count(*) FILTER (WHERE solved = 1), count(*) FILTER (WHERE replied = 1),
                 percentile_disc(0.5) WITHIN GROUP (ORDER BY reply_working) FILTER (WHERE replied = 1)]
    FROM facts WHERE replied = 1 OR solved = 1 GROUP BY assignee_id
"""
_PROMISES = """
    SELECT '{name}_promise', {name}_policy, opened,
           ARRAY[count(*) FILTER (WHERE {name}_outcome = 0), count(*) FILTER (WHERE {name}_outcome = 1),
                 count(*) FILTER (WHERE {name}_outcome = 2)]
    FROM facts WHERE opened IS NOT NULL AND {name}_outcome IS NOT NULL GROUP BY {name}_policy, opened
"""


def _times(name: str, done: str, when: int) -> str:
    quantiles = {
        kind: _QUANTILES.format(value=f"{name}_{kind}", done=done, when=when) for kind in ("wall", "working")
    }
    return _TIMES.format(name=name, done=done, when=when, **quantiles)


HAPPENED = FACTS + " UNION ALL ".join(
    [
        _OPENED,
        _SOLVED,
        *(_times("reply", "replied", when) for when in (1, 0)),
        *(_times("solution", "solved", when) for when in (1, 0)),
        _AGENTS,
        *(_PROMISES.format(name=name) for name in ("reply", "solution")),
    ]
)

OPEN_NOW = """
    SELECT GROUPING(age), age, assignee_id, count(*)
    FROM (
        SELECT assignee_id, width_bucket(created_at, %(bounds)s::timestamptz[]) AS age FROM cases
    ) AS aged
    GROUP BY GROUPING SETS ((age), (assignee_id))
"""

# Of a case that was solved and not opened again since, solved_at tells when. Only those opened again need the log:
# was one of their solvings in the period, and an opening later than it?
REOPENED = """
    SELECT count(*) FILTER (WHERE solved_now < opened_again),
           count(*) FILTER (WHERE solved_now < opened_again
                              AND NOT coalesce(solved_at >= %(start)s AND solved_at < %(end)s, false)),
           count(*) FILTER (WHERE solved_before < opened_again),
           count(*) FILTER (WHERE solved_before < opened_again
                              AND NOT coalesce(solved_at >= %(before_start)s AND solved_at < %(before_end)s, false))
    FROM (
        SELECT cases.id, cases.solved_at,
               max(at) FILTER (WHERE data->>'from' IN ('solved', 'closed') AND data->>'to' <> 'closed') AS opened_again,
               min(at) FILTER (WHERE data->>'to' = 'solved' AND at >= %(start)s AND at < %(end)s) AS solved_now,
               min(at) FILTER (WHERE data->>'to' = 'solved'
                                 AND at >= %(before_start)s AND at < %(before_end)s) AS solved_before
        FROM cases JOIN tickets_event AS event ON event.ticket_id = cases.id AND event.kind = 'status_changed'
        GROUP BY cases.id, cases.solved_at
    ) AS returned
"""

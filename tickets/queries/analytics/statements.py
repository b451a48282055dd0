"""What PostgreSQL is asked. ``cases`` are the rows that the ORM picked, so that who may see what stays in one place.

Everything that happened in the two periods is read once, with its clocks, and then counted in several ways; each
part gives (part, key, further key, counts).
"""

# A case belongs to a period by each of its moments: 1 this period, 0 the one before, null neither.
_WHEN = """CASE WHEN {moment} >= %(start)s AND {moment} < %(end)s THEN 1
                WHEN {moment} >= %(before_start)s AND {moment} < %(before_end)s THEN 0 END"""
FACTS_COLUMNS = ("id", "category_id", "assignee_id", "created_at", "first_response_at", "solved_at")
# What many parts read stands first: PostgreSQL takes a row apart from its beginning.
_FACTS = f"""
    SELECT {_WHEN.format(moment="created_at")} AS opened,
           {_WHEN.format(moment="first_response_at")} AS replied,
           {_WHEN.format(moment="solved_at")} AS solved,
           id, assignee_id, category_id, created_at, first_response_at, solved_at
    FROM cases
"""  # noqa: S608 (put together from the constants above; values are passed apart)
# 0 kept, 1 broken, 2 may still be kept, null no promise. ``met`` is the period of what fulfilled it.
# The one first reply and the one solution that our own policies promise: what the law sets, and what comes and goes
# with what is said, is on the page of promises.
_CLOCKS = """
    SELECT kind = 'first_response' AS is_reply, opened, policy_id,
           CASE WHEN breached_at IS NOT NULL OR state = 'running' AND due_at <= %(now)s THEN 1
                WHEN state = 'done' THEN 0
                WHEN state <> 'cancelled' THEN 2 END AS outcome,
           CASE WHEN state = 'done' THEN CASE WHEN kind = 'first_response' THEN replied ELSE solved END END AS met,
           used_seconds, assignee_id
    FROM facts JOIN tickets_timer ON ticket_id = facts.id
    WHERE kind IN ('first_response', 'resolution') AND NOT is_statutory
"""
# Tickets get rising ids, so the clocks of what a period opened lie together in the index: the lower bound keeps the
# join from reading the clocks of all time. The few cases that were opened earlier are looked up one by one. Both read
# the index one_timer_per_kind alone, as long as their condition implies that of the index.
_FACTS_AND_CLOCKS = f"""
, facts AS MATERIALIZED ({_FACTS}), clocks AS MATERIALIZED (
    {_CLOCKS} AND opened IS NOT NULL AND ticket_id >= (SELECT min(id) FROM facts WHERE opened IS NOT NULL)
    UNION ALL {_CLOCKS} AND opened IS NULL
)
"""  # noqa: S608

_CATEGORIES = """
    SELECT 'category', category_id, NULL,
           ARRAY[count(*) FILTER (WHERE opened = 1), count(*) FILTER (WHERE opened = 0)]
    FROM facts WHERE opened IS NOT NULL GROUP BY category_id
"""
# By the quarter of an hour first, to which every zone keeps: the clock on the wall is then reckoned for few.
_HOURS = """
    SELECT 'hour', NULL::bigint, date_part('epoch', date_trunc('hour', quarter AT TIME ZONE %(zone)s))::bigint,
           ARRAY[sum(cases)::bigint]
    FROM (
        SELECT date_bin('15 minutes', created_at, 'epoch') AS quarter, count(*) AS cases
        FROM facts WHERE opened = 1 GROUP BY 1
    ) AS cut
    GROUP BY 3
"""
_SOLVED = """
    SELECT 'solved', ((solved_at AT TIME ZONE %(zone)s)::date - DATE '1970-01-01')::bigint, NULL, ARRAY[count(*)]
    FROM facts WHERE solved = 1 GROUP BY 2
"""
_QUANTILES = (
    "percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE happened = {when})"
)
_TIMES = f"""
    SELECT '{{part}}', NULL, NULL,
           ARRAY[count(*) FILTER (WHERE happened = 1), count(*) FILTER (WHERE happened = 0)]
           || coalesce({_QUANTILES.format(when=1)}, '{{{{null,null}}}}')::bigint[]
           || coalesce({_QUANTILES.format(when=0)}, '{{{{null,null}}}}')::bigint[]
    FROM ({{times}}) AS times
"""  # noqa: S608
_WALL = """SELECT {happened} AS happened, date_part('epoch', {moment} - created_at)::integer AS seconds
           FROM facts WHERE {happened} IS NOT NULL"""
_WORKING = "SELECT met AS happened, used_seconds AS seconds FROM clocks WHERE met IS NOT NULL AND {kind}"
_AGENTS = """
    SELECT 'agent', assignee_id, NULL,
           ARRAY[count(*) FILTER (WHERE solved = 1), count(*) FILTER (WHERE replied = 1)]
    FROM facts WHERE replied = 1 OR solved = 1 GROUP BY assignee_id
"""
_AGENTS_REPLIES = """
    SELECT 'agent_reply', assignee_id, NULL, ARRAY[percentile_disc(0.5) WITHIN GROUP (ORDER BY used_seconds)]
    FROM clocks WHERE met = 1 AND is_reply GROUP BY assignee_id
"""
_PROMISES = """
    SELECT CASE WHEN is_reply THEN 'reply_promise' ELSE 'solution_promise' END, policy_id, opened,
           ARRAY[coalesce(sum(cases) FILTER (WHERE outcome = 0), 0), coalesce(sum(cases) FILTER (WHERE outcome = 1), 0),
                 coalesce(sum(cases) FILTER (WHERE outcome = 2), 0)]::bigint[]
    FROM (
        SELECT is_reply, policy_id, opened, outcome, count(*) AS cases
        FROM clocks WHERE opened IS NOT NULL AND outcome IS NOT NULL GROUP BY is_reply, policy_id, opened, outcome
    ) AS counted
    GROUP BY is_reply, policy_id, opened
"""
_TIMED = {
    "reply_wall": _WALL.format(happened="replied", moment="first_response_at"),
    "solution_wall": _WALL.format(happened="solved", moment="solved_at"),
    "reply_working": _WORKING.format(kind="is_reply"),
    "solution_working": _WORKING.format(kind="NOT is_reply"),
}
HAPPENED = _FACTS_AND_CLOCKS + " UNION ALL ".join(
    [
        _CATEGORIES,
        _HOURS,
        _SOLVED,
        *(_TIMES.format(part=part, times=times) for part, times in _TIMED.items()),
        _AGENTS,
        _AGENTS_REPLIES,
        _PROMISES,
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

# A promise belongs to the period in which it was decided. Each part reads an index of its own: timer_done,
# timer_broken, timer_due (what the sweep has not marked yet).
_DECIDED = "SELECT ticket_id, kind, policy_id, is_statutory, {at} AS at, {kept} AS is_kept, {cause} AS cause"
_DECIDED_WHEN = "FROM tickets_timer WHERE {what} AND {at} >= %(before_start)s AND {at} < %(end)s"


def _decided(at: str, kept: str, cause: str, what: str) -> str:
    return f"{_DECIDED.format(at=at, kept=kept, cause=cause)} {_DECIDED_WHEN.format(at=at, what=what)}"


DECIDED_COLUMNS = ("id", "team_id", "category_id")
_GROUPS = {
    "given": ("policy_id, kind, day", "json_build_array(policy_id, kind, day)"),
    "cause": ("cause", "json_build_array(cause)"),
    "team": ("team_id, cause", "json_build_array(team_id, cause)"),
    "category": ("category_id, cause", "json_build_array(category_id, cause)"),
}
DECIDED = f"""
, decided AS (
    {_decided("done_at", "true", "''", "state = 'done' AND breached_at IS NULL")}
    UNION ALL {_decided("breached_at", "false", "breach_cause", "breached_at IS NOT NULL")}
    UNION ALL {_decided("due_at", "false", "''", "state = 'running' AND breached_at IS NULL")}
), dated AS (
    SELECT decided.*, team_id, category_id, {_WHEN.format(moment="at")} AS happened
    FROM decided JOIN cases ON cases.id = ticket_id
), counted AS MATERIALIZED (
    SELECT is_statutory, is_kept, policy_id, kind, cause, team_id, category_id, happened,
           CASE WHEN happened = 1 THEN (at AT TIME ZONE %(zone)s)::date END AS day, count(*) AS clocks
    FROM dated WHERE happened IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
)
"""  # noqa: S608
DECIDED += " UNION ALL ".join(
    f"""
    SELECT is_statutory, '{part}', happened, {keys},
           coalesce(sum(clocks) FILTER (WHERE is_kept), 0)::bigint,
           coalesce(sum(clocks) FILTER (WHERE NOT is_kept), 0)::bigint
    FROM counted GROUP BY is_statutory, happened, {columns}
    """  # noqa: S608
    for part, (columns, keys) in _GROUPS.items()
)

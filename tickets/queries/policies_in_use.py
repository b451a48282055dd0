"""How many clocks go under a policy, and what is wrong with the policies as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from tickets.choices import RunState, TimerKind
from tickets.models import Recalculation, Timer
from tickets.queries.policy_words import listed
from tickets.rules.policies import Terms, leaves_none_out, never_reached

#: Counted no further: at a million the whole count would take longer than the page, and says no more.
MOST_COUNTED = 10_000

_GOING = """
SELECT asked.id, (
    SELECT count(*) FROM (
        SELECT FROM tickets_timer t
        WHERE t.policy_id = asked.id AND t.state IN ('running', 'paused') LIMIT %s
    ) going
)
FROM unnest(%s::bigint[]) AS asked (id)
"""


def going_clocks(policies: Iterable[int]) -> dict[int, int]:
    """By policy; one more than ``MOST_COUNTED`` means more than that."""
    with connection.cursor() as cursor:
        cursor.execute(_GOING, [MOST_COUNTED + 1, list(policies)])
        return dict(cursor.fetchall())


def count_in_words(count: int) -> str:
    return _("more than %(count)s") % {"count": MOST_COUNTED} if count > MOST_COUNTED else str(count)


def was_ever_used(policy: int) -> bool:
    """Whether a clock was ever set under it: then it stays, for what it promised."""
    return Timer.objects.filter(policy=policy).exists()


def must_stay(policy: int) -> bool:
    """A recalculation under way that loses the policy it is about would be one of all cases."""
    under_way = Recalculation.objects.filter(policy=policy, state__in=(RunState.QUEUED, RunState.RUNNING))
    return was_ever_used(policy) or under_way.exists()


def warnings(policies: Sequence[Terms], at: datetime) -> list[str]:
    """What is surely not meant. ``policies`` are the active ones in their order."""
    told = []
    if not leaves_none_out(policies, at):
        told.append(
            _("No active policy is for every case: a case that none fits has no clocks. Add one as the last.")
        )
    told += [
        _("“%(name)s” is never reached: “%(before)s” stands before it and takes all its cases.")
        % {"name": terms.name, "before": before.name}
        for terms, before in never_reached(policies)
    ]
    told += [
        _("“%(name)s” has steps for what it does not promise: %(kinds)s.")
        % {"name": terms.name, "kinds": listed(kinds)}
        for terms in policies
        if (kinds := idle_steps(terms))
    ]
    return told


def idle_steps(terms: Terms) -> list[str]:
    """The kinds of promise, in words, for which there are steps but no target."""
    idle = {step.kind for step in terms.steps} - {target.kind for target in terms.targets}
    return [str(kind.label) for kind in TimerKind if kind in idle]

"""Who is on call at a moment, out of the plan. Pure: the plan comes as values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo


@dataclass(frozen=True)
class Duty:
    """``starts_at`` to ``ends_at``; or each ``weekday`` (0: Monday) from ``opens`` to ``closes``, past midnight where
    that is not later. ``team`` None: for every team.
    """

    person: int
    team: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    weekday: int | None = None
    opens: time | None = None
    closes: time | None = None


def on_call(plan: Iterable[Duty], *, at: datetime, zone: tzinfo, team: int | None) -> list[int]:
    """The people, each once. What is said for a while replaces the weekly plan; a duty for the case's own team goes
    before one for every team.
    """
    holding = [duty for duty in plan if duty.team in (None, team) and _holds(duty, at, zone)]
    once = [duty for duty in holding if duty.starts_at is not None]
    chosen = once or holding
    own = [duty for duty in chosen if duty.team is not None]
    return _people(own or chosen)


def _people(duties: Sequence[Duty]) -> list[int]:
    return list(dict.fromkeys(duty.person for duty in duties))


def _holds(duty: Duty, at: datetime, zone: tzinfo) -> bool:
    if duty.starts_at is not None and duty.ends_at is not None:
        return duty.starts_at <= at < duty.ends_at
    if duty.weekday is None or duty.opens is None or duty.closes is None:
        return False
    local = at.astimezone(zone)
    now, today = local.time().replace(tzinfo=None), local.weekday()
    if duty.opens < duty.closes:
        return today == duty.weekday and duty.opens <= now < duty.closes
    yesterday = (local - timedelta(days=1)).weekday()
    return (today == duty.weekday and now >= duty.opens) or (yesterday == duty.weekday and now < duty.closes)

"""Which promises will be broken soon, if we go on at the present pace?

In each group (a team and a kind of promise, say) clocks are worked off in order of their due times. At a pace of p
kept promises in a working hour, the k-th is done after k / p working hours; it will be broken if that is more than
the working time left until it is due. Only those that fall due within the horizon are spoken of, but all that are
due before one stand in front of it.

An example. It is 14:00, the team works until 18:00, and has kept 12 promises in its last 8 working hours: 1.5 an
hour. Five clocks run, due at 14:30, 15:00, 16:00, 17:00, and at 10:00 tomorrow (the day begins at 9). The horizon is
18:00.

=====  ==========  =============  ===============  =======
place  due         working hours  done after       broken
=====  ==========  =============  ===============  =======
1      14:30       0.5            1 / 1.5 = 0.67   yes
2      15:00       1              2 / 1.5 = 1.33   yes
3      16:00       2              3 / 1.5 = 2      no
4      17:00       3              4 / 1.5 = 2.67   no
5      tomorrow    5              beyond           --
=====  ==========  =============  ===============  =======

So four fall due and two of them will be broken. A clock that will be broken is worked off all the same, in its
place: customers are not left waiting because they have waited too long already. What is broken by now is no forecast:
it does not count and takes no place.

The same promise may be reckoned with any horizon: in four hours, or when the day ends. All arithmetic is exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Generic, TypeVar

from tickets.rules.business_time import WorkingCalendar, add_working_time, working_seconds_between

Group = TypeVar("Group")

#: A pace that rests on fewer kept promises than these says little.
ENOUGH = 5
_HOUR = 3600
#: The present pace is that of so much working time, which is looked for so far back.
PACE_SECONDS = 8 * _HOUR
LOOK_BACK = timedelta(days=14)


@dataclass(frozen=True)
class Clock(Generic[Group]):
    """A running promise. Paused ones are not handed in; broken ones may be, but do not count."""

    id: int
    group: Group
    due_at: datetime
    #: Working time from now until it is due, by the calendar of its policy.
    working_seconds_left: int | float


@dataclass(frozen=True)
class Pace:
    """How many promises of a group were fulfilled in how many working hours, the last ones."""

    fulfilled: int
    working_hours: int | float

    @property
    def per_hour(self) -> Fraction:
        """0 where no hour was worked."""
        return (
            Fraction(self.fulfilled) / Fraction(self.working_hours) if self.working_hours > 0 else Fraction()
        )

    @property
    def is_thin(self) -> bool:
        return self.fulfilled < ENOUGH


@dataclass(frozen=True)
class Outlook:
    """What is to be expected of one group, or of all."""

    #: The ids that fall due within the horizon, in order.
    due: tuple[int, ...]
    #: Those of them that will be broken, in order.
    broken: tuple[int, ...]
    #: Kept promises in a working hour.
    pace: float
    #: The pace rests on too little to be relied upon.
    is_thin: bool


@dataclass(frozen=True)
class Forecast(Generic[Group]):
    total: Outlook
    groups: Mapping[Group, Outlook]


def forecast(
    clocks: Iterable[Clock[Group]], paces: Mapping[Group, Pace], *, now: datetime, until: datetime
) -> Forecast[Group]:
    """What falls due after ``now`` and not after ``until``, and what of it will be broken.

    A group without a pace has fulfilled nothing. The total's pace is that of all groups with running clocks; it is
    thin as soon as the pace of any group with something due is.
    """
    queues: dict[Group, list[Clock[Group]]] = defaultdict(list)
    for clock in sorted(clocks, key=_order):
        if clock.due_at > now:
            queues[clock.group].append(clock)
    nothing = Pace(0, 0)
    groups = {group: _outlook(queue, paces.get(group, nothing), until) for group, queue in queues.items()}
    due_at = {clock.id: _order(clock) for queue in queues.values() for clock in queue}
    return Forecast(_total(groups, paces, due_at), groups)


def last_worked(calendar: WorkingCalendar, now: datetime) -> tuple[datetime, int | float]:
    """(since when, how many seconds) the last working hours were, up to now; fewer where fewer were worked."""
    since = now - LOOK_BACK
    worked = working_seconds_between(calendar, since, now)
    if worked <= PACE_SECONDS:
        return since, worked
    return add_working_time(calendar, since, worked - PACE_SECONDS), PACE_SECONDS


def _order(clock: Clock[Group]) -> tuple[datetime, int]:
    return clock.due_at, clock.id


def _outlook(queue: list[Clock[Group]], pace: Pace, until: datetime) -> Outlook:
    due = [clock for clock in queue if clock.due_at <= until]
    broken = [
        clock
        for place, clock in enumerate(due, start=1)
        # place / pace hours > time left, without dividing: a pace of 0 breaks everything.
        if place * _HOUR > pace.per_hour * Fraction(clock.working_seconds_left)
    ]
    return Outlook(_ids(due), _ids(broken), float(pace.per_hour), pace.is_thin)


def _ids(clocks: Iterable[Clock[Group]]) -> tuple[int, ...]:
    return tuple(clock.id for clock in clocks)


def _total(
    groups: Mapping[Group, Outlook], paces: Mapping[Group, Pace], due_at: Mapping[int, tuple[datetime, int]]
) -> Outlook:
    outlooks = groups.values()
    return Outlook(
        due=tuple(sorted((id_ for outlook in outlooks for id_ in outlook.due), key=due_at.__getitem__)),
        broken=tuple(sorted((id_ for outlook in outlooks for id_ in outlook.broken), key=due_at.__getitem__)),
        pace=float(sum((paces[group].per_hour for group in groups if group in paces), Fraction())),
        is_thin=any(outlook.is_thin for outlook in outlooks if outlook.due),
    )

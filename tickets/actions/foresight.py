"""What applying the present policies would do to the clocks of open cases. Nothing is written here.

On this floor, because it asks the verb itself (``sla.plan_for``) what it would do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tickets.actions.retargeting import Plan, plan_for
from tickets.actions.timers import GOING, hours_promised, run_of
from tickets.models import Ticket, Timer
from tickets.queries.calendars import NoCalendar, hours_of
from tickets.queries.promises import Calendars, Promise, case_of, policies, promises
from tickets.rules import sla
from tickets.rules.sla import Run

#: Due times are computed to the second; less than this is rounding.
SAME = timedelta(seconds=2)


class Move(StrEnum):
    EARLIER = "earlier"
    LATER = "later"
    APPEARS = "appears"
    ENDS = "ends"
    STANDS_STILL = "stands_still"
    GOES_ON = "goes_on"
    #: Other terms, the same due time.
    STAYS = "stays"


@dataclass(frozen=True)
class Change:
    """Of one clock. No due time: it stands still, or is not there."""

    ticket: Ticket
    kind: str
    move: Move
    before: datetime | None
    after: datetime | None

    @property
    def by(self) -> timedelta:
        if self.before is None or self.after is None:
            return timedelta(0)
        return abs(self.after - self.before)


@dataclass(frozen=True)
class Case:
    """An open case, its clocks, and what the policies of the moment ``at`` would do to them.

    ``plan`` is None where the case has no calendar to count in.
    """

    ticket: Ticket
    timers: Sequence[Timer]
    promised: Sequence[Promise]
    plan: Plan | None
    at: datetime

    def is_about(self, policy: int) -> bool:
        """Whether a clock goes under the policy, or would."""
        going = (timer.policy_id for timer in self.timers if timer.state in GOING)
        return policy in going or any(promise.policy_id == policy for promise in self.promised)


class Present:
    """The policies and calendars as they are, read once for many cases."""

    def __init__(self) -> None:
        self._policies, self._calendars = policies(), Calendars()

    def cases(self, tickets: Iterable[int], at: datetime) -> Iterator[Case]:
        rows = Ticket.objects.filter(pk__in=tickets).order_by("pk")
        rows = rows.select_related("brand", "customer", "category__parent__parent", "team", "assignee")
        found = list(rows)
        timers: dict[int, list[Timer]] = defaultdict(list)
        clocks = Timer.objects.filter(ticket__in=found).select_related("calendar", "policy")
        for timer in clocks.order_by("pk"):
            timers[timer.ticket_id].append(timer)
        for ticket in found:
            yield self._case(ticket, timers[ticket.pk], at)

    def _case(self, ticket: Ticket, timers: list[Timer], at: datetime) -> Case:
        ticket.terms_at = at
        try:
            promised = promises(
                case_of(ticket), team_id=ticket.team_id, known=self._policies, calendars=self._calendars
            )
        except NoCalendar:
            return Case(ticket, timers, (), None, at)
        return Case(ticket, timers, promised, plan_for(ticket, timers, promised), at)


def foreseen(case: Case) -> list[Change]:
    """What happens to each clock that the plan touches."""
    if case.plan is None:
        return []
    ended = [Change(case.ticket, timer.kind, Move.ENDS, timer.due_at, None) for timer in case.plan.dropped]
    moved = [_moved(case, timer, promise) for timer, promise in case.plan.moved]
    anew = [
        Change(case.ticket, promise.kind, Move.APPEARS, None, _due(case, promise, run))
        for promise, _timer, run in case.plan.anew
    ]
    return [*ended, *moved, *anew]


def has_new_due(changes: Iterable[Change]) -> bool:
    return any(change.move != Move.STAYS for change in changes)


def _moved(case: Case, timer: Timer, promise: Promise) -> Change:
    used = sla.used_at(hours_of(timer), run_of(timer), case.at)
    after = _due(case, promise, Run(promise.target_seconds, used, case.at))
    is_broken = timer.breached_at is not None or used > timer.target_seconds
    if after is not None and is_broken and used >= promise.target_seconds:
        # Broken before, and by the new terms too: due when it was.
        after = timer.breached_at or timer.due_at
    return Change(case.ticket, timer.kind, _way(timer.due_at, after), timer.due_at, after)


def _due(case: Case, promise: Promise, run: Run) -> datetime | None:
    if case.ticket.status in promise.pauses_on:
        return None
    return sla.due_at(hours_promised(promise), run)


def _way(before: datetime | None, after: datetime | None) -> Move:
    if before is None:
        return Move.STAYS if after is None else Move.GOES_ON
    if after is None:
        return Move.STANDS_STILL
    if abs(after - before) < SAME:
        return Move.STAYS
    return Move.EARLIER if after < before else Move.LATER

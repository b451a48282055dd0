"""What was counted, as plain values: can be kept in the cache, names nobody."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from tickets.choices import TimerKind

#: This period, the one before.
Pair = tuple[int, int]


@dataclass(frozen=True)
class Quantiles:
    """Seconds; None where there was nothing to time."""

    median: int | None = None
    p90: int | None = None


@dataclass(frozen=True)
class Speed:
    count: int = 0
    wall: Quantiles = Quantiles()
    #: How many of them carry a promise, and so have a working time.
    promised: int = 0
    working: Quantiles = Quantiles()


@dataclass(frozen=True)
class AgentWork:
    solved: int = 0
    replies: int = 0
    median_reply: int | None = None


@dataclass(frozen=True)
class Promises:
    is_now: bool
    policy_id: int
    kind: TimerKind
    kept: int
    broken: int
    running: int


@dataclass(frozen=True)
class Reopened:
    """Cases opened again after a solving in the period; ``elsewhere`` are those of them whose last solving, if any,
    lies outside it: they are missing among the solved.
    """

    now: int = 0
    elsewhere_now: int = 0
    before: int = 0
    elsewhere_before: int = 0


@dataclass
class Happened:
    """What the cases of the two periods tell; by True for this period, by False for the one before."""

    opened_by_day: dict[date, int] = field(default_factory=dict)
    solved_by_day: dict[date, int] = field(default_factory=dict)
    by_hour: dict[tuple[int, int], int] = field(default_factory=dict)
    by_category: dict[int | None, Pair] = field(default_factory=dict)
    first_reply: dict[bool, Speed] = field(default_factory=lambda: {True: Speed(), False: Speed()})
    solution: dict[bool, Speed] = field(default_factory=lambda: {True: Speed(), False: Speed()})
    by_agent: dict[int | None, AgentWork] = field(default_factory=dict)
    promises: list[Promises] = field(default_factory=list)

    @property
    def opened(self) -> Pair:
        counts = self.by_category.values()
        return sum(now for now, _before in counts), sum(before for _now, before in counts)

    @property
    def solved(self) -> Pair:
        return self.solution[True].count, self.solution[False].count

    def kept(self, kind: TimerKind, *, is_now: bool = True) -> tuple[int, int, int]:
        """(kept, broken, running) over all policies."""
        rows = [row for row in self.promises if row.kind == kind and row.is_now == is_now]
        return (
            sum(row.kept for row in rows),
            sum(row.broken for row in rows),
            sum(row.running for row in rows),
        )


@dataclass(frozen=True)
class Report:
    counted_at: datetime
    happened: Happened
    reopened: Reopened
    open_by_age: list[int]
    open_by_agent: dict[int | None, int]
    grown_since: int

    @property
    def solved_once(self) -> Pair:
        now, before = self.happened.solved
        return now + self.reopened.elsewhere_now, before + self.reopened.elsewhere_before

    @property
    def open_now(self) -> int:
        return sum(self.open_by_age)

    @property
    def open_at_end(self) -> int:
        """Of the period; the same as now when the period is not over."""
        return self.open_now - self.grown_since

    @property
    def is_empty(self) -> bool:
        """Nothing happened in the period and nothing is open."""
        seen = (self.happened.opened[0], self.happened.solved[0], self.happened.first_reply[True].count)
        return not any((*seen, self.open_now))

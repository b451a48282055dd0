"""Who may be given a case by the desk, and who of them gets it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from accounts.choices import AssignmentMode

_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Worker:
    """Somebody who answers cases: ``load`` of them are with this person and wait for us, new or open.

    ``brands`` and ``teams`` None: each; ``speaks`` empty: every language.
    """

    person: int
    name: str
    is_on_duty: bool
    capacity: int
    load: int
    speaks: frozenset[str]
    skills: frozenset[str]
    brands: frozenset[int] | None
    teams: frozenset[int] | None
    last_assigned_at: datetime | None = None

    @property
    def room(self) -> int:
        return max(self.capacity - self.load, 0)


@dataclass(frozen=True)
class Wanted:
    """What a case needs of whoever gets it. ``skill`` empty: none."""

    brand: int
    team: int | None
    language: str
    skill: str


def can_do(worker: Worker, wanted: Wanted) -> bool:
    """Whether the case is one for this person, busy or not."""
    return (
        (worker.brands is None or wanted.brand in worker.brands)
        and (worker.teams is None or wanted.team is None or wanted.team in worker.teams)
        and (not worker.speaks or wanted.language in worker.speaks)
        and (not wanted.skill or wanted.skill in worker.skills)
    )


def may_be_given(worker: Worker, wanted: Wanted) -> bool:
    return worker.is_on_duty and worker.room > 0 and can_do(worker, wanted)


def in_turn(workers: Iterable[Worker], mode: str) -> list[Worker]:
    """Whose turn it is, first to last. Whoever never got one goes first; then by who joined first."""
    ways = sorted(workers, key=lambda worker: (worker.last_assigned_at or _NEVER, worker.person))
    if mode == AssignmentMode.LEAST_LOADED:
        ways.sort(key=lambda worker: -worker.room)  # stable: ties stay in turn
    return ways


def needed_skill(lineage: Sequence[str]) -> str:
    """``lineage`` is the skill of the category, its parent and so on; empty asks the next one up."""
    return next((skill for skill in lineage if skill), "")

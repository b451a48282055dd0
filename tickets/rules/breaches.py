"""Why was a promise broken? One cause for each, so that managers can count; asked in a fixed order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tickets.choices import BreachCause


@dataclass(frozen=True)
class BreachFacts:
    """What is known of a promise when its time has passed.

    Times are moments; shares of "the time" are shares of what lies between ``started_at`` and ``due_at``.
    """

    started_at: datetime
    due_at: datetime
    #: When it was done after all; while it is not, now.
    done_or_now: datetime
    #: Somebody had it when it fell due.
    has_assignee: bool
    #: Since when that somebody has it; None with nobody.
    assigned_at: datetime | None = None
    #: When it went from one team to another, since the start.
    moves: tuple[datetime, ...] = ()
    #: The part of the clock's working time, from 0 to 1, during which the ticket waited for a third party.
    held_share: float = 0.0
    #: The due time before a change of priority, category or policy made it earlier; None when nothing did.
    due_before_shortening: datetime | None = None
    #: It was solved before, and opened again since the start or by it.
    is_reopened: bool = False


def cause_of(facts: BreachFacts) -> BreachCause:
    """The first cause that fits, in the order of ``CAUSES``; ANSWERED_LATE always does."""
    return next(cause for cause, fits in CAUSES if fits(facts))


def _nobody(facts: BreachFacts) -> bool:
    return not facts.has_assignee


def _handed_around(facts: BreachFacts) -> bool:
    """Twice or more, or so late that the new team had a quarter of the time or less."""
    return len(facts.moves) >= 2 or any(_share_passed(facts, at) >= 3 / 4 for at in facts.moves)


def _third_party(facts: BreachFacts) -> bool:
    """For more than half of the time that the clock ran."""
    return facts.held_share > 1 / 2


def _shortened(facts: BreachFacts) -> bool:
    """By the promise as it was, it would have been kept, or still can be."""
    before = facts.due_before_shortening
    return before is not None and facts.due_at < before and facts.done_or_now <= before


def _reopened(facts: BreachFacts) -> bool:
    return facts.is_reopened


def _taken_late(facts: BreachFacts) -> bool:
    """In the last fifth of the time, or after it."""
    return facts.assigned_at is not None and _share_passed(facts, facts.assigned_at) >= 4 / 5


def _answered_late(facts: BreachFacts) -> bool:
    return True


CAUSES: tuple[tuple[BreachCause, Callable[[BreachFacts], bool]], ...] = (
    (BreachCause.NOBODY, _nobody),
    (BreachCause.HANDED_AROUND, _handed_around),
    (BreachCause.THIRD_PARTY, _third_party),
    (BreachCause.SHORTENED, _shortened),
    (BreachCause.REOPENED, _reopened),
    (BreachCause.TAKEN_LATE, _taken_late),
    (BreachCause.ANSWERED_LATE, _answered_late),
)


def _share_passed(facts: BreachFacts, at: datetime) -> float:
    """Which part of the time had passed at that moment; all of it, where there was none."""
    whole = facts.due_at - facts.started_at
    return (at - facts.started_at) / whole if whole > timedelta(0) else 1.0

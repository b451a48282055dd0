"""Why a promise of a story was broken, from what was told until then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from tickets.choices import BreachCause, EventKind, Status, TimerKind
from tickets.models import Event, Timer
from tickets.queries.calendars import hours_of
from tickets.rules import sla

if TYPE_CHECKING:
    from tickets.demo.draft import Draft


def cause_of(draft: Draft, timer: Timer) -> BreachCause:
    """The first that fits."""
    return next(cause for cause, fits in _causes(draft, timer) if fits)


def _causes(draft: Draft, timer: Timer) -> Iterator[tuple[BreachCause, bool]]:
    since = [event for event in draft.events if event.at >= timer.started_at]
    held = [event for event in since if event.data.get("to") == Status.ON_HOLD.value]
    yield BreachCause.NOBODY, draft.ticket.assignee is None
    yield BreachCause.HANDED_AROUND, any(event.kind == EventKind.TEAM_CHANGED for event in since)
    yield BreachCause.THIRD_PARTY, bool(held) and Status.ON_HOLD.value not in timer.pauses_on
    yield BreachCause.SHORTENED, _was_shortened(since, timer)
    yield BreachCause.REOPENED, timer.kind == TimerKind.RESOLUTION and draft.ticket.reopen_count > 0
    yield BreachCause.TAKEN_LATE, _was_taken_late(since, timer)
    yield BreachCause.ANSWERED_LATE, True


def _was_shortened(since: list[Event], timer: Timer) -> bool:
    own = [event for event in since if event.data.get("timer_id") == timer.pk]
    promised = [event.data["target_seconds"] for event in own if "target_seconds" in event.data]
    return bool(promised) and promised[-1] < promised[0]


def _was_taken_late(since: list[Event], timer: Timer) -> bool:
    """Nobody had it until half of the time was over; a first reply without a word of it takes the case too."""
    taken = next((event.at for event in since if event.kind == EventKind.ASSIGNED), None)
    return taken is not None and _used(timer, taken) * 2 > timer.target_seconds


def _used(timer: Timer, at: datetime) -> int:
    run = sla.Run(timer.target_seconds, 0, timer.started_at)
    return sla.used_at(hours_of(timer), run, at)

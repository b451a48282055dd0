"""The book of a clock: what was done to it, when, why and by whom, read from the events of its ticket."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from tickets.choices import ActorKind, ClockReason, EventKind, TimerKind

Row = Mapping[str, Any]


class Act(StrEnum):
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    CHANGED = "changed"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Mark:
    """One row of the book. ``used_seconds`` was booked for the time before it, ``target_seconds`` holds from it on;
    None where the book says nothing. ``calendar`` is None for time by the clock on the wall.
    """

    at: datetime
    act: Act
    why: ClockReason
    who: str = ""
    used_seconds: int | None = None
    target_seconds: int | None = None
    calendar: Hashable | None = None


@dataclass(frozen=True)
class Clock:
    """What the timer itself knows: it stands in for what older events leave out."""

    timer_id: int
    kind: str
    started_at: datetime
    target_seconds: int
    calendar: Hashable | None


_ACTS: Mapping[str, Act] = {
    EventKind.TIMER_STARTED: Act.STARTED,
    EventKind.TIMER_PAUSED: Act.PAUSED,
    EventKind.TIMER_RESUMED: Act.RESUMED,
    EventKind.TIMER_CHANGED: Act.CHANGED,
    EventKind.TIMER_MET: Act.STOPPED,
    EventKind.TIMER_MISSED: Act.STOPPED,
    EventKind.TIMER_CANCELLED: Act.STOPPED,
}
#: Why, where an older event does not say; there was one reason then.
_OLD_REASONS: Mapping[str, ClockReason] = {
    EventKind.TIMER_STARTED: ClockReason.RECALCULATED,
    EventKind.TIMER_PAUSED: ClockReason.WAITING_FOR_CUSTOMER,
    EventKind.TIMER_RESUMED: ClockReason.WENT_ON,
    EventKind.TIMER_CHANGED: ClockReason.RECALCULATED,
    EventKind.TIMER_CANCELLED: ClockReason.NO_LONGER_PROMISED,
}
_SAME_MOMENT = timedelta(seconds=2)


def from_events(rows: Iterable[Row], clock: Clock) -> list[Mark]:
    """The book of one clock, in order, out of all events of its ticket.

    A row has ``kind``, ``at``, ``actor_name``, ``actor_kind`` and ``data``, as ``Event.objects.values`` gives them.
    Older events name no timer, no reason, no calendar and no target; and a clock that was started with its ticket had
    none at all: what they leave out is the clock's own.
    """
    marks: list[Mark] = []
    for row in rows:
        if row["kind"] not in _ACTS or not _is_about(row["data"], clock):
            continue
        mark = _mark(row, clock)
        if row["data"].get("since"):
            # It counts as though what came after that moment had never been.
            marks = [earlier for earlier in marks if earlier.at <= mark.at]
        marks.append(mark)
    return list(_with_a_start(sorted(marks, key=lambda mark: mark.at), clock))


def _is_about(data: Row, clock: Clock) -> bool:
    timer = data.get("timer_id")
    return data.get("timer") == clock.kind if timer is None else timer == clock.timer_id


def _mark(row: Row, clock: Clock) -> Mark:
    data = row["data"]
    return Mark(
        # Set later, it may still count from an earlier moment.
        at=datetime.fromisoformat(data["since"]) if data.get("since") else row["at"],
        act=_ACTS[row["kind"]],
        why=_reason(data.get("why")) or _old_reason(row["kind"], clock),
        who="" if row.get("actor_kind") == ActorKind.SYSTEM else row.get("actor_name") or "",
        used_seconds=data.get("used_seconds"),
        target_seconds=data.get("target_seconds", clock.target_seconds),
        # Null says "by the clock on the wall"; only where nothing is said the clock's own holds.
        calendar=data.get("calendar", clock.calendar),
    )


def _reason(code: Any) -> ClockReason | None:
    return ClockReason(code) if code in ClockReason.values else None


def _old_reason(kind: str, clock: Clock) -> ClockReason:
    done = ClockReason.SOLVED if clock.kind == TimerKind.RESOLUTION else ClockReason.ANSWERED
    return _OLD_REASONS.get(kind, done)


def _with_a_start(marks: list[Mark], clock: Clock) -> Iterator[Mark]:
    """The marks with a start before them. A promise made later, but counted from the opening, is a change of it."""
    first = marks[0] if marks else None
    if first and first.act == Act.STARTED and first.at - clock.started_at <= _SAME_MOMENT:
        yield from marks
        return
    target = first.target_seconds if first else clock.target_seconds
    calendar = first.calendar if first else clock.calendar
    yield Mark(clock.started_at, Act.STARTED, ClockReason.OPENED, "", 0, target, calendar)
    for mark in marks:
        yield replace(mark, act=Act.CHANGED) if mark is first and mark.act == Act.STARTED else mark

"""When is it due, paused, breached? Arithmetic on working time; no database, no clock of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tickets.rules.business_time import (
    CalendarNeverOpens,
    WorkingCalendar,
    add_working_time,
    working_seconds_between,
)


@dataclass(frozen=True)
class Run:
    """A clock: how many working seconds were promised, how many ran before, and since when it runs now."""

    target_seconds: int
    used_seconds: int
    running_since: datetime | None


@dataclass(frozen=True)
class Step:
    """An escalation step: before the end by a share of the promised time, else so many minutes after the due time.

    One that was added later (``since``) does not fire for moments that had passed by then.
    """

    pk: int
    kind: str
    at_percent: int | None
    after_minutes: int
    since: datetime


def due_at(calendar: WorkingCalendar, run: Run) -> datetime | None:
    """When the promise ends; None while paused. May lie in the past: then the promise is already broken.

    None too for a calendar that never opens: a case must come in even where somebody forgot to enter the hours.
    """
    return _used_up_at(calendar, run, run.target_seconds)


def _used_up_at(calendar: WorkingCalendar, run: Run, seconds: int) -> datetime | None:
    """When so many seconds of the whole will have run."""
    if run.running_since is None:
        return None
    left = seconds - run.used_seconds
    if left <= 0:
        return run.running_since
    try:
        return add_working_time(calendar, run.running_since, left)
    except CalendarNeverOpens:
        return None


def used_at(calendar: WorkingCalendar, run: Run, at: datetime) -> int:
    """Working seconds used up to ``at``; the seconds of the present run are added to those before."""
    if run.running_since is None or at <= run.running_since:
        return run.used_seconds
    return run.used_seconds + round(working_seconds_between(calendar, run.running_since, at))


def step_at(calendar: WorkingCalendar, run: Run, due: datetime, step: Step) -> datetime | None:
    """When an escalation step falls due; None when it never does.

    Shares are rounded up to the second: 80 % of the time is used up, not almost. A promise that was broken in an
    earlier run goes on being overdue: what ran past it then counts for the steps after it.
    """
    if step.at_percent is not None:
        if run.used_seconds * 100 >= run.target_seconds * step.at_percent:
            at = run.running_since
        else:
            at = _used_up_at(calendar, run, -(-run.target_seconds * step.at_percent // 100))
    elif run.running_since is not None and due < run.running_since:
        at = _used_up_at(calendar, run, run.target_seconds + step.after_minutes * 60)
    elif step.after_minutes == 0:
        at = due
    else:
        try:
            at = add_working_time(calendar, due, step.after_minutes * 60)
        except CalendarNeverOpens:
            return None
    return at if at is not None and at >= step.since else None


def next_check(
    calendar: WorkingCalendar, run: Run, due: datetime | None, breached: bool, steps_left: Iterable[Step]
) -> datetime | None:
    """When a sweep must look again: the earliest of the due time and the steps not yet taken."""
    if due is None:
        return None
    moments = [step_at(calendar, run, due, step) for step in steps_left]
    if not breached:
        moments.append(due)
    return min((moment for moment in moments if moment is not None), default=None)

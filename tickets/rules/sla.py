"""When is it due, paused, breached? Arithmetic on working time; no database, no clock of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tickets.choices import Status
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


def pauses_clock(status: Status | str) -> bool:
    """The customer's turn: our clock stands still."""
    return status == Status.PENDING


def due_at(calendar: WorkingCalendar, run: Run) -> datetime | None:
    """When the promise ends; None while paused. May lie in the past: then the promise is already broken.

    None too for a calendar that never opens: a case must come in even where somebody forgot to enter the hours.
    """
    if run.running_since is None:
        return None
    left = run.target_seconds - run.used_seconds
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


def step_at(calendar: WorkingCalendar, due: datetime, after_minutes: int) -> datetime:
    """When an escalation step falls due: so many working minutes after the promise."""
    return due if after_minutes == 0 else add_working_time(calendar, due, after_minutes * 60)


def next_check(
    calendar: WorkingCalendar, due: datetime, breached: bool, steps_left: Iterable[int]
) -> datetime | None:
    """When a sweep must look again: the due time first, then the earliest step not yet taken (minutes after due)."""
    if not breached:
        return due
    return min((step_at(calendar, due, minutes) for minutes in steps_left), default=None)

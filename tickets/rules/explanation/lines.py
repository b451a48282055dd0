"""The lines of which the explanation of a due time consists; ``queries/explanation_words.py`` says them in words."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tickets.rules.explanation.book import Mark

Name = tuple[str, str]


class LineKind(StrEnum):
    STARTED = "started"
    WORKED = "worked"
    CLOSED = "closed"
    CLOCKS = "clocks"
    PAUSED = "paused"
    RESTED = "rested"
    RESUMED = "resumed"
    CHANGED = "changed"
    COUNTED = "counted"
    BROKEN = "broken"
    NOW = "now"
    DUE = "due"
    NEVER = "never"
    KEPT = "kept"
    LATE = "late"
    ENDED = "ended"


class Closed(StrEnum):
    """Why a stretch of time is not worked."""

    BREAK = "break"
    HOURS = "hours"
    NO_WORKING_DAY = "no_working_day"
    HOLIDAY = "holiday"
    EXCEPTION = "exception"


class Special(StrEnum):
    """How a day that is worked differs from its weekday."""

    MAKE_UP = "make_up"
    OTHER_HOURS = "other_hours"


class Phase(StrEnum):
    """PAST counts, OVER has counted after the due time, AHEAD will count."""

    PAST = "past"
    OVER = "over"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Line:
    """A moment (``start`` is ``end``) or a stretch of time [start, end). Lines follow one another without a gap."""

    kind: LineKind
    start: datetime
    end: datetime
    #: What it adds to the time used.
    seconds: int = 0
    phase: Phase = Phase.PAST
    closed: Closed | None = None
    special: Special | None = None
    #: Of the days that differ, in Chinese and English.
    names: tuple[Name, ...] = ()
    #: In the calendar's zone: the days that are not worked, or on which what was worked begins.
    days: tuple[date, ...] = ()
    #: Of several working days told as one: how many days off lie between them.
    days_off: int | None = None
    #: By how much the clocks go forward.
    shift: timedelta = timedelta(0)
    #: The row of the book behind it: who, and why.
    mark: Mark | None = None
    #: Whether it is still so.
    lasts: bool = False
    used_seconds: int = 0
    target_seconds: int = 0
    target_before: int = 0
    calendar: Hashable | None = None
    calendar_before: Hashable | None = None

    @property
    def left_seconds(self) -> int:
        """Less than nothing once the promise is broken."""
        return self.target_seconds - self.used_seconds

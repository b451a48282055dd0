"""The book of a clock read mark by mark: where it stood, how long it ran, when it was due."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tickets.choices import ClockReason, TimerState
from tickets.rules.business_time import CalendarNeverOpens, WorkingCalendar, add_working_time
from tickets.rules.explanation.book import Act, Mark
from tickets.rules.explanation.lines import Line, LineKind, Phase
from tickets.rules.explanation.stretch import stretch

#: The book counts whole seconds, each run rounded: a difference up to this is none.
SLACK_SECONDS = 2
SLACK = timedelta(seconds=SLACK_SECONDS)

_FULFILLED = {ClockReason.ANSWERED, ClockReason.OUR_REPLY, ClockReason.SOLVED}


class Reading:
    """The book read mark by mark: where the clock stands, and the lines so far."""

    def __init__(
        self,
        calendars: Mapping[Hashable, WorkingCalendar],
        at: datetime,
        target: int,
        calendar: Hashable | None,
    ) -> None:
        self.calendars = calendars
        self.lines: list[Line] = []
        self.at, self.target, self.calendar = at, target, calendar
        self.used = 0
        self.since: datetime | None = None
        self.due: datetime | None = None
        self.broken_at: datetime | None = None
        #: The mark by which it stands still.
        self.standing: Mark | None = None

    def take(self, mark: Mark, state: TimerState | None = None) -> None:
        """Marks in order of time. ``state`` is what the last one led to."""
        self._advance(mark.at)
        more = self._count(mark)
        if not self.lines:
            self._go(mark, LineKind.STARTED)
        if more:
            self._say(LineKind.COUNTED, seconds=more)
        if mark.act == Act.STOPPED:
            self._stand(mark)
            self._say(_ending(mark, self.broken_at, state), mark=mark)
            return
        self._promise(mark)
        if mark.act == Act.PAUSED:
            self._stand(mark)
            self.due = None
        elif mark.act in (Act.STARTED, Act.RESUMED) and self.since is None:
            self._go(mark, LineKind.RESUMED)

    def finish(self, now: datetime) -> None:
        """On to now, and from there to the due time if that lies ahead."""
        if self.since is None:
            if self.standing and self.standing.act == Act.PAUSED:
                self._stay(now, lasts=True)
            return
        self._advance(now)
        if self.at > self.lines[0].start:
            self._say(LineKind.NOW)
        if self.due is None:
            self._say(LineKind.NEVER)
        elif self.broken_at is None:
            self._extend(self.due, Phase.AHEAD)
            self._say(LineKind.DUE)

    def agrees(self, state: TimerState, stored: datetime | None) -> bool:
        if (self.since is not None) != (state == TimerState.RUNNING):
            return False
        if stored is None:
            return self.since is None or self.due is None
        if self.used >= self.target and stored < self.at:
            # Broken by both; a change since may have moved the moment, never the fact.
            return True
        # A clock that goes on after its promise was broken may be stored as due at the moment it went on.
        known = [moment for moment in (self.due, self.broken_at and self.since) if moment]
        return any(abs(moment - stored) <= SLACK for moment in known)

    def _advance(self, at: datetime) -> None:
        if self.since is None:
            self._stay(at)
            return
        if self.broken_at is None and self.due is not None and self.due < at:
            self.used += self._extend(self.due, Phase.PAST)
            self.broken_at = self.due
            self._say(LineKind.BROKEN)
        self.used += self._extend(at, Phase.OVER if self.broken_at else Phase.PAST)

    def _extend(self, to: datetime, phase: Phase) -> int:
        """Lines on to a moment; returns the seconds in them."""
        lines = [replace(line, phase=phase) for line in stretch(self._hours(), self.at, to)]
        self.lines += lines
        self.at = max(self.at, to)
        return sum(line.seconds for line in lines)

    def _stay(self, to: datetime, *, lasts: bool = False) -> None:
        """Standing still up to a moment; for ``lasts``, still so then."""
        if self.standing is None or (self.at >= to and not lasts):
            return
        kind = LineKind.PAUSED if self.standing.act == Act.PAUSED else LineKind.RESTED
        start, self.at = self.at, max(self.at, to)
        self.lines.append(self._line(kind, start, self.at, mark=self.standing, lasts=lasts))

    def _count(self, mark: Mark) -> int:
        """The book goes before what today's calendars say, as hours may have been others then. Returns how much more
        it has.
        """
        if mark.used_seconds is None:
            return 0
        more, self.used = mark.used_seconds - self.used, mark.used_seconds
        self._mend()
        return more

    def _mend(self) -> None:
        """A promise that was broken is none any more when there is time left."""
        if self.target - self.used > SLACK_SECONDS:
            self.broken_at = None

    def _go(self, mark: Mark, kind: LineKind) -> None:
        self.since, self.standing = mark.at, None
        self._reckon()
        self._say(kind, mark=mark)

    def _stand(self, mark: Mark) -> None:
        self.since, self.standing = None, mark

    def _promise(self, mark: Mark) -> None:
        """What holds from this mark on; a line where it is another promise than before, or the mark says so."""
        before = self.target, self.calendar
        self.target = self.target if mark.target_seconds is None else mark.target_seconds
        self.calendar = mark.calendar
        self._mend()
        if self.since is not None:
            self.since = self.at
            self._reckon()
        if mark.act == Act.CHANGED or before != (self.target, self.calendar):
            self._say(LineKind.CHANGED, mark=mark, target_before=before[0], calendar_before=before[1])

    def _reckon(self) -> None:
        """When it falls due, running from here."""
        left = self.target - self.used
        if left <= 0 or self.broken_at:
            self.due = self.broken_at or self.at
            return
        hours = self._hours()
        try:
            self.due = (
                self.at + timedelta(seconds=left) if hours is None else add_working_time(hours, self.at, left)
            )
        except CalendarNeverOpens:
            self.due = None

    def _hours(self) -> WorkingCalendar | None:
        return None if self.calendar is None else self.calendars[self.calendar]

    def _say(self, kind: LineKind, **more: Any) -> None:
        self.lines.append(self._line(kind, self.at, self.at, **more))

    def _line(self, kind: LineKind, start: datetime, end: datetime, **more: Any) -> Line:
        standing = Line(
            kind, start, end, used_seconds=self.used, target_seconds=self.target, calendar=self.calendar
        )
        return replace(standing, **more)


def _ending(mark: Mark, broken_at: datetime | None, state: TimerState | None) -> LineKind:
    if state != TimerState.DONE and (mark.why not in _FULFILLED or state == TimerState.CANCELLED):
        return LineKind.ENDED
    return LineKind.LATE if broken_at else LineKind.KEPT

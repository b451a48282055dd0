"""The days on which clocks are changed, and how."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class ClockChange:
    """Clocks that showed ``shown`` are set to ``set_to``: ``by`` is positive when they go forward."""

    shown: datetime
    set_to: datetime

    @property
    def by(self) -> timedelta:
        return self.set_to - self.shown


def clock_change(zone: ZoneInfo, day: date) -> ClockChange | None:
    """What happens to the clocks on a day; None where nothing does. A change at midnight is the new day's."""
    start, end = (
        datetime.combine(on, time(0), zone).astimezone(UTC) for on in (day, day + timedelta(days=1))
    )
    before, after = (_offset(zone, moment - SECOND) for moment in (start, end))
    if before == after:
        return None
    seconds = range(int((end - start).total_seconds()) + 1)
    moment = start + SECOND * bisect_left(
        seconds, True, key=lambda second: _offset(zone, start + second * SECOND) != before
    )
    naive = moment.replace(tzinfo=None)
    return ClockChange(naive + before, naive + after)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset

"""The days on which clocks are changed, and how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tickets.rules.business_time import WorkingCalendar, clock_changes

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
    for moment, by in clock_changes(WorkingCalendar(zone.key, {}), start - SECOND, end):
        shown = (moment - SECOND).astimezone(zone).replace(tzinfo=None, fold=0) + SECOND
        return ClockChange(shown, shown + by)
    return None

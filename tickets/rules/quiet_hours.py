"""When may a notice go out? Not in somebody's quiet hours, and together with others where they asked for a digest.

Quiet hours and slots are times on the person's own wall clock. Where clocks go forward, what falls into the gap comes
when the gap ends. Where they go back, the slots of the repeated hour come twice, but the daily digest once, and quiet
hours are kept both times.

A digest's slot within quiet hours is put off to their end, so that in the morning all of the night goes out at once.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

#: Digests that people may choose, in minutes; 0 is no digest, a day is once a day.
DIGESTS = (0, 15, 30, 60, 240, 1440)
ONCE_A_DAY = 1440
#: When the daily digest comes for those without quiet hours.
MORNING = time(9)

_MIDNIGHT = time()
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_DAYS_AHEAD = 5  # A zone may skip a whole day.
_CHANGE = timedelta(hours=2)  # Clocks go forward or back by less.

Quiet = tuple[time, time]


def ready_at(now: datetime, *, zone: str, quiet: Quiet | None, digest_minutes: int) -> datetime:
    """The first moment, in UTC, from ``now`` on at which it may go out.

    ``quiet`` is from one time to another, the end not included; it may run over midnight; equal times mean none.
    Emergencies do not ask. ValueError for a naive ``now`` or a digest that is none of ``DIGESTS``.
    """
    if now.utcoffset() is None:
        raise ValueError("Notices are timed by aware datetimes.")
    if digest_minutes not in DIGESTS:
        raise ValueError(f"No such digest: {digest_minutes} minutes.")
    place = ZoneInfo(zone)
    hours = quiet if quiet and quiet[0] != quiet[1] else None
    at = now.astimezone(UTC)
    if digest_minutes == ONCE_A_DAY:
        at = _next_time_of_day(at, place, hours[1] if hours else MORNING)
    elif digest_minutes:
        at = _next_slot(at, place, digest_minutes)
    return _end_of_quiet(at, place, hours) if hours and _is_quiet(at, place, hours) else at


def _is_quiet(at: datetime, place: ZoneInfo, quiet: Quiet) -> bool:
    start, end = quiet
    wall = at.astimezone(place).time()
    return start <= wall < end if start < end else wall >= start or wall < end


def _end_of_quiet(at: datetime, place: ZoneInfo, quiet: Quiet) -> datetime:
    """The first moment after ``at`` at which quiet hours end."""
    today = at.astimezone(place).date()
    walls = [datetime.combine(today + days * _DAY, quiet[1]) for days in range(-1, _DAYS_AHEAD)]
    ends = (_reached(wall, place, fold) for wall in walls for fold in (0, 1))
    return min(end for end in ends if end > at and not _is_quiet(end, place, quiet))


def _next_slot(at: datetime, place: ZoneInfo, minutes: int) -> datetime:
    """The first slot from ``at`` on; slots are counted from midnight."""
    wall = at.astimezone(place).replace(tzinfo=None)
    step = timedelta(minutes=minutes)
    midnight = datetime.combine(wall.date(), _MIDNIGHT)
    # Within a few hours clocks may go back to slots that have been.
    first, last = (wall - _CHANGE - midnight) // step, (wall + step + _CHANGE - midnight) // step
    slots = (_reached(midnight + n * step, place, fold) for n in range(first, last + 1) for fold in (0, 1))
    return min(slot for slot in slots if slot >= at)


def _next_time_of_day(at: datetime, place: ZoneInfo, when: time) -> datetime:
    """The first moment from ``at`` on at which it is that time; of a repeated hour the first only."""
    today = at.astimezone(place).date()
    times = (
        _reached(datetime.combine(today + days * _DAY, when), place, 0) for days in range(-1, _DAYS_AHEAD)
    )
    return min(moment for moment in times if moment >= at)


def _reached(wall: datetime, place: ZoneInfo, fold: int) -> datetime:
    """When the clock on the wall shows or passes that time: one that is skipped is passed where the gap ends."""
    moment = wall.replace(tzinfo=place, fold=fold).astimezone(UTC)
    if moment.astimezone(place).replace(tzinfo=None) == wall:
        return moment
    before = wall.replace(tzinfo=place, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=place, fold=0).astimezone(UTC)
    offset = before.astimezone(place).utcoffset()
    seconds = range(ceil((after - before) / _SECOND) + 1)
    return before + _SECOND * bisect_left(
        seconds, True, key=lambda n: (before + n * _SECOND).astimezone(place).utcoffset() != offset
    )

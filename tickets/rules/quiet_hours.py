"""When may a notice go out? Not in somebody's quiet hours, and together with others where they asked for a digest.

Quiet hours and slots are times on the person's own wall clock. A day on which clocks are changed has its slots all the
same: one that falls into the gap comes when the gap ends, and one in the repeated hour comes the first time; quiet
hours last as long as the wall clock shows them, the second time too.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: Digests that people may choose, in minutes; 0 is no digest, a day is once a day.
DIGESTS = (0, 15, 30, 60, 240, 1440)
ONCE_A_DAY = 1440
#: When the daily digest comes for those without quiet hours.
MORNING = time(9)

_MIDNIGHT = time()
_DAY = timedelta(days=1)
_NEVER = 10  # days: no zone has skipped more than one

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
    if digest_minutes == 0:
        return at if not _is_quiet(at, place, hours) else _end_of_quiet(at, place, hours)
    return _next_slot(at, place, hours, digest_minutes)


def _is_quiet(at: datetime, place: ZoneInfo, quiet: Quiet | None) -> bool:
    if quiet is None:
        return False
    start, end = quiet
    wall = at.astimezone(place).time()
    return start <= wall < end if start < end else wall >= start or wall < end


def _end_of_quiet(at: datetime, place: ZoneInfo, quiet: Quiet | None) -> datetime:
    """The first moment after ``at`` that is not quiet."""
    assert quiet is not None
    return min(
        moment
        for moment in _moments(at, place, (quiet[1],))
        if moment > at and not _is_quiet(moment, place, quiet)
    )


def _next_slot(at: datetime, place: ZoneInfo, quiet: Quiet | None, minutes: int) -> datetime:
    """The first slot from ``at`` on that is not quiet; what was held back by quiet hours goes out at their end."""
    times = _slots(quiet, minutes)
    return min(
        moment
        for moment in _moments(at, place, times)
        if moment >= at and not _is_quiet(moment, place, quiet)
    )

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def ready_at(now: datetime, *, zone: str, quiet: tuple[time, time] | None, digest_minutes: int) -> datetime:
    tz = ZoneInfo(zone)
    local = now.astimezone(tz)
    if digest_minutes:
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        passed = (local - midnight) // timedelta(minutes=digest_minutes)
        local = midnight + timedelta(minutes=digest_minutes) * (passed + 1)
    if quiet is not None:
        start, end = quiet
        t = local.time()
        inside = start <= t < end if start < end else (t >= start or t < end)
        if inside:
            day = local.date() + timedelta(days=1 if start > end and t >= start else 0)
            local = datetime.combine(day, end, tz)
    return local

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tickets.rules.clock_changes import clock_change


@pytest.mark.parametrize(
    ("zone", "day", "shown", "set_to"),
    [
        ("Europe/Berlin", "2026-03-29", "2026-03-29T02:00", "2026-03-29T03:00"),
        ("Europe/Berlin", "2026-10-25", "2026-10-25T03:00", "2026-10-25T02:00"),
        ("Australia/Lord_Howe", "2026-04-05", "2026-04-05T02:00", "2026-04-05T01:30"),
        # At midnight: forward is the new day's, back is the old one's, which gets longer.
        ("Africa/Cairo", "2026-04-24", "2026-04-24T00:00", "2026-04-24T01:00"),
        ("Africa/Cairo", "2026-10-29", "2026-10-30T00:00", "2026-10-29T23:00"),
        # A whole day left out.
        ("Pacific/Apia", "2011-12-31", "2011-12-30T00:00", "2011-12-31T00:00"),
    ],
)
def test_it_works(zone: str, day: str, shown: str, set_to: str) -> None:
    change = clock_change(ZoneInfo(zone), date.fromisoformat(day))
    assert change is not None
    assert (change.shown, change.set_to) == (datetime.fromisoformat(shown), datetime.fromisoformat(set_to))
    assert change.by == change.set_to - change.shown


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "Africa/Cairo", "America/New_York", "Asia/Shanghai", "UTC"]
)
def test_each_change_belongs_to_one_day(zone: str) -> None:
    days = (date(2026, 1, 1) + timedelta(days=number) for number in range(365))
    changes = [clock_change(ZoneInfo(zone), day) for day in days]
    assert sum(change is not None for change in changes) == (0 if zone in ("UTC", "Asia/Shanghai") else 2)

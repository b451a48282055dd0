from datetime import UTC, date, datetime, timedelta

import pytest

from tickets.rules.business_time import WorkingCalendar, clock_changes

HOUR = timedelta(hours=1)
YEAR = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "changes"),
    [
        ("Asia/Shanghai", []),
        (
            "Europe/Berlin",
            [(datetime(2026, 3, 29, 1, tzinfo=UTC), HOUR), (datetime(2026, 10, 25, 1, tzinfo=UTC), -HOUR)],
        ),
        (
            "Australia/Lord_Howe",
            [
                (datetime(2026, 4, 4, 15, tzinfo=UTC), -HOUR / 2),
                (datetime(2026, 10, 3, 15, 30, tzinfo=UTC), HOUR / 2),
            ],
        ),
    ],
)
def test_clock_changes_of_a_year(zone: str, changes: list[tuple[datetime, timedelta]]) -> None:
    assert list(clock_changes(WorkingCalendar(zone, {}), *YEAR)) == changes


def test_a_change_at_an_edge_is_not_between() -> None:
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)
    berlin = WorkingCalendar("Europe/Berlin", {})
    assert list(clock_changes(berlin, change, change + HOUR)) == []
    assert list(clock_changes(berlin, change - HOUR, change)) == []
    assert list(clock_changes(berlin, change - HOUR, change + HOUR / 60)) == [(change, HOUR)]


def test_spans_on_a_day() -> None:
    cal = WorkingCalendar("UTC", {0: ((0, 60),)}, {date(2026, 3, 9): ((60, 120),)}, frozenset({(3, 16)}))
    assert [cal.spans_on(date(2026, 3, day)) for day in (2, 3, 9, 16)] == [((0, 60),), (), ((60, 120),), ()]


def test_a_change_a_week_after_the_start() -> None:
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)
    berlin = WorkingCalendar("Europe/Berlin", {})
    start = change - timedelta(days=7)
    assert list(clock_changes(berlin, start, change + HOUR)) == [(change, HOUR)]

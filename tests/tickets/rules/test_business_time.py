import json
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from _pytest.mark import ParameterSet

from tickets.rules.business_time import (
    KEPT,
    CalendarNeverOpens,
    Spans,
    WorkingCalendar,
    add_working_time,
    is_open,
    next_opening,
    working_intervals,
    working_seconds_between,
)
from tickets.rules.public_holidays import public_holidays

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
HOUR = 3600
ALL_DAY = ((0, 24 * HOUR),)
ROUND_THE_CLOCK = dict.fromkeys(range(7), ALL_DAY)
OFFICE = dict.fromkeys(range(5), ((9 * HOUR, 12 * HOUR), (13 * HOUR, 18 * HOUR)))
SHANGHAI = WorkingCalendar("Asia/Shanghai", OFFICE)


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


# Cases that others wrote


def _seconds(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * HOUR + int(minutes) * 60


def _calendar(data: dict[str, Any], zone: str) -> WorkingCalendar:
    names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    weekly = {
        number: tuple((_seconds(start), _seconds(end)) for start, end in data["weekly"][name])
        for number, name in enumerate(names)
    }
    exceptions = {date.fromisoformat(day): () for day in data["holidays"] if len(day) == 10}
    recurring = frozenset((int(day[:2]), int(day[3:])) for day in data["holidays"] if len(day) == 5)
    return WorkingCalendar(zone, weekly, exceptions, recurring)


def published_cases() -> Iterator[ParameterSet]:
    for name in ("sla_znuny/add_working_time.json", "sla_biz/biz.json"):
        if not (DATA / name).exists():
            yield pytest.param({}, {}, marks=pytest.mark.skip(reason=f"no sample data: {name}"), id=name)
            continue
        data = json.loads((DATA / name).read_text())
        for case in data["cases"]:
            label = f"{name.split('/')[0]}: {case['name']} {case['start']} {case['timezone']}"
            yield pytest.param(data["calendars"][case["calendar"]], case, id=label)


@pytest.mark.parametrize(("calendar", "case"), list(published_cases()))
def test_published_cases_hold_to_the_second(calendar: dict[str, Any], case: dict[str, Any]) -> None:
    cal = _calendar(calendar, case.get("calendar_timezone", case["timezone"]))
    start = at(case["start"], case["timezone"])
    if "working_seconds" in case:
        expected = at(case["expected_end"], case["timezone"])
        assert add_working_time(cal, start, case["working_seconds"]) == expected
        assert working_seconds_between(cal, start, expected) == case["working_seconds"]
    else:
        end = at(case["end"], case["timezone"])
        assert working_seconds_between(cal, start, end) == case["expected_working_seconds"]


def test_every_published_case_is_tried() -> None:
    for name, count in (("sla_znuny/add_working_time.json", 32), ("sla_biz/biz.json", 4)):
        if not (DATA / name).exists():
            pytest.skip(f"no sample data: {name}")
        assert len(json.loads((DATA / name).read_text())["cases"]) == count


# Real faults of other desks


def test_no_minute_is_lost_at_midnight() -> None:
    """Where a day ends at 23:59, round the clock loses a minute a day: six hours in a year."""
    cal = WorkingCalendar("Asia/Shanghai", ROUND_THE_CLOCK)
    assert add_working_time(cal, at("2026-03-02 23:59:30"), 60) == at("2026-03-03 00:00:30")
    assert working_seconds_between(cal, at("2026-01-01"), at("2027-01-01")) == 365 * 24 * HOUR
    nights = WorkingCalendar("Asia/Shanghai", dict.fromkeys(range(7), ((22 * HOUR, 30 * HOUR),)))
    assert add_working_time(nights, at("2026-03-02 23:00:00"), 2 * HOUR) == at("2026-03-03 01:00:00")


def test_the_overlap_hour_of_daylight_saving_is_one_hour_of_work_each_time() -> None:
    """02:00 to 03:00 comes twice in Berlin on 2026-10-25: a reply promised within two hours has both."""
    cal = WorkingCalendar("Europe/Berlin", ROUND_THE_CLOCK)
    start = datetime(2026, 10, 25, 0, tzinfo=UTC)  # 02:00, the first time
    assert add_working_time(cal, start, 2 * HOUR) == start + timedelta(hours=2)
    assert add_working_time(cal, start, 2 * HOUR).astimezone(ZoneInfo("Europe/Berlin")).hour == 3
    for fold, passed in ((0, 1.5), (1, 0.5)):
        moment = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=fold)
        assert (
            working_seconds_between(cal, moment, at("2026-10-25 03:00:00", "Europe/Berlin")) == passed * HOUR
        )


def test_a_make_up_weekend_day_is_worked() -> None:
    """调休: Sunday 20 September and Saturday 10 October 2026 are worked for National Day, which is closed all week."""
    cal = ten_years_of_holidays()
    assert is_open(cal, at("2026-09-20 10:00:00"))
    assert add_working_time(cal, at("2026-09-18 17:00:00"), 2 * HOUR) == at("2026-09-20 10:00:00")
    assert add_working_time(cal, at("2026-09-30 17:00:00"), 2 * HOUR) == at("2026-10-08 10:00:00")
    assert add_working_time(cal, at("2026-10-09 17:00:00"), 2 * HOUR) == at("2026-10-10 10:00:00")
    assert working_seconds_between(cal, at("2026-10-05"), at("2026-10-12")) == 3 * 8 * HOUR


# The working day


@pytest.mark.parametrize(
    ("start", "seconds", "end"),
    [
        ("2026-03-02 09:00:00", 60, "2026-03-02 09:01:00"),
        ("2026-03-02 11:59:30", 60, "2026-03-02 13:00:30"),
        ("2026-03-02 17:00:00", HOUR, "2026-03-02 18:00:00"),
        ("2026-03-06 17:59:59", 2, "2026-03-09 09:00:01"),
        ("2026-03-07 10:00:00", HOUR, "2026-03-09 10:00:00"),
        ("2026-03-07 10:00:00", 0, "2026-03-07 10:00:00"),
        ("2026-03-02 09:00:00", 40 * HOUR, "2026-03-06 18:00:00"),
        ("2026-03-02 09:00:00", 40 * HOUR + 1, "2026-03-09 09:00:01"),
    ],
)
def test_adding(start: str, seconds: int, end: str) -> None:
    assert add_working_time(SHANGHAI, at(start), seconds) == at(end)


def test_the_answer_is_in_utc() -> None:
    assert add_working_time(SHANGHAI, at("2026-03-02 09:00:00"), HOUR).tzinfo is UTC
    assert next_opening(SHANGHAI, at("2026-03-01 09:00:00")).tzinfo is UTC


def test_parts_of_a_second_count() -> None:
    start, end = at("2026-03-02 09:00:00.250000"), at("2026-03-02 09:00:01")
    assert working_seconds_between(SHANGHAI, start, end) == 0.75
    assert add_working_time(SHANGHAI, start, 0.75) == end


def test_whole_seconds_are_whole_numbers() -> None:
    assert isinstance(working_seconds_between(SHANGHAI, at("2026-03-02"), at("2026-03-03")), int)


def test_backwards_is_nothing() -> None:
    assert working_seconds_between(SHANGHAI, at("2026-03-03"), at("2026-03-02")) == 0


def test_days_that_differ() -> None:
    """China's spring festival: a week closed, paid for with a Saturday."""
    closed = {date(2026, 2, day): () for day in range(16, 21)}
    cal = WorkingCalendar("Asia/Shanghai", OFFICE, {**closed, date(2026, 2, 14): OFFICE[0]})
    assert add_working_time(cal, at("2026-02-13 17:00:00"), 2 * HOUR) == at("2026-02-14 10:00:00")
    assert next_opening(cal, at("2026-02-14 18:00:00")) == at("2026-02-23 09:00:00")


def test_holidays_that_come_every_year_and_an_exception_to_one() -> None:
    cal = WorkingCalendar("UTC", ROUND_THE_CLOCK, {date(2027, 1, 1): ((0, HOUR),)}, frozenset({(1, 1)}))
    for year, hours in ((2026, 0), (2027, 1), (2028, 0)):
        new_year = datetime(year, 1, 1, tzinfo=UTC)
        assert working_seconds_between(cal, new_year, new_year + timedelta(days=1)) == hours * HOUR


def test_open_at_the_opening_closed_at_the_close() -> None:
    for moment, expected in [
        ("08:59:59", False),
        ("09:00:00", True),
        ("11:59:59", True),
        ("12:00:00", False),
    ]:
        assert is_open(SHANGHAI, at(f"2026-03-02 {moment}")) is expected


def test_next_opening_is_now_when_it_is_open() -> None:
    assert next_opening(SHANGHAI, at("2026-03-02 10:00:00")) == at("2026-03-02 10:00:00")
    assert next_opening(SHANGHAI, at("2026-03-02 12:00:00")) == at("2026-03-02 13:00:00")


# Nights


def test_a_night_shift_belongs_to_the_day_it_starts_on() -> None:
    nights = {4: ((22 * HOUR, 30 * HOUR),)}  # Friday 22:00 to Saturday 06:00
    cal = WorkingCalendar("UTC", nights, {date(2026, 3, 7): ()})
    saturday = datetime(2026, 3, 7, tzinfo=UTC)
    assert (
        working_seconds_between(cal, saturday - timedelta(days=1), saturday + timedelta(days=1)) == 8 * HOUR
    )
    assert is_open(cal, saturday + timedelta(hours=5, minutes=59))
    assert not is_open(cal, saturday + timedelta(hours=6))


def test_a_sunday_night_reaches_into_the_week() -> None:
    cal = WorkingCalendar("UTC", {6: ((20 * HOUR, 34 * HOUR),)})
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    assert working_seconds_between(cal, monday, monday + timedelta(days=7)) == 14 * HOUR


def test_what_overlaps_counts_once() -> None:
    cal = WorkingCalendar(
        "UTC", {0: ((8 * HOUR, 30 * HOUR), (9 * HOUR, 10 * HOUR)), 1: ((2 * HOUR, 12 * HOUR),)}
    )
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    assert list(islice(working_intervals(cal, monday), 1)) == [
        (monday + timedelta(hours=8), monday + timedelta(hours=36))
    ]
    assert working_seconds_between(cal, monday, monday + timedelta(days=14)) == 2 * 28 * HOUR


# Clocks that are changed


def test_the_hour_that_does_not_exist_is_not_worked() -> None:
    cal = WorkingCalendar("Europe/Berlin", {6: ((1 * HOUR, 4 * HOUR),)})
    day = at("2026-03-29", "Europe/Berlin")
    assert working_seconds_between(cal, day, day + timedelta(days=1)) == 2 * HOUR


def test_hours_within_the_gap_do_not_open_at_all() -> None:
    cal = WorkingCalendar("Europe/Berlin", {6: ((2 * HOUR, 3 * HOUR),)})
    assert next_opening(cal, at("2026-03-29", "Europe/Berlin")) == at("2026-04-05 02:00:00", "Europe/Berlin")


def test_the_repeated_hour_is_worked_twice() -> None:
    cal = WorkingCalendar("Europe/Berlin", {6: ((1 * HOUR, 4 * HOUR),)})
    day = at("2026-10-25", "Europe/Berlin")
    assert working_seconds_between(cal, day, day + timedelta(days=1)) == 4 * HOUR


def test_closing_within_the_repeated_hour_happens_twice() -> None:
    """What the clock on the wall says holds: at 02:15 it is open, each time it is 02:15."""
    cal = WorkingCalendar("Europe/Berlin", {6: ((1 * HOUR, 2 * HOUR + 1800),)})
    midnight = datetime(2026, 10, 24, 22, tzinfo=UTC)
    first, second = islice(working_intervals(cal, midnight), 2)
    assert first == (midnight + timedelta(hours=1), midnight + timedelta(hours=2.5))
    assert second == (midnight + timedelta(hours=3), midnight + timedelta(hours=3.5))


def test_midnight_that_does_not_exist() -> None:
    """In Cairo clocks go from 23:59:59 to 01:00:00 on the last Friday of April."""
    cal = WorkingCalendar("Africa/Cairo", ROUND_THE_CLOCK, {date(2026, 4, 24): ()})
    thursday = at("2026-04-23 12:00:00", "Africa/Cairo")
    assert add_working_time(cal, thursday, 13 * HOUR) == at("2026-04-25 01:00:00", "Africa/Cairo")
    assert working_seconds_between(cal, thursday, at("2026-04-25 00:00:00", "Africa/Cairo")) == 12 * HOUR


# Intervals


def test_intervals_go_on_without_end_and_are_a_week_at_most() -> None:
    cal = WorkingCalendar("UTC", ROUND_THE_CLOCK)
    start = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
    pieces = list(islice(working_intervals(cal, start), 3))
    assert pieces[0][0] == start
    assert all(end - begin == timedelta(days=7) for begin, end in pieces)
    assert all(end == begin for (_, end), (begin, _) in pairwise(pieces))


def test_an_interval_is_not_cut_where_the_search_goes_on() -> None:
    cal = WorkingCalendar("UTC", {0: ((9 * HOUR, 17 * HOUR),)})
    begins = datetime(2026, 3, 2, 12, tzinfo=UTC)
    intervals = list(islice(working_intervals(cal, begins), 3))
    assert [end - begin for begin, end in intervals] == [
        timedelta(hours=5),
        timedelta(hours=8),
        timedelta(hours=8),
    ]


# What is refused


@pytest.mark.parametrize("weekly", [{}, {0: ()}])
def test_a_calendar_that_never_opens_says_so(weekly: dict[int, Spans]) -> None:
    cal = WorkingCalendar("UTC", weekly, {date(2020, 1, 1): ALL_DAY})
    start = datetime(2026, 3, 2, tzinfo=UTC)
    for ask in (
        lambda: add_working_time(cal, start, 1),
        lambda: next_opening(cal, start),
        lambda: next(working_intervals(cal, start)),
    ):
        with pytest.raises(CalendarNeverOpens):
            ask()
    assert working_seconds_between(cal, start, start + timedelta(days=4000)) == 0


def test_a_calendar_that_stops_opening_says_so_too() -> None:
    cal = WorkingCalendar("UTC", {}, {date(2026, 3, 3): ((0, HOUR),)})
    start = datetime(2026, 3, 2, tzinfo=UTC)
    assert add_working_time(cal, start, HOUR) == datetime(2026, 3, 3, 1, tzinfo=UTC)
    with pytest.raises(CalendarNeverOpens):
        add_working_time(cal, start, HOUR + 1)


def test_a_naive_time_is_refused() -> None:
    naive = datetime(2026, 3, 2)
    for ask in (
        lambda: working_seconds_between(SHANGHAI, naive, naive),
        lambda: add_working_time(SHANGHAI, naive, 1),
        lambda: next_opening(SHANGHAI, naive),
        lambda: is_open(SHANGHAI, naive),
    ):
        with pytest.raises(ValueError, match="aware"):
            ask()


def test_negative_time_is_refused() -> None:
    with pytest.raises(ValueError, match="not taken away"):
        add_working_time(SHANGHAI, at("2026-03-02"), -1)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "/etc", "Asia"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match="No such time zone"):
        WorkingCalendar(zone, OFFICE)


@pytest.mark.parametrize("span", [(-1, 5), (5, 5), (6, 5), (24 * HOUR, 25 * HOUR), (0, 48 * HOUR + 1)])
def test_a_span_that_makes_no_sense_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="span"):
        WorkingCalendar("UTC", {0: (span,)})
    with pytest.raises(ValueError, match="span"):
        WorkingCalendar("UTC", {}, {date(2026, 3, 2): (span,)})


def ten_years_of_holidays() -> WorkingCalendar:
    days = public_holidays("CN", "", range(2020, 2030))
    return WorkingCalendar(
        "Asia/Shanghai", OFFICE, {**dict.fromkeys(days.closed, ()), **dict.fromkeys(days.worked, OFFICE[0])}
    )


@pytest.mark.parametrize(
    "cal",
    [
        WorkingCalendar("Europe/Berlin", OFFICE, {date(2026, 5, 1): ()}, frozenset({(12, 25)})),
        ten_years_of_holidays(),
    ],
    ids=["Berlin", "ten years of holidays"],
)
def test_a_year_ahead_is_quick(cal: WorkingCalendar) -> None:
    """About 4 µs, once the year was looked at; the bound is loose because test machines are busy."""
    best = 1.0
    for _ in range(50):
        began = time.perf_counter()
        add_working_time(cal, at("2026-01-01"), 230 * 8 * HOUR)
        best = min(best, time.perf_counter() - began)
    assert best < 0.0002


def test_what_is_kept_for_speed_does_not_grow_without_end() -> None:
    cal = WorkingCalendar("Asia/Shanghai", OFFICE)
    century = at("1990-01-01"), at("2090-01-01")
    first, again = (working_seconds_between(cal, *century) for _ in range(2))
    assert first == again
    assert len(cal._stretches) <= KEPT

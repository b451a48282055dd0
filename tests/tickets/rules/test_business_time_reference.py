"""The quick arithmetic against one that looks at the clock on the wall every quarter of an hour."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.rules.business_time import (
    WorkingCalendar,
    add_working_time,
    is_open,
    next_opening,
    working_intervals,
    working_seconds_between,
)

QUARTER = timedelta(minutes=15)
DAY = 86_400

# Moments at which clocks are changed, in every manner there is: by an hour or half an hour, at night or at
# midnight, into the day before, by a whole day, not at all.
CHANGES = {
    "Europe/Berlin": [datetime(2026, 3, 29, 1), datetime(2026, 10, 25, 1)],
    "America/New_York": [datetime(2026, 3, 8, 7), datetime(2026, 11, 1, 6)],
    "Australia/Lord_Howe": [datetime(2026, 4, 4, 15), datetime(2026, 10, 3, 15, 30)],
    "Africa/Cairo": [datetime(2026, 4, 23, 22), datetime(2026, 10, 29, 21)],
    "America/Sao_Paulo": [datetime(2018, 2, 18, 2), datetime(2018, 11, 4, 3)],
    "Africa/Casablanca": [datetime(2026, 2, 15, 2), datetime(2026, 3, 22, 2)],
    "America/Scoresbysund": [datetime(2024, 3, 31, 1)],
    "Asia/Tehran": [datetime(2016, 3, 20, 20, 30), datetime(2016, 9, 20, 19, 30)],
    "Pacific/Apia": [datetime(2011, 12, 30, 10)],
    "Asia/Kathmandu": [datetime(2026, 6, 1)],
    "Asia/Shanghai": [datetime(2026, 2, 17)],
}


@st.composite
def spans(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    quarters = st.tuples(st.integers(0, 95), st.integers(1, 192))
    drawn = draw(st.lists(quarters, max_size=3))
    return tuple((start * 900, min(start + length, 192) * 900) for start, length in drawn)


@st.composite
def situations(draw: st.DrawFn) -> tuple[WorkingCalendar, datetime]:
    """A calendar, and a moment within days of a change of its clocks."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    change = draw(st.sampled_from(CHANGES[zone]))
    near = st.integers(-4, 4).map(lambda days: (change + timedelta(days=days)).date())
    cal = WorkingCalendar(
        zone,
        draw(st.dictionaries(st.integers(0, 6), spans())),
        draw(st.dictionaries(near, spans(), max_size=2)),
        draw(st.frozensets(near.map(lambda on: (on.month, on.day)), max_size=1)),
    )
    start = change.replace(tzinfo=UTC) + draw(st.integers(-4 * 96, 4 * 96)) * QUARTER
    return cal, start


def opens_often(situation: tuple[WorkingCalendar, datetime]) -> bool:
    return any(situation[0].weekly.values())


def slowly_open(cal: WorkingCalendar, moment: datetime) -> bool:
    """Written apart on purpose: it shares nothing with the module under test."""
    wall = moment.astimezone(ZoneInfo(cal.time_zone))
    today = wall.date()
    seconds = wall.hour * 3600 + wall.minute * 60 + wall.second
    for on, into in ((today, seconds), (date.fromordinal(today.toordinal() - 1), seconds + DAY)):
        if on in cal.exceptions:
            hours = cal.exceptions[on]
        elif (on.month, on.day) in cal.recurring_holidays:
            hours = ()
        else:
            hours = cal.weekly.get(on.weekday(), ())
        if any(start <= into < end for start, end in hours):
            return True
    return False


def slowly_between(cal: WorkingCalendar, start: datetime, quarters: int) -> int:
    return sum(900 for step in range(quarters) if slowly_open(cal, start + step * QUARTER))


@settings(deadline=None, max_examples=300)
@given(situations(), st.integers(0, 12 * 96))
def test_between_agrees(situation: tuple[WorkingCalendar, datetime], quarters: int) -> None:
    cal, start = situation
    assert working_seconds_between(cal, start, start + quarters * QUARTER) == slowly_between(
        cal, start, quarters
    )


@settings(deadline=None)
@given(situations(), st.integers(0, 12 * 96))
def test_intervals_agree(situation: tuple[WorkingCalendar, datetime], quarters: int) -> None:
    cal, start = situation
    end = start + quarters * QUARTER
    if not any(cal.weekly.values()):
        return
    intervals = list(takewhile(lambda interval: interval[0] < end, working_intervals(cal, start)))
    assert sum((min(closes, end) - opens).total_seconds() for opens, closes in intervals) == slowly_between(
        cal, start, quarters
    )
    assert all(one[1] <= other[0] for one, other in pairwise(intervals))


@settings(deadline=None)
@given(situations(), st.integers(-3600, 3600))
def test_is_open_agrees_at_every_second(situation: tuple[WorkingCalendar, datetime], seconds: int) -> None:
    cal, start = situation
    moment = start + timedelta(seconds=seconds)
    assert is_open(cal, moment) is slowly_open(cal, moment)


@settings(deadline=None)
@given(situations().filter(opens_often))
def test_next_opening_is_the_first_open_quarter(situation: tuple[WorkingCalendar, datetime]) -> None:
    cal, start = situation
    opening = next_opening(cal, start)
    assert is_open(cal, opening)
    quarters = (opening - start) // QUARTER
    assert slowly_between(cal, start, min(quarters, 20 * 96)) == 0


amounts = st.integers(0, 2_000_000) | st.integers(0, 8_000_000).map(
    lambda quarter_seconds: quarter_seconds / 4
)


@settings(deadline=None, max_examples=300)
@given(situations().filter(opens_often), st.integers(-3600, 3600), amounts)
def test_what_was_added_lies_between(
    situation: tuple[WorkingCalendar, datetime], shift: int, amount: float
) -> None:
    cal, near = situation
    start = near + timedelta(seconds=shift)
    end = add_working_time(cal, start, amount)
    assert working_seconds_between(cal, start, end) == amount
    if amount:
        assert working_seconds_between(cal, start, end - timedelta(microseconds=1)) < amount


@settings(deadline=None)
@given(situations().filter(opens_often), st.integers(0, 500_000), st.integers(0, 500_000))
def test_adding_twice_is_adding_the_sum(
    situation: tuple[WorkingCalendar, datetime], one: int, other: int
) -> None:
    cal, start = situation
    both = add_working_time(cal, start, one + other)
    assert add_working_time(cal, add_working_time(cal, start, one), other) == both
    assert add_working_time(cal, start, one) <= both


@settings(deadline=None)
@given(situations(), st.integers(0, 5_000_000), st.integers(0, 5_000_000))
def test_parts_make_the_whole(situation: tuple[WorkingCalendar, datetime], one: int, other: int) -> None:
    cal, start = situation
    middle = start + timedelta(seconds=one)
    end = middle + timedelta(seconds=other)
    whole = working_seconds_between(cal, start, end)
    assert working_seconds_between(cal, start, middle) + working_seconds_between(cal, middle, end) == whole
    assert 0 <= whole <= one + other


@settings(deadline=None)
@given(situations().filter(opens_often), st.integers(0, 500_000), st.integers(0, 500_000))
def test_who_starts_later_ends_no_earlier(
    situation: tuple[WorkingCalendar, datetime], later: int, amount: int
) -> None:
    cal, start = situation
    assert add_working_time(cal, start, amount) <= add_working_time(
        cal, start + timedelta(seconds=later), amount
    )

"""When a notice may go out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.rules.quiet_hours import DIGESTS, MORNING, ready_at

NIGHT = (time(22), time(7))
BERLIN = "Europe/Berlin"
MINUTE = timedelta(minutes=1)


def at(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold)  # type: ignore[misc,arg-type]


def ready(
    now: datetime, quiet: tuple[time, time] | None = NIGHT, digest: int = 0, zone: str = ""
) -> datetime:
    return ready_at(now, zone=zone or str(now.tzinfo), quiet=quiet, digest_minutes=digest)


def shanghai(*parts: int) -> datetime:
    return at("Asia/Shanghai", 2026, 3, *parts)


def test_it_works() -> None:
    assert ready(shanghai(2, 12, 34, 56)) == shanghai(2, 12, 34, 56)
    assert ready(shanghai(2, 23)) == shanghai(3, 7)
    assert ready(shanghai(2, 23)).tzinfo is UTC


@pytest.mark.parametrize(
    ("now", "quiet", "digest", "expected"),
    [
        # Quiet hours begin with their start and are over at their end.
        (shanghai(2, 21, 59, 59), NIGHT, 0, shanghai(2, 21, 59, 59)),
        (shanghai(2, 22), NIGHT, 0, shanghai(3, 7)),
        (shanghai(3, 6, 59, 59), NIGHT, 0, shanghai(3, 7)),
        (shanghai(3, 7), NIGHT, 0, shanghai(3, 7)),
        # Within a day; none; the same time twice is none.
        (shanghai(2, 13), (time(12), time(14)), 0, shanghai(2, 14)),
        (shanghai(2, 23), (time(12), time(14)), 0, shanghai(2, 23)),
        (shanghai(2, 3), None, 0, shanghai(2, 3)),
        (shanghai(2, 3), (time(8), time(8)), 0, shanghai(2, 3)),
        (shanghai(2, 23, 30), (time(22), time(0)), 0, shanghai(3, 0)),
        # Digests: the next slot, or now when now is one.
        (shanghai(2, 12, 1), None, 15, shanghai(2, 12, 15)),
        (shanghai(2, 12, 15), None, 15, shanghai(2, 12, 15)),
        (shanghai(2, 12, 15, 1), None, 15, shanghai(2, 12, 30)),
        (shanghai(2, 12, 1), None, 30, shanghai(2, 12, 30)),
        (shanghai(2, 12, 1), None, 60, shanghai(2, 13)),
        (shanghai(2, 12, 1), None, 240, shanghai(2, 16)),
        (shanghai(2, 23, 1), None, 240, shanghai(3, 0)),
        # A slot in the night is put off to its end.
        (shanghai(2, 21, 50), NIGHT, 60, shanghai(3, 7)),
        (shanghai(2, 21, 50), (time(22), time(7, 20)), 60, shanghai(3, 7, 20)),
        (shanghai(3, 3), NIGHT, 15, shanghai(3, 7)),
        (shanghai(2, 9), (time(8, 30), time(8, 15)), 240, shanghai(3, 8, 15)),
        # Once a day: at the end of quiet hours, or at nine.
        (shanghai(2, 7), NIGHT, 1440, shanghai(2, 7)),
        (shanghai(2, 7, 0, 1), NIGHT, 1440, shanghai(3, 7)),
        (shanghai(2, 8), None, 1440, shanghai(2, 9)),
        (shanghai(2, 10), None, 1440, shanghai(3, 9)),
        (shanghai(2, 10), (time(8), time(8)), 1440, shanghai(3, 9)),
    ],
)
def test_cases(now: datetime, quiet: tuple[time, time] | None, digest: int, expected: datetime) -> None:
    assert ready(now, quiet, digest) == expected


def test_the_wall_clock_is_the_persons_own() -> None:
    now = datetime(2026, 3, 2, 15, tzinfo=UTC)  # 23:00 in Shanghai, 10:00 in New York
    assert ready(now, zone="Asia/Shanghai") == shanghai(3, 7)
    assert ready(now, zone="America/New_York") == now


def test_an_end_that_is_skipped_comes_when_the_gap_ends() -> None:
    """In Berlin 02:00 to 03:00 does not exist on 29 March 2026."""
    before = at(BERLIN, 2026, 3, 29, 1, 15)
    assert ready(before, (time(22), time(2, 30))) == at(BERLIN, 2026, 3, 29, 3)
    assert ready(before, None, 60) == at(BERLIN, 2026, 3, 29, 3)
    assert ready(before, (time(22), time(2, 30)), 1440) == at(BERLIN, 2026, 3, 29, 3)


def test_the_repeated_hour() -> None:
    """In Berlin 02:00 to 03:00 comes twice on 25 October 2026."""
    quiet = (time(22), time(2, 30))
    first, second = (at(BERLIN, 2026, 10, 25, 2, 30, fold=fold).astimezone(UTC) for fold in (0, 1))
    assert ready(at(BERLIN, 2026, 10, 25, 1), quiet) == first
    assert ready(at(BERLIN, 2026, 10, 25, 2, 10, fold=1), quiet) == second
    # Slots come twice, the daily digest once.
    between = at(BERLIN, 2026, 10, 25, 2, 31)
    assert ready(between, None, 60) == at(BERLIN, 2026, 10, 25, 2, fold=1).astimezone(UTC)
    assert ready(between, quiet, 1440) == at(BERLIN, 2026, 10, 26, 2, 30)


@pytest.mark.parametrize("minutes", [-1, 1, 45, 2880])
def test_no_such_digest(minutes: int) -> None:
    with pytest.raises(ValueError, match="No such digest"):
        ready(shanghai(2, 12), None, minutes)


def test_a_naive_moment() -> None:
    with pytest.raises(ValueError, match="aware"):
        ready(datetime(2026, 3, 2), zone="Asia/Shanghai")


# Moments near changes of the clocks, of every kind; and none.
CHANGES = {
    BERLIN: [datetime(2026, 3, 29, 1), datetime(2026, 10, 25, 1)],
    "America/New_York": [datetime(2026, 3, 8, 7), datetime(2026, 11, 1, 6)],
    "America/Sao_Paulo": [datetime(2018, 2, 18, 2), datetime(2018, 11, 4, 3)],
    "Australia/Lord_Howe": [datetime(2026, 4, 4, 15), datetime(2026, 10, 3, 15, 30)],
    "Africa/Cairo": [datetime(2026, 4, 23, 22), datetime(2026, 10, 29, 21)],
    "Pacific/Apia": [datetime(2011, 12, 30, 10)],
    "Asia/Kathmandu": [datetime(2026, 6, 1)],
    "Asia/Shanghai": [datetime(2026, 2, 17)],
}


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    zone = draw(st.sampled_from(sorted(CHANGES)))
    change = draw(st.sampled_from(CHANGES[zone])).replace(tzinfo=UTC)
    minutes = draw(st.integers(-180, 180) | st.integers(-2880, 2880))
    return (change + minutes * MINUTE).astimezone(ZoneInfo(zone))


clock_times = st.integers(0, 1439).map(lambda minute: time(minute // 60, minute % 60)) | st.sampled_from(
    [time(0), time(1), time(2), time(2, 30), time(3), time(7), time(22)]
)
quiet_hours = st.none() | st.tuples(clock_times, clock_times)


def slowly_quiet(moment: datetime, zone: ZoneInfo, quiet: tuple[time, time] | None) -> bool:
    if quiet is None or quiet[0] == quiet[1]:
        return False
    minute = quiet[0].hour * 60 + quiet[0].minute
    end = quiet[1].hour * 60 + quiet[1].minute
    wall = moment.astimezone(zone)
    while minute != end:
        if minute == wall.hour * 60 + wall.minute:
            return True
        minute = (minute + 1) % 1440
    return False


def slowly_passed(moment: datetime, zone: ZoneInfo, times: set[int]) -> bool:
    """Does the wall clock show one of these times of day, or has it just jumped over one?"""
    wall = moment.astimezone(zone).replace(tzinfo=None)
    shown = (moment - MINUTE).astimezone(zone).replace(tzinfo=None)
    minutes = {wall}
    while shown < wall:
        shown += MINUTE
        minutes.add(shown)
    return any(one.hour * 60 + one.minute in times for one in minutes)


def slowly_ready(now: datetime, zone: ZoneInfo, quiet: tuple[time, time] | None, digest: int) -> datetime:
    """Minute by minute; written apart from the module under test."""
    ends = set() if quiet is None or quiet[0] == quiet[1] else {quiet[1].hour * 60 + quiet[1].minute}
    moment = now
    if digest == 1440:
        daily = ends or {MORNING.hour * 60 + MORNING.minute}
        while moment.astimezone(zone).fold or not slowly_passed(moment, zone, daily):
            moment += MINUTE
    elif digest:
        slots = set(range(0, 1440, digest))
        while not slowly_passed(moment, zone, slots):
            moment += MINUTE
    if slowly_quiet(moment, zone, quiet):
        while slowly_quiet(moment, zone, quiet) or not slowly_passed(moment, zone, ends):
            moment += MINUTE
    return moment


@settings(deadline=None, max_examples=400)
@given(moments(), quiet_hours, st.sampled_from(DIGESTS))
def test_a_slow_clock_agrees(now: datetime, quiet: tuple[time, time] | None, digest: int) -> None:
    zone = now.tzinfo
    assert isinstance(zone, ZoneInfo)
    assert ready(now, quiet, digest) == slowly_ready(now.astimezone(UTC), zone, quiet, digest)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(sorted(CHANGES)),
    st.none() | st.tuples(st.times(), st.times()),
    st.sampled_from(DIGESTS),
)
def test_never_before_now_and_never_in_quiet_hours(
    now: datetime, zone: str, quiet: tuple[time, time] | None, digest: int
) -> None:
    seen = ready_at(now, zone=zone, quiet=quiet, digest_minutes=digest)
    assert seen >= now
    assert seen - now <= timedelta(days=4)
    wall = seen.astimezone(ZoneInfo(zone)).time()
    if quiet and quiet[0] < quiet[1]:
        assert not quiet[0] <= wall < quiet[1]
    if quiet and quiet[0] > quiet[1]:
        assert quiet[1] <= wall < quiet[0]


@given(moments(), quiet_hours, st.sampled_from(DIGESTS))
def test_what_is_ready_stays_ready(now: datetime, quiet: tuple[time, time] | None, digest: int) -> None:
    first = ready(now, quiet, digest)
    if digest == 0 or quiet is None:
        assert ready(first.astimezone(now.tzinfo), quiet, digest) == first


def test_a_skipped_day() -> None:
    """Samoa had no 30 December 2011."""
    late = at("Pacific/Apia", 2011, 12, 29, 23)
    assert ready(late) == at("Pacific/Apia", 2011, 12, 31, 7)
    assert late.date() == date(2011, 12, 29)

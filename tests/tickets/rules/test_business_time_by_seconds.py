"""The quick arithmetic against one that looks at the clock on the wall at every single second.

Written apart on purpose: it knows no intervals, no offsets and no weeks. For two days around something odd it writes
down, second by second, what the clock on the wall shows; then whether that second is worked; then it counts. For what
takes months it does the same by quarters of an hour, with hours and clocks that are changed on the quarter.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from itertools import compress, islice
from operator import itemgetter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tickets.rules.business_time import (
    Spans,
    WorkingCalendar,
    add_working_time,
    is_open,
    next_opening,
    working_seconds_between,
)
from tickets.rules.public_holidays import public_holidays

DAY = 86_400
LONG_RUN = 20_000


@dataclass(frozen=True)
class Grain:
    """How finely a stretch of time is looked at: steps of so many seconds, and how many of them."""

    step: int
    count: int


SECONDS = Grain(1, 2 * DAY)
QUARTERS = Grain(900, 120 * DAY // 900)

# The middle of the two days: a change of clocks, in every manner there is, or a day of a Chinese holiday.
SCENES = [
    ("Europe/Berlin", datetime(2026, 3, 29, 1)),
    ("Europe/Berlin", datetime(2026, 10, 25, 1)),
    ("America/New_York", datetime(2026, 3, 8, 7)),
    ("America/New_York", datetime(2026, 11, 1, 6)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30)),
    ("Africa/Cairo", datetime(2026, 4, 23, 22)),
    ("America/Sao_Paulo", datetime(2018, 11, 4, 3)),
    ("America/Scoresbysund", datetime(2024, 3, 31, 1)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10)),
    ("Asia/Kathmandu", datetime(2026, 6, 1)),
    ("Asia/Shanghai", datetime(2023, 12, 30)),
    ("Asia/Shanghai", datetime(2024, 2, 18, 4)),
    ("Asia/Shanghai", datetime(2025, 1, 27)),
    ("Asia/Shanghai", datetime(2025, 9, 28, 9)),
    ("Asia/Shanghai", datetime(2026, 2, 14, 12)),
    ("Asia/Shanghai", datetime(2026, 10, 9, 20)),
]
CHINESE_YEARS = public_holidays("CN", "", range(2020, 2030))


@dataclass(frozen=True)
class Scene:
    zone: str
    grain: Grain
    start: datetime
    #: For each step from the start on: the clock on the wall, as steps since the first wall day's midnight.
    wall: array[int]
    first_day: date
    last_day: date

    @cached_property
    def days(self) -> list[date]:
        """The days on the wall, with the one before, whose night shift may reach in."""
        count = (self.last_day - self.first_day).days
        return [self.first_day + timedelta(days=number) for number in range(-1, count + 1)]

    @cached_property
    def look(self) -> Callable[[bytearray], tuple[int, ...]]:
        """What a list of the wall's steps says, step by step."""
        return itemgetter(*self.wall)

    def moment(self, step: int) -> datetime:
        return self.start + timedelta(seconds=step * self.grain.step)


@cache
def scene(zone: str, middle: datetime, grain: Grain) -> Scene:
    start = middle.replace(tzinfo=UTC) - timedelta(seconds=grain.count // 2 * grain.step)
    local, began = ZoneInfo(zone), int(start.timestamp())
    shown = [datetime.fromtimestamp(began + step * grain.step, local) for step in range(grain.count)]
    first = min(moment.date() for moment in shown)
    wall = array(
        "q",
        (
            (
                (moment.toordinal() - first.toordinal()) * DAY
                + moment.hour * 3600
                + moment.minute * 60
                + moment.second
            )
            // grain.step
            for moment in shown
        ),
    )
    return Scene(zone, grain, start, wall, first, max(moment.date() for moment in shown))


def worked_steps(at: Scene, cal: WorkingCalendar) -> bytes:
    """A byte for each step: 1 where the clock on the wall shows a time within the hours."""
    step = at.grain.step
    length = (len(at.days) - 1) * DAY // step
    on_the_wall = bytearray(length)
    for day in at.days:
        midnight = (day - at.first_day).days * DAY
        for opens, closes in hours_of(cal, day):
            begin, end = max((midnight + opens) // step, 0), min((midnight + closes) // step, length)
            if begin < end:
                on_the_wall[begin:end] = b"\1" * (end - begin)
    return bytes(at.look(on_the_wall))


def hours_of(cal: WorkingCalendar, day: date) -> Spans:
    return cal.exceptions[day] if day in cal.exceptions else cal.weekly.get(day.weekday(), ())


seconds_of_day = st.integers(0, DAY - 1) | st.sampled_from([0, 1, 9 * 3600, 12 * 3600, 22 * 3600, DAY - 1])
lengths = st.integers(1, DAY) | st.sampled_from([1, 59, 3600, 8 * 3600, DAY])
some_hours = st.lists(st.tuples(seconds_of_day, lengths), min_size=1, max_size=3).map(
    lambda drawn: tuple((opens, opens + length) for opens, length in drawn)
)
lunch_break = ((9 * 3600, 12 * 3600), (13 * 3600, 18 * 3600))
night_shift = ((20 * 3600, 30 * 3600 + 1),)
hours = st.sampled_from([lunch_break, night_shift, ((0, DAY),), ((0, DAY - 1),)]) | some_hours


quarters_of_day = st.integers(0, 95).map(lambda quarter: quarter * 900)
rough_lengths = st.integers(1, 96).map(lambda quarters: quarters * 900)
rough_hours = st.sampled_from([lunch_break, ((20 * 3600, 30 * 3600),), ((0, DAY),)]) | st.tuples(
    quarters_of_day, rough_lengths
).map(lambda drawn: ((drawn[0], drawn[0] + drawn[1]),))


@st.composite
def situations(
    draw: st.DrawFn, grain: Grain = SECONDS, hours: st.SearchStrategy[Spans] = hours
) -> tuple[Scene, WorkingCalendar]:
    at = scene(*draw(st.sampled_from(SCENES)), grain)
    weekly = draw(st.dictionaries(st.integers(0, 6), hours, min_size=3))
    exceptions: dict[date, Spans] = {}
    if at.zone == "Asia/Shanghai":
        exceptions = dict.fromkeys(CHINESE_YEARS.closed, ())
        exceptions |= dict.fromkeys(CHINESE_YEARS.worked, next(iter(weekly.values())))
    exceptions |= draw(st.dictionaries(st.sampled_from(at.days), hours | st.just(()), max_size=2))
    return at, WorkingCalendar(at.zone, weekly, exceptions)


@st.composite
def places(draw: st.DrawFn, grain: Grain = SECONDS) -> tuple[int, int, int]:
    """Any step, or one at an edge (which edge, and how far beside it); resolved when the edges are known."""
    return draw(st.integers(0, grain.count - 1)), draw(st.integers(0, 400)), draw(st.integers(-1, 2))


def step_of(place: tuple[int, int, int], worked: bytes) -> int:
    anywhere, edge, beside = place
    edges = edges_of(worked)
    if beside == 2 or not edges:
        return anywhere
    return min(max(edges[edge % len(edges)] + beside, 0), len(worked) - 1)


def edges_of(worked: bytes) -> list[int]:
    """The steps at which work begins or ends."""
    edges, at, sought = [], 0, 1 - worked[0]
    while (at := worked.find(sought, at)) >= 0:
        edges.append(at)
        sought = 1 - sought
    return edges


def agrees(
    situation: tuple[Scene, WorkingCalendar], place: tuple[int, int, int], other: int, part: int
) -> None:
    at, cal = situation
    worked, step = worked_steps(at, cal), at.grain.step
    first = step_of(place, worked)
    start, end = at.moment(first), at.moment(max(first, other))
    # Time between: count the steps that are worked.
    assert working_seconds_between(cal, start, end) == step * worked.count(1, first, max(first, other))
    assert is_open(cal, start) is bool(worked[first])
    # The next opening: go on to the first step that is worked.
    opening = worked.find(1, first)
    if opening < 0:
        return
    assert next_opening(cal, start) == at.moment(opening)
    # Adding: go on until so many steps were worked; the time is over when the last of them is.
    amount = 1 + part % worked.count(1, first)
    last = next(islice(compress(range(first, len(worked)), worked[first:]), amount - 1, None))
    assert add_working_time(cal, start, amount * step) == at.moment(last + 1)


QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]
second, quarter = st.integers(0, SECONDS.count - 1), st.integers(0, QUARTERS.count - 1)
Place = tuple[int, int, int]
Situation = tuple[Scene, WorkingCalendar]


@settings(deadline=None, max_examples=400, suppress_health_check=QUIET)
@given(situations(), places(), second, second)
def test_every_second_agrees(situation: Situation, place: Place, other: int, part: int) -> None:
    agrees(situation, place, other, part)


@pytest.mark.long
@settings(deadline=None, max_examples=LONG_RUN, suppress_health_check=QUIET)
@given(situations(), places(), second, second)
def test_every_second_agrees_in_twenty_thousand_cases(
    situation: Situation, place: Place, other: int, part: int
) -> None:
    agrees(situation, place, other, part)


@settings(deadline=None, max_examples=400, suppress_health_check=QUIET)
@given(situations(QUARTERS, rough_hours), places(QUARTERS), quarter, quarter)
def test_every_quarter_of_an_hour_of_four_months_agrees(
    situation: Situation, place: Place, other: int, part: int
) -> None:
    agrees(situation, place, other, part)


def test_the_reference_sees_what_it_should() -> None:
    """That it does not agree by being blind: the hour that is missing in Berlin, and the one that comes twice."""
    spring, autumn = (scene(*SCENES[number], SECONDS) for number in (0, 1))
    cal = WorkingCalendar("Europe/Berlin", {6: ((2 * 3600, 3 * 3600),)})
    assert worked_steps(spring, cal).count(1) == 0
    assert worked_steps(autumn, cal).count(1) == 2 * 3600
    assert edges_of(worked_steps(autumn, cal)) == [DAY - 3600, DAY + 3600]

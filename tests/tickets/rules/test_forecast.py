"""Which promises will be broken at the present pace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tickets.rules.forecast import ENOUGH, Clock, Forecast, Outlook, Pace, forecast

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
PACE = Pace(12, 8)


def clock(id_: int, hours: float, group: str = "a", working: float | None = None) -> Clock[str]:
    """Due in so many hours; working time passes all the while unless said otherwise."""
    return Clock(id_, group, NOW + hours * HOUR, (hours if working is None else working) * 3600)


def look(clocks: list[Clock[str]], pace: Pace = PACE, hours: float = 4) -> Outlook:
    return forecast(clocks, {"a": pace}, now=NOW, until=NOW + hours * HOUR).total


# The example of the docstring.
EXAMPLE = [clock(1, 0.5), clock(2, 1), clock(3, 2), clock(4, 3), clock(5, 20, working=5)]


def test_it_works() -> None:
    seen = forecast(EXAMPLE, {"a": PACE}, now=NOW, until=NOW + 4 * HOUR)
    assert seen.groups == {"a": Outlook(due=(1, 2, 3, 4), broken=(1, 2), pace=1.5, is_thin=False)}
    assert seen.total == seen.groups["a"]


def test_done_on_the_dot_is_kept() -> None:
    assert look([clock(1, 1)], Pace(5, 5)).broken == ()
    assert look([Clock(1, "a", NOW + HOUR, 3599)], Pace(5, 5)).broken == (1,)


def test_thirds_are_exact() -> None:
    """Three done in an hour at a pace of three: no rounding breaks the third."""
    assert look([clock(1, 1), clock(2, 1), clock(3, 1)], Pace(21, 7)).broken == ()


def test_without_any_pace_all_that_falls_due_is_broken() -> None:
    for pace in (Pace(0, 8), Pace(0, 0), Pace(7, 0)):
        seen = look(EXAMPLE, pace)
        assert (seen.due, seen.broken) == ((1, 2, 3, 4), (1, 2, 3, 4))
    unknown = forecast(EXAMPLE, {}, now=NOW, until=NOW + 4 * HOUR)
    assert unknown.total == Outlook((1, 2, 3, 4), (1, 2, 3, 4), 0.0, True)


def test_what_is_broken_already_does_not_count_and_takes_no_place() -> None:
    gone = [clock(8, -1, working=0), clock(9, 0)]
    assert look([*gone, clock(1, 1)], Pace(5, 5)) == look([clock(1, 1)], Pace(5, 5))


def test_the_horizon_is_included_and_nothing_behind_it() -> None:
    clocks = [clock(1, 4), clock(2, 4.001)]
    assert look(clocks, Pace(0, 8)).due == (1,)


def test_no_working_time_left_before_it_is_due() -> None:
    """Due tonight, and the team goes home now."""
    assert look([clock(1, 3, working=0)], Pace(100, 8)).broken == (1,)


def test_groups_do_not_wait_for_one_another() -> None:
    clocks = [clock(1, 1, "a"), clock(2, 1, "b"), clock(3, 0.5, "b")]
    seen = forecast(clocks, {"a": Pace(8, 8), "b": Pace(8, 8)}, now=NOW, until=NOW + 4 * HOUR)
    assert seen.groups["a"].broken == ()
    assert seen.groups["b"].broken == (3, 2)
    assert seen.total == Outlook(due=(3, 1, 2), broken=(3, 2), pace=2.0, is_thin=False)


def test_a_thin_pace_says_so() -> None:
    assert look([clock(1, 1)], Pace(ENOUGH - 1, 8)).is_thin
    assert not look([clock(1, 1)], Pace(ENOUGH, 8)).is_thin


def test_the_total_is_thin_by_groups_with_something_due_only() -> None:
    clocks = [clock(1, 1, "a"), clock(2, 9, "b")]
    seen = forecast(clocks, {"a": Pace(8, 8), "b": Pace(1, 8)}, now=NOW, until=NOW + 4 * HOUR)
    assert (seen.groups["b"].is_thin, seen.total.is_thin) == (True, False)


def test_nothing_runs() -> None:
    assert forecast([], {"a": PACE}, now=NOW, until=NOW + HOUR) == Forecast(Outlook((), (), 0.0, False), {})


queues = st.lists(st.tuples(st.integers(-60, 600), st.sampled_from("ab"), st.floats(0, 1)), max_size=12).map(
    lambda drawn: [
        clock(place, minutes / 60, group, working=max(minutes, 0) / 60 * share)
        for place, (minutes, group, share) in enumerate(drawn)
    ]
)
paces = st.builds(Pace, st.integers(0, 60), st.integers(0, 16))
horizons = st.integers(0, 600).map(lambda minutes: NOW + timedelta(minutes=minutes))


@given(queues, paces, paces, horizons)
def test_what_is_broken_is_due_and_the_total_is_the_sum(
    clocks: list[Clock[str]], one: Pace, other: Pace, until: datetime
) -> None:
    seen = forecast(clocks, {"a": one, "b": other}, now=NOW, until=until)
    due = {clock.id: clock.due_at for clock in clocks if NOW < clock.due_at <= until}
    assert set(seen.total.due) == set(due)
    assert set(seen.total.broken) <= set(due)
    for outlook in (seen.total, *seen.groups.values()):
        for ids in (outlook.due, outlook.broken):
            assert list(ids) == sorted(ids, key=lambda id_: (due[id_], id_))
    assert sorted(id_ for outlook in seen.groups.values() for id_ in outlook.broken) == sorted(
        seen.total.broken
    )


@given(queues, paces, st.integers(0, 60), horizons)
def test_more_pace_never_breaks_more(
    clocks: list[Clock[str]], pace: Pace, more: int, until: datetime
) -> None:
    slow = forecast(clocks, {"a": pace, "b": pace}, now=NOW, until=until).total
    quick_pace = Pace(pace.fulfilled + more, pace.working_hours)
    quick = forecast(clocks, {"a": quick_pace, "b": quick_pace}, now=NOW, until=until).total
    assert set(quick.broken) <= set(slow.broken)


@given(queues, paces, horizons, horizons)
def test_a_longer_horizon_never_breaks_less(
    clocks: list[Clock[str]], pace: Pace, one: datetime, other: datetime
) -> None:
    near, far = (
        set(forecast(clocks, {"a": pace, "b": pace}, now=NOW, until=until).total.broken)
        for until in sorted((one, other))
    )
    assert near <= far


@given(queues, paces, horizons, st.integers(1, 600))
def test_more_work_never_breaks_less(
    clocks: list[Clock[str]], pace: Pace, until: datetime, minutes: int
) -> None:
    before = forecast(clocks, {"a": pace, "b": pace}, now=NOW, until=until).total
    after = forecast([*clocks, clock(99, minutes / 60)], {"a": pace, "b": pace}, now=NOW, until=until).total
    assert set(before.broken) <= set(after.broken)


@given(queues, paces, horizons)
def test_a_slow_worker_agrees(clocks: list[Clock[str]], pace: Pace, until: datetime) -> None:
    """Written apart: the clocks are worked off one by one, each for as long as the pace says."""
    expected = []
    for group in "ab":
        spent = Fraction()
        for one in sorted(
            (c for c in clocks if c.group == group and c.due_at > NOW), key=lambda c: (c.due_at, c.id)
        ):
            if pace.fulfilled and pace.working_hours:
                spent += Fraction(pace.working_hours) / pace.fulfilled * 3600
                is_late = spent > Fraction(one.working_seconds_left)
            else:
                is_late = True
            if is_late and one.due_at <= until:
                expected.append(one.id)
    seen = forecast(clocks, {"a": pace, "b": pace}, now=NOW, until=until)
    assert sorted(seen.total.broken) == sorted(expected)

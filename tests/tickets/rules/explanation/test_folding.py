"""A promise of months fits on a page, and nothing worth a name is lost in it."""

from collections.abc import Hashable
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from tests.tickets.explained import HOUR, MID_AUTUMN, NATIONAL_DAY, Story, opened
from tickets.rules.explanation import Closed, Explanation, LineKind, Special
from tickets.rules.explanation.folding import BY_WEEKS, IN_FULL

SIXTY_DAYS = {
    "lunch": 480,
    "night shift": 480,
    "christmas": 540,
    "round the clock": 1440,
    "working week": 1440,
}


def explained(calendar: Hashable, start: datetime, hours: float, after: timedelta) -> Explanation:
    now = (start + after).isoformat(sep=" ")
    return Story([opened(start.isoformat(sep=" "), hours, calendar)], now).explained()


@pytest.mark.parametrize("days_later", [0, 3, 20, 75, 150])
@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("calendar", SIXTY_DAYS)
def test_sixty_working_days_fit_on_a_page(calendar: str, month: int, days_later: int) -> None:
    start = datetime(2026, month, 17, 11, 20)
    found = explained(calendar, start, SIXTY_DAYS[calendar], timedelta(days=days_later, hours=4))
    assert len(found.lines) <= BY_WEEKS
    assert sum(line.seconds for line in found.lines) >= found.target_seconds
    assert all(line.end == after.start for line, after in pairwise(found.lines))


def test_what_is_short_is_told_in_full() -> None:
    found = explained("lunch", datetime(2026, 3, 2, 11), 16, timedelta(0))
    assert len(found.lines) <= IN_FULL
    assert sum(line.closed == Closed.BREAK for line in found.lines) == 2
    assert all(line.days_off is None for line in found.lines)


def test_two_weeks_are_told_by_weeks() -> None:
    lines = explained("lunch", datetime(2026, 3, 6, 17), 81, timedelta(0)).lines
    assert [line.kind for line in lines] == [
        LineKind.STARTED,
        LineKind.WORKED,
        LineKind.CLOSED,
        LineKind.WORKED,
        LineKind.CLOSED,
        LineKind.WORKED,
        LineKind.WORKED,
        LineKind.DUE,
    ]
    week = lines[3]
    assert (len(week.days), week.days_off, week.seconds) == (5, 0, 40 * HOUR)
    assert (week.days[0], week.days[-1]) == (date(2026, 3, 9), date(2026, 3, 13))


def test_holidays_and_make_up_days_keep_their_names() -> None:
    lines = explained("lunch", datetime(2026, 9, 7, 11), 480, timedelta(0)).lines
    named = [line.names for line in lines if line.closed == Closed.HOLIDAY]
    assert named == [(MID_AUTUMN,), (NATIONAL_DAY,)]
    made_up = [line.days for line in lines if line.special == Special.MAKE_UP]
    assert made_up == [(date(2026, 9, 20),), (date(2026, 10, 10),)]


def test_a_night_on_which_clocks_are_changed_is_not_folded_away() -> None:
    lines = explained("night shift", datetime(2026, 10, 1, 11), 480, timedelta(0)).lines
    assert [line.start for line in lines if line.kind == LineKind.CLOCKS] == [
        datetime.fromisoformat("2026-10-25 01:00+00:00")
    ]


def test_a_day_half_gone_is_not_a_whole_one() -> None:
    """Now is in the lunch break of a day within the run."""
    lines = explained("lunch", datetime(2026, 3, 2, 9), 80, timedelta(days=8, hours=3, minutes=30)).lines
    now = next(at for at, line in enumerate(lines) if line.kind == LineKind.NOW)
    folded = [line for line in lines if line.days_off is not None]
    assert all(date(2026, 3, 10) not in line.days for line in folded)
    assert lines[now - 2].seconds == 3 * HOUR

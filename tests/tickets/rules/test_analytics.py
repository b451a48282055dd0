"""Periods, comparisons and shares; and that every definition stands in the documentation."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from helpdesk.env import BASE_DIR
from tickets.rules import analytics as rules
from tickets.rules.analytics import Bin, Period, Span, last_days
from tickets.rules.analytics_terms import NAMES, TERMS

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_the_last_days_include_today_where_the_brand_is() -> None:
    late = datetime(2026, 3, 3, 16, 30, tzinfo=UTC)  # half past midnight in Shanghai
    assert last_days(7, late, "Asia/Shanghai") == Period(date(2026, 2, 26), date(2026, 3, 4), "Asia/Shanghai")
    assert last_days(7, late, "UTC").last == date(2026, 3, 3)


def test_a_running_period_ends_now_and_is_compared_up_to_the_same_time_of_day() -> None:
    now = datetime(2026, 3, 4, 10, 30, tzinfo=SHANGHAI)
    period = last_days(7, now, "Asia/Shanghai")
    assert period.span(now) == Span(datetime(2026, 2, 26, tzinfo=SHANGHAI), now)
    assert period.before(now) == Span(
        datetime(2026, 2, 19, tzinfo=SHANGHAI), datetime(2026, 2, 25, 10, 30, tzinfo=SHANGHAI)
    )


def test_a_period_that_is_over_is_compared_with_whole_days() -> None:
    period = Period(date(2026, 3, 2), date(2026, 3, 3), "Asia/Shanghai")
    now = datetime(2026, 3, 9, tzinfo=SHANGHAI)
    assert period.span(now).end == datetime(2026, 3, 4, tzinfo=SHANGHAI)
    assert period.before(now) == Span(
        datetime(2026, 2, 28, tzinfo=SHANGHAI), datetime(2026, 3, 2, tzinfo=SHANGHAI)
    )


def test_a_day_with_a_clock_change_has_its_own_length() -> None:
    day = Period(date(2026, 3, 29), date(2026, 3, 29), "Europe/Berlin")
    span = day.span(datetime(2026, 4, 1, tzinfo=UTC))
    assert span.end - span.start == timedelta(hours=23)


def test_long_periods_are_drawn_by_weeks() -> None:
    assert len(Period(date(2026, 1, 1), date(2026, 4, 2), "UTC").bins()) == 92
    weeks = Period(date(2026, 1, 1), date(2026, 4, 3), "UTC").bins()
    assert weeks[0] == Bin(date(2026, 1, 1), date(2026, 1, 7))
    assert weeks[-1] == Bin(date(2026, 4, 2), date(2026, 4, 3))


@pytest.mark.parametrize(
    ("values", "half", "nine_tenths"),
    [([], None, None), ([5], 5, 5), ([1, 2], 1, 2), ([3, 1, 2], 2, 3), (list(range(1, 11)), 5, 9)],
)
def test_quantile(values: list[int], half: int | None, nine_tenths: int | None) -> None:
    assert rules.quantile(values, 0.5) == half
    assert rules.quantile(values, 0.9) == nine_tenths


@pytest.mark.parametrize(
    ("now", "before", "grown"), [(138, 100, 0.38), (50, 100, -0.5), (3, 0, None), (None, 3, None)]
)
def test_change(now: int | None, before: int, grown: float | None) -> None:
    assert rules.change(now, before) == (pytest.approx(grown) if grown is not None else None)


def test_backlog_is_reckoned_back_from_the_end() -> None:
    bins = Period(date(2026, 3, 2), date(2026, 3, 4), "UTC").bins()
    opened, solved = {date(2026, 3, 3): 5}, {date(2026, 3, 4): 2}
    assert rules.backlog_by_bin(bins, 10, opened, solved) == [7, 12, 10]


def test_most_changed_speaks_of_large_groups_only() -> None:
    assert rules.most_changed({"a": (30, 20), "b": (5, 100), "c": (40, 1)}) == "b"
    assert rules.most_changed({"a": (20, 20)}) is None
    assert rules.most_changed({"a": (9, 3)}) is None


@pytest.mark.parametrize(("value", "level"), [(0, 0), (1, 1), (20, 1), (21, 2), (99, 5), (100, 5)])
def test_heat_level(value: int, level: int) -> None:
    assert rules.heat_level(value, 100) == level


@pytest.mark.parametrize(
    ("seconds", "days", "parts"),
    [
        (29, True, (0, 0, 0)),
        (2520, False, (0, 0, 42)),
        (187_200, True, (2, 4, 0)),
        (187_200, False, (0, 52, 0)),
    ],
)
def test_clock_parts(seconds: int, days: bool, parts: tuple[int, int, int]) -> None:
    assert rules.clock_parts(seconds, days=days) == parts


def test_every_definition_stands_in_the_documentation() -> None:
    assert set(NAMES) == set(TERMS)
    written = (Path(BASE_DIR) / "docs" / "analytics.md").read_text(encoding="utf-8")
    with translation.override("en"):
        for term, meaning in TERMS.items():
            assert f"| `{term}` | {meaning} |" in written

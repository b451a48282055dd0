"""How leniently an address of the queue is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.rules.queue import (
    COLUMNS,
    FILTERS,
    MOST_VALUES,
    ORDERS,
    asks_for_ended,
    moment_of,
    read_columns,
    read_filters,
    read_order,
    usual_order,
)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ({"status": ["new,open"]}, {"status": ("new", "open")}),
        ({"status": ["new", "open", "new"]}, {"status": ("new", "open")}),
        ({"status": ["New, x,,"]}, {"status": ("new",)}),
        ({"status": ["new", "any"]}, {"status": ("any",)}),
        ({"status": ["x"]}, {}),
        ({"priority": ["urgent"]}, {"priority": ("urgent",)}),
        ({"category": ["007", "none"]}, {"category": ("7", "none")}),
        ({"category": ["9" * 40, "²", "-1"]}, {}),
        ({"assignee": ["me", "none", "12", "mine"]}, {"assignee": ("me", "none", "12")}),
        ({"team": ["mine", "me"]}, {"team": ("mine",)}),
        ({"brand": ["none", "3"]}, {"brand": ("3",)}),
        ({"tag": ["VIP , Two words"]}, {"tag": ("vip", "two-words")}),
        ({"overdue": ["1"]}, {"overdue": ("yes",)}),
        ({"overdue": ["maybe"]}, {}),
        ({"due": ["4H"]}, {"due": ("4h",)}),
        ({"due": ["0h", "4y", "99999h"]}, {}),
        ({"opened_since": ["7d", ""]}, {"opened_since": ("7d",)}),
        ({"opened_since": ["7d", "2026-10-01"]}, {"opened_since": ("2026-10-01",)}),
        ({"opened_since": ["2026-13-01"]}, {}),
        ({"opened_since": ["20261001"]}, {}),
        ({"password": ["x"]}, {}),
    ],
)
def test_filters(given_: dict[str, list[str]], expected: dict[str, tuple[str, ...]]) -> None:
    assert read_filters(given_) == expected


@given(st.dictionaries(st.sampled_from(sorted(FILTERS)), st.lists(st.text(max_size=30), max_size=5)))
def test_whatever_is_said_is_read_and_read_again_the_same(given_: dict[str, list[str]]) -> None:
    found = read_filters(given_)
    assert read_filters({name: list(values) for name, values in found.items()}) == found
    assert read_filters({name: [",".join(values)] for name, values in found.items()}) == found


def test_a_thousand_values_are_cut() -> None:
    found = read_filters({"category": [",".join(map(str, range(5000)))]})
    assert len(found["category"]) == MOST_VALUES


NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30m", NOW - timedelta(minutes=30)),
        ("2w", NOW - timedelta(weeks=2)),
        ("2026-03-01", datetime(2026, 2, 28, 16, tzinfo=UTC)),
    ],
)
def test_moments(text: str, expected: datetime) -> None:
    assert moment_of(text, now=NOW, zone=ZoneInfo("Asia/Shanghai")) == expected


@pytest.mark.parametrize(
    ("filters", "ended", "order"),
    [
        ({}, False, "due"),
        ({"status": ("new", "pending")}, False, "due"),
        ({"status": ("new", "solved")}, True, "due"),
        ({"status": ("solved", "closed")}, True, "-updated"),
        ({"status": ("any",)}, True, "-updated"),
    ],
)
def test_what_is_over(filters: dict[str, tuple[str, ...]], ended: bool, order: str) -> None:
    assert asks_for_ended(filters) is ended
    assert usual_order(filters) == order


def test_columns() -> None:
    assert read_columns(["due,subject", "due", "x"]) == ("due", "subject")
    assert read_columns(["due"]) == ("subject", "due"), "a row without its link opens nothing"
    assert read_columns(["x"]) == ()


def test_every_column_has_an_order() -> None:
    assert set(COLUMNS.values()) == set(ORDERS)
    assert read_order("-priority") == "-priority"
    assert read_order("--priority") == read_order("password") == ""

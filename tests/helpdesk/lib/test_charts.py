from __future__ import annotations

import pytest

from helpdesk.lib import charts


@pytest.mark.parametrize(
    ("greatest", "top", "step"),
    [(0, 1, 1), (1, 1, 1), (3, 3, 1), (7, 8, 2), (35, 40, 10), (288, 300, 100), (10_688, 15_000, 5000)],
)
def test_the_axis_ends_at_a_round_number(greatest: int, top: int, step: int) -> None:
    assert charts.ceiling(greatest) == (top, step)


def test_bars_begin_at_zero() -> None:
    [first, second] = charts.columns([[2, 4]])
    assert second.marks[0].height == 2 * first.marks[0].height
    assert second.marks[0].y + second.marks[0].height == charts.PLOT_BOTTOM
    assert (first.x, first.width, first.middle) == ("0%", "50%", "25%")


def test_bars_of_two_series_stand_side_by_side() -> None:
    [column] = charts.columns([[1], [1]], gap=0)
    assert [mark.x for mark in column.marks] == ["0%", "50%"]


def test_nothing_to_draw() -> None:
    assert charts.columns([]) == []
    assert charts.columns([[0]])[0].marks[0].height == 0
    assert charts.lengths([0, 0]) == ["0%", "0%"]
    assert charts.segments([0, 0]) == []


def test_segments_lie_end_to_end() -> None:
    assert [(part.x, part.width) for part in charts.segments([1, 0, 3])] == [("0%", "25%"), ("25%", "75%")]


def test_the_last_place_always_has_its_label() -> None:
    assert charts.labelled(3) == [0, 1, 2]
    assert charts.labelled(30, most=5) == [5, 11, 17, 23, 29]

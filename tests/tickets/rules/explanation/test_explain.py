"""Edges of the explanation: moments that coincide, promises broken and mended, what is stored and what is reckoned."""

from collections.abc import Hashable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.tickets.explained import Story, mark, opened, running
from tickets.choices import ClockReason, TimerState
from tickets.rules.explanation import Act, LineKind, Mark

PAUSED = mark("2026-03-02 11:00", "paused", "waiting_for_customer", used=1, hours=4)
GOING = running("2026-03-02 10:00", 4, now="2026-03-02 10:30")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def kinds(story: Story) -> list[LineKind]:
    return [line.kind for line in story.explained().lines]


def stopped(moment: str, why: str = "solved", *, used: float = 1) -> Mark:
    return mark(moment, "stopped", why, used=used, hours=1)


def test_what_it_says() -> None:
    found = GOING.explained(at("2026-03-02 15:00"))
    assert found.due == at("2026-03-02 15:00")
    assert (found.target_seconds, found.used_seconds, found.left_seconds) == (4 * 3600, 1800, 3.5 * 3600)
    assert (found.calendar, found.time_zone, found.broken_at, found.agrees) == (
        "lunch",
        "Asia/Shanghai",
        None,
        True,
    )


def test_by_the_clock_on_the_wall_there_is_no_zone() -> None:
    found = running("2026-03-02 10:00", 4, now="2026-03-02 10:30", calendar=None).explained()
    assert (found.calendar, found.time_zone) == (None, "")


def test_done_at_the_very_moment_is_kept() -> None:
    story = Story(
        [opened("2026-03-02 10:00", 1), stopped("2026-03-02 11:00")], "2026-03-03 11:00", TimerState.DONE
    )
    assert kinds(story) == [LineKind.STARTED, LineKind.WORKED, LineKind.KEPT]


def test_due_now_is_not_broken_yet() -> None:
    assert kinds(running("2026-03-02 10:00", 1, now="2026-03-02 11:00"))[-2:] == [LineKind.NOW, LineKind.DUE]


def test_done_after_closing_time_is_late_though_no_more_time_was_used() -> None:
    story = Story(
        [opened("2026-03-02 17:00", 1), stopped("2026-03-02 18:30")], "2026-03-03 11:00", TimerState.DONE
    )
    assert kinds(story)[-1] == LineKind.LATE


def test_more_time_mends_a_broken_promise() -> None:
    more = mark("2026-03-02 11:20", "changed", "priority_changed", used=4 / 3, hours=8)
    found = Story([opened("2026-03-02 10:00", 1), more], "2026-03-02 11:30").explained()
    assert (found.broken_at, found.due) == (None, at("2026-03-03 10:00"))
    assert LineKind.BROKEN in [line.kind for line in found.lines]


def test_a_second_lost_by_rounding_does_not_mend_it() -> None:
    """Each run is booked to the whole second."""
    marks = [
        opened("2026-03-02 17:00", 1),
        replace(stopped("2026-03-02 18:30"), used_seconds=3599),
        replace(stopped("2026-03-03 09:30"), act=Act.RESUMED, why=ClockReason.REOPENED, used_seconds=3599),
    ]
    found = Story(marks, "2026-03-03 09:40").explained(at("2026-03-02 18:00"))
    assert (found.due, found.broken_at) == (at("2026-03-02 18:00"), at("2026-03-02 18:00"))
    assert found.agrees


@pytest.mark.parametrize(
    ("state", "why", "ending"),
    [
        (TimerState.DONE, "judged", LineKind.KEPT),
        (TimerState.DONE, "answered", LineKind.KEPT),
        (TimerState.CANCELLED, "merged", LineKind.ENDED),
        (TimerState.CANCELLED, "no_longer_promised", LineKind.ENDED),
    ],
)
def test_the_last_stop_is_what_the_state_says(state: TimerState, why: str, ending: LineKind) -> None:
    story = Story(
        [opened("2026-03-02 10:00", 4), stopped("2026-03-02 11:00", why)], "2026-03-03 11:00", state
    )
    assert kinds(story)[-1] == ending


@pytest.mark.parametrize(("why", "ending"), [("solved", LineKind.KEPT), ("merged", LineKind.ENDED)])
def test_a_stop_before_is_what_its_reason_says(why: str, ending: LineKind) -> None:
    again = mark("2026-03-02 14:00", "resumed", "reopened", used=1, hours=4)
    story = Story(
        [opened("2026-03-02 10:00", 4), stopped("2026-03-02 11:00", why), again], "2026-03-02 14:10"
    )
    assert kinds(story)[2:5] == [ending, LineKind.RESTED, LineKind.RESUMED]


# What is stored, against what is reckoned


@pytest.mark.parametrize(
    ("stored", "agrees"),
    [
        ("2026-03-02 15:00:00", True),
        ("2026-03-02 15:00:01.900000", True),
        ("2026-03-02 14:59:58.100000", True),
        ("2026-03-02 15:00:03", False),
        ("2026-03-02 14:00:00", False),
        (None, False),
    ],
)
def test_another_due_time_is_told(stored: str | None, agrees: bool) -> None:
    assert GOING.explained((stored and at(stored)) or None).agrees is agrees


def test_another_state_is_told() -> None:
    for state in (TimerState.PAUSED, TimerState.DONE, TimerState.CANCELLED):
        assert not replace(GOING, state=state).explained().agrees
    paused = Story([opened("2026-03-02 10:00", 4), PAUSED], "2026-03-02 14:00")
    assert not paused.explained().agrees
    assert replace(paused, state=TimerState.PAUSED).explained().agrees


def test_paused_there_is_no_due_time() -> None:
    paused = Story([opened("2026-03-02 10:00", 4), PAUSED], "2026-03-02 14:00", TimerState.PAUSED)
    assert paused.explained().due is None
    assert not paused.explained(at("2026-03-02 15:00")).agrees


def test_stopped_it_is_what_was_due() -> None:
    story = Story(
        [opened("2026-03-02 10:00", 4), stopped("2026-03-02 11:00")], "2026-03-03 11:00", TimerState.DONE
    )
    assert story.explained().due == at("2026-03-02 15:00")
    assert story.explained().agrees
    assert story.explained(at("2026-03-02 15:00")).agrees


def test_broken_before_a_pause_may_be_stored_as_due_where_it_went_on() -> None:
    marks = [
        opened("2026-03-02 10:00", 1),
        mark("2026-03-02 11:20", "paused", "waiting_for_customer", used=4 / 3, hours=1),
        mark("2026-03-02 14:00", "resumed", "customer_wrote", used=4 / 3, hours=1),
    ]
    story = Story(marks, "2026-03-02 14:30")
    assert story.explained().due == at("2026-03-02 11:00")
    assert story.explained(at("2026-03-02 11:00")).agrees
    assert story.explained(at("2026-03-02 14:00")).agrees
    assert not story.explained(at("2026-03-02 14:30")).agrees


@pytest.mark.parametrize("calendar", ["gone", 5])
def test_a_calendar_that_was_not_handed_in(calendar: Hashable) -> None:
    with pytest.raises(KeyError):
        Story([replace(opened("2026-03-02 10:00", 4), calendar=calendar)], "2026-03-02 10:00").explained()

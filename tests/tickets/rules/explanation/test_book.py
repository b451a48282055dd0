"""The book of a clock, read from the events of its ticket: those of today, and those that older versions wrote."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tickets.choices import ActorKind, ClockReason, EventKind, TimerKind
from tickets.rules.explanation.book import Act, Clock, Mark, from_events

HOUR = 3600
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
CLOCK = Clock(7, TimerKind.RESOLUTION, START, 8 * HOUR, 3)


def event(kind: EventKind, hours: float, *, who: str = "Li Lei", **data: Any) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "at": START + timedelta(hours=hours),
        "actor_kind": ActorKind.STAFF if who else ActorKind.SYSTEM,
        "actor_name": who or "sla",
        "data": {"timer": "resolution", **data},
    }


def told(kind: EventKind, hours: float, why: str, **more: Any) -> dict[str, Any]:
    """As events are written today."""
    full = {"timer_id": 7, "why": why, "used_seconds": 60, "target_seconds": HOUR, "calendar": 4, **more}
    return event(kind, hours, **full)


def test_each_kind_is_a_mark() -> None:
    rows = [
        told(EventKind.TIMER_STARTED, 0, "customer_wrote", used_seconds=0),
        told(EventKind.TIMER_PAUSED, 1, "waiting_for_third_party"),
        told(EventKind.TIMER_RESUMED, 2, "went_on"),
        told(EventKind.TIMER_CHANGED, 3, "tier_changed", target_seconds=2 * HOUR, calendar=5),
        told(EventKind.TIMER_MET, 4, "answered"),
    ]
    assert [(mark.act, mark.why) for mark in from_events(rows, CLOCK)] == [
        (Act.STARTED, ClockReason.CUSTOMER_WROTE),
        (Act.PAUSED, ClockReason.WAITING_FOR_THIRD_PARTY),
        (Act.RESUMED, ClockReason.WENT_ON),
        (Act.CHANGED, ClockReason.TIER_CHANGED),
        (Act.STOPPED, ClockReason.ANSWERED),
    ]
    assert from_events(rows, CLOCK)[3] == Mark(
        START + timedelta(hours=3), Act.CHANGED, ClockReason.TIER_CHANGED, "Li Lei", 60, 2 * HOUR, 5
    )


def test_missed_and_cancelled_stop_it_too() -> None:
    for kind in (EventKind.TIMER_MISSED, EventKind.TIMER_CANCELLED):
        assert from_events([told(kind, 1, "merged")], CLOCK)[-1].act == Act.STOPPED


def test_other_events_and_other_clocks_are_left_out() -> None:
    rows = [
        event(EventKind.REPLIED, 1),
        event(EventKind.BREACHED, 1),
        told(EventKind.TIMER_PAUSED, 1, "solved", timer_id=8),
        event(EventKind.TIMER_PAUSED, 1, timer="first_response"),
    ]
    assert [mark.act for mark in from_events(rows, CLOCK)] == [Act.STARTED]


def test_the_desk_itself_has_no_name() -> None:
    marks = from_events([event(EventKind.TIMER_PAUSED, 1, who="")], CLOCK)
    assert marks[-1].who == ""


def test_the_clock_on_the_wall_is_no_calendar() -> None:
    marks = from_events([told(EventKind.TIMER_STARTED, 0, "opened", calendar=None)], CLOCK)
    assert marks[0].calendar is None


def test_rows_come_in_any_order() -> None:
    rows = [told(EventKind.TIMER_PAUSED, 2, "judged"), told(EventKind.TIMER_STARTED, 0, "opened")]
    assert [mark.act for mark in from_events(rows, CLOCK)] == [Act.STARTED, Act.PAUSED]


# Older events


def test_without_a_start_it_began_with_its_ticket() -> None:
    (start,) = from_events([], CLOCK)
    assert start == Mark(START, Act.STARTED, ClockReason.OPENED, "", 0, 8 * HOUR, 3)


def test_what_older_events_leave_out_is_the_clocks_own() -> None:
    rows = [
        event(EventKind.TIMER_PAUSED, 1, used_seconds=HOUR),
        event(EventKind.TIMER_RESUMED, 2, due_at=None),
        event(EventKind.TIMER_CHANGED, 3, due_at=None),
        event(EventKind.TIMER_MET, 4, used_seconds=2 * HOUR),
    ]
    marks = from_events(rows, CLOCK)
    assert [mark.why for mark in marks] == [
        ClockReason.OPENED,
        ClockReason.WAITING_FOR_CUSTOMER,
        ClockReason.WENT_ON,
        ClockReason.RECALCULATED,
        ClockReason.SOLVED,
    ]
    assert [mark.used_seconds for mark in marks] == [0, HOUR, None, None, 2 * HOUR]
    assert {(mark.target_seconds, mark.calendar) for mark in marks} == {(8 * HOUR, 3)}


def test_an_older_first_reply_was_kept_by_an_answer() -> None:
    clock = Clock(9, TimerKind.FIRST_RESPONSE, START, HOUR, 3)
    marks = from_events([event(EventKind.TIMER_MET, 1, timer="first_response", used_seconds=60)], clock)
    assert marks[-1].why == ClockReason.ANSWERED


def test_a_reason_that_is_not_known_is_as_none() -> None:
    assert from_events([told(EventKind.TIMER_PAUSED, 1, "moonlight")], CLOCK)[-1].why == (
        ClockReason.WAITING_FOR_CUSTOMER
    )


def test_promised_later_but_counted_from_the_opening() -> None:
    marks = from_events([event(EventKind.TIMER_STARTED, 2, due_at=None)], CLOCK)
    assert [(mark.at, mark.act) for mark in marks] == [
        (START, Act.STARTED),
        (START + timedelta(hours=2), Act.CHANGED),
    ]


def test_a_start_booked_moments_after_the_timer_is_the_start() -> None:
    marks = from_events([told(EventKind.TIMER_STARTED, 1 / HOUR, "opened")], CLOCK)
    assert [mark.act for mark in marks] == [Act.STARTED]

"""Whatever the calendar and the history: the lines follow one another without a gap and add up to the second."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.tickets.rules.test_business_time_reference import opens_often, situations
from tickets.choices import ClockReason, TimerState
from tickets.rules.business_time import WorkingCalendar, add_working_time, working_seconds_between
from tickets.rules.explanation import Act, Explanation, LineKind, Mark, Phase, explain

MINUTE = 60
HOUR = 3600
OTHER = WorkingCalendar(
    "Asia/Shanghai", dict.fromkeys(range(5), ((9 * HOUR, 12 * HOUR), (13 * HOUR, 18 * HOUR)))
)


@dataclass
class Book:
    """A clock kept by the plain arithmetic, as the verbs keep it."""

    calendars: Mapping[Hashable, WorkingCalendar]
    marks: list[Mark]
    since: datetime | None
    used: int = 0
    broken_at: datetime | None = None

    @property
    def last(self) -> Mark:
        return self.marks[-1]

    @property
    def target(self) -> int:
        assert self.last.target_seconds is not None
        return self.last.target_seconds

    def used_at(self, at: datetime) -> int:
        if self.since is None:
            return self.used
        if self.last.calendar is None:
            return self.used + (at - self.since) // timedelta(seconds=1)
        return self.used + int(working_seconds_between(self.calendars[self.last.calendar], self.since, at))

    def due(self) -> datetime | None:
        if self.since is None:
            return None
        left = self.target - self.used
        if self.broken_at or left <= 0:
            return self.broken_at or self.since
        if self.last.calendar is None:
            return self.since + timedelta(seconds=left)
        return add_working_time(self.calendars[self.last.calendar], self.since, left)

    def pass_to(self, at: datetime) -> None:
        due = self.due()
        if due is not None and due < at:
            self.broken_at = self.broken_at or due

    def write(self, at: datetime, act: Act, target: int, calendar: Hashable | None) -> None:
        self.pass_to(at)
        self.used = self.used_at(at)
        if act != Act.STOPPED and target - self.used > 2:
            self.broken_at = None
        running = act in (Act.STARTED, Act.RESUMED) or (act == Act.CHANGED and self.since is not None)
        self.since = at if running else None
        self.marks.append(Mark(at, act, ClockReason.RECALCULATED, "Ann", self.used, target, calendar))

    @property
    def state(self) -> TimerState:
        if self.since is not None:
            return TimerState.RUNNING
        stopped = [mark.act for mark in self.marks if mark.act != Act.CHANGED][-1] == Act.STOPPED
        return TimerState.DONE if stopped else TimerState.PAUSED


_STEPS = st.tuples(
    st.integers(0, 5 * 24 * 60),
    st.sampled_from([Act.PAUSED, Act.RESUMED, Act.CHANGED, Act.STOPPED]),
)
#: Short ones, so that many are broken; and any, so that some end at odd seconds.
_TARGETS = st.sampled_from([10 * MINUTE, HOUR, 4 * HOUR, 20 * HOUR]) | st.integers(1, 20 * HOUR)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Book, datetime]:
    """A book, and a moment at which it is explained."""
    cal, start = draw(situations().filter(opens_often))
    calendars: Mapping[Hashable, WorkingCalendar] = {1: cal, 2: OTHER}
    keys = st.sampled_from([1, 1, 2, None])
    book = Book(
        calendars,
        [Mark(start, Act.STARTED, ClockReason.OPENED, "", 0, draw(_TARGETS), draw(keys))],
        start,
    )
    at = start
    for minutes, act in draw(st.lists(_STEPS, max_size=5)):
        if not _may_follow(book, act):
            continue
        at += timedelta(minutes=minutes, seconds=draw(st.integers(0, 59)))
        changed = act == Act.CHANGED
        book.write(
            at,
            act,
            draw(_TARGETS) if changed else book.target,
            draw(keys) if changed else book.last.calendar,
        )
    now = at + timedelta(minutes=draw(st.integers(0, 6 * 24 * 60)))
    return book, now


def _may_follow(book: Book, act: Act) -> bool:
    if act == Act.RESUMED:
        return book.since is None
    return book.since is not None or act == Act.CHANGED


def explained(book: Book, now: datetime, due: datetime | None) -> Explanation:
    return explain(book.marks, book.calendars, now=now, state=book.state, due=due)


@given(histories())
@settings(max_examples=200, deadline=None)
def test_lines_add_up(history: tuple[Book, datetime]) -> None:
    book, now = history
    due = book.due()
    explanation = explained(book, now, due)
    lines = explanation.lines
    counted = sum(line.seconds for line in lines if line.phase != Phase.AHEAD)

    assert lines[0].start == book.marks[0].at
    assert all(line.end == after.start for line, after in pairwise(lines))
    assert all(line.start <= line.end for line in lines)
    assert counted == explanation.used_seconds == book.used_at(now)
    assert explanation.agrees
    if due is None:
        return
    assert explanation.due == due
    assert lines[-1].end == max(due, now)
    if explanation.broken_at is None:
        # A target lowered below what was used is due at once.
        assert sum(line.seconds for line in lines) == max(book.target, book.used)


@given(histories())
@settings(max_examples=100, deadline=None)
def test_each_line_counts_what_was_worked_in_it(history: tuple[Book, datetime]) -> None:
    book, now = history
    for line in explained(book, now, None).lines:
        assert (line.seconds != 0) == (line.kind == LineKind.WORKED)
        if line.kind == LineKind.WORKED and len(book.marks) == 1:
            key = book.marks[0].calendar
            lasts = (line.end - line.start) // timedelta(seconds=1)
            worked = (
                lasts if key is None else working_seconds_between(book.calendars[key], line.start, line.end)
            )
            assert line.seconds == worked


@given(histories(), st.integers(-24 * 60, 24 * 60))
@settings(max_examples=100, deadline=None)
def test_another_due_time_does_not_agree(history: tuple[Book, datetime], minutes: int) -> None:
    book, now = history
    due = book.due()
    assume(due is not None and minutes and book.broken_at is None)
    assert due is not None
    # What is due now or was is no longer reckoned with.
    assert not explained(book, now, due + timedelta(minutes=minutes)).agrees or due <= now


@given(histories(), st.integers(0, 999_999))
@settings(max_examples=100, deadline=None)
def test_parts_of_a_second_change_nothing(history: tuple[Book, datetime], microseconds: int) -> None:
    book, now = history
    part = timedelta(microseconds=microseconds)
    late = [replace(mark, at=mark.at + part) for mark in book.marks]
    whole = explained(book, now, None)
    assert explain(late, book.calendars, now=now + part, state=book.state, due=None).lines == whole.lines


def test_a_clock_set_back_explains_up_to_its_last_mark() -> None:
    start = datetime(2026, 3, 2, 1, tzinfo=UTC)
    book = Book({2: OTHER}, [Mark(start, Act.STARTED, ClockReason.OPENED, "", 0, HOUR, 2)], start)
    lines = explained(book, start - timedelta(days=1), None).lines
    assert [line.kind for line in lines] == [LineKind.STARTED, LineKind.WORKED, LineKind.DUE]


def test_without_marks_there_is_nothing_to_explain() -> None:
    with pytest.raises(ValueError, match="without marks"):
        explain([], {}, now=datetime(2026, 3, 2, tzinfo=UTC), state="running", due=None)

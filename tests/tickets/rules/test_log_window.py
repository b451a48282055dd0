"""Rows that commit late and out of order: none is missed, none is read twice, and the memory stays small."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tickets.rules.log_window import MOST_REMEMBERED, PATIENCE_SECONDS, SETTLES_SECONDS, LogWindow, Snapshot


def test_the_floor_waits_for_a_transaction_that_runs() -> None:
    window = LogWindow(floor=10)
    window.take([12], Snapshot(xmin=100, next_xid=102), now=0)  # 11 is not seen yet: 100 or 101 may write it
    window.take([], Snapshot(xmin=101, next_xid=105), now=60)
    assert (window.floor, window.seen) == (10, {12})
    window.take([11], Snapshot(xmin=105, next_xid=105), now=61)
    assert (window.floor, window.seen, window.given_up) == (12, set(), 0)


def test_the_floor_waits_a_moment_where_no_transaction_is_known() -> None:
    """An id is taken before its transaction has a number."""
    window = LogWindow(floor=0)
    window.take([2], Snapshot(100, 100), now=0)
    window.take([], Snapshot(100, 100), now=SETTLES_SECONDS - 0.1)
    assert window.floor == 0
    window.take([1], Snapshot(101, 101), now=SETTLES_SECONDS)
    assert window.floor == 2


def test_a_transaction_that_never_ends_is_not_waited_for() -> None:
    window = LogWindow(floor=0)
    window.take([5], Snapshot(100, 103), now=0)
    window.take([9], Snapshot(100, 110), now=1)
    window.take([], Snapshot(100, 120), now=PATIENCE_SECONDS)
    assert (window.floor, window.seen, window.given_up) == (5, {9}, 1)


def test_the_memory_has_an_end() -> None:
    window = LogWindow(floor=0)
    window.take(range(1, MOST_REMEMBERED + 2), Snapshot(100, 103), now=0)
    assert (window.floor, window.seen) == (MOST_REMEMBERED + 1, set())


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, int]]:
    """Transactions that begin, write rows and commit in any order: ("begin" | "write" | "commit" | "read", which)."""
    count = draw(st.integers(1, 6))
    acts = [("begin", n) for n in range(count)]
    acts += [("write", n) for n in range(count) for _ in range(draw(st.integers(1, 3)))]
    acts += [("read", 0)] * draw(st.integers(1, 8))
    order = draw(st.permutations(acts))
    ends = [("commit", n) for n in draw(st.permutations(range(count)))]
    places = sorted(draw(st.lists(st.integers(0, len(order)), min_size=count, max_size=count)))
    for place, end in zip(reversed(places), ends, strict=True):
        order.insert(place, end)
    return order


@given(histories())
def test_whatever_the_order_each_row_is_read_once(history: list[tuple[str, int]]) -> None:
    """PostgreSQL in small: a number at the first write, an id for each row, rows seen from the commit on."""
    window, now = LogWindow(floor=0), 0.0
    next_xid, next_id = 50, 1
    running: dict[int, int] = {}
    rows: dict[int, list[int]] = {}
    ended: set[int] = set()
    visible: list[int] = []
    read: list[int] = []

    def look() -> None:
        nonlocal now
        now += SETTLES_SECONDS
        new = sorted(pk for pk in visible if pk > window.floor and pk not in window.seen)
        read.extend(new)
        window.take(new, Snapshot(min(running.values(), default=next_xid), next_xid), now)

    def commit(which: int) -> None:
        running.pop(which, None)
        ended.add(which)
        visible.extend(rows.pop(which, []))

    for act, which in history:
        if act == "write" and which not in ended:
            if which not in running:
                running[which] = next_xid
                next_xid += 1
            rows.setdefault(which, []).append(next_id)
            next_id += 1
        elif act == "commit":
            commit(which)
        elif act == "read":
            look()
    for which in list(running):
        commit(which)
    look()
    look()
    assert sorted(read) == list(range(1, next_id))
    assert (window.floor, window.seen) == (next_id - 1, set()) or next_id == 1

"""Reading a log in the order of its ids, when rows may become visible late and out of that order.

A row gets its id when it is written and is seen when its transaction commits. So after row 12 was read, row 11 may
still come: in a second, or in minutes. The reader keeps a floor below which nothing more can come, and remembers which
rows above it were read.

When may the floor rise to the highest id read? An id below it that is not visible yet belongs to a transaction that was
running then; once every transaction of that time has ended, there is none. PostgreSQL numbers transactions in the order
in which they first write, so each reading notes the next number to be given out, and when all below that number have
ended (the snapshot's xmin has reached it) the floor rises.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

#: An id is taken a moment before its transaction has a number, within one statement.
SETTLES_SECONDS = 2.0
#: A transaction that runs longer is not waited for: its rows are found when a page is loaded.
PATIENCE_SECONDS = 600.0
MOST_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """``xmin``: every transaction below has ended. ``next_xid``: no transaction so far has this number or a higher."""

    xmin: int
    next_xid: int


@dataclass(frozen=True, slots=True)
class _Mark:
    at: float
    highest: int
    next_xid: int


@dataclass(slots=True)
class LogWindow:
    """``floor``: up to here all is read. ``seen``: what was read above it."""

    floor: int
    seen: set[int] = field(default_factory=set)
    highest: int = 0
    #: How often it stopped waiting for a transaction that does not end.
    given_up: int = 0
    _marks: deque[_Mark] = field(default_factory=deque)

    def take(self, ids: Iterable[int], snapshot: Snapshot, now: float) -> None:
        """A reading brought these ids, all above the floor. ``now``: seconds of a steady clock."""
        self.seen.update(ids)
        highest = max(self.seen, default=self.floor)
        if highest > self.highest:
            self.highest = highest
            self._marks.append(_Mark(now, highest, snapshot.next_xid))
        self._raise(snapshot, now)

    def _raise(self, snapshot: Snapshot, now: float) -> None:
        floor = self.floor
        while self._marks and self._is_settled(self._marks[0], snapshot, now):
            floor = self._marks.popleft().highest
        if floor > self.floor:
            self.floor = floor
            self.seen = {pk for pk in self.seen if pk > floor}

    def _is_settled(self, mark: _Mark, snapshot: Snapshot, now: float) -> bool:
        age = now - mark.at
        if age >= SETTLES_SECONDS and snapshot.xmin >= mark.next_xid:
            return True
        if age < PATIENCE_SECONDS and len(self.seen) <= MOST_REMEMBERED:
            return False
        self.given_up += 1
        return True

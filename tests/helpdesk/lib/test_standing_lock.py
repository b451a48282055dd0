from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import Error, connection

from helpdesk.lib.single_flight import single_flight
from helpdesk.lib.standing_lock import StandingLock
from tests.smtp import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def locks() -> Iterator[tuple[StandingLock, StandingLock]]:
    pair = StandingLock("test clock"), StandingLock("test clock")
    yield pair
    for lock in pair:
        lock.release()


def test_one_of_two_holds_it(locks: tuple[StandingLock, StandingLock]) -> None:
    first, second = locks
    assert (first.hold(), second.hold()) == (True, False)
    assert (first.hold(), second.hold()) == (True, False), "and goes on holding it"
    first.release()
    wait_until(second.hold, what="the end of a session")
    assert not first.hold()


def test_it_is_the_lock_of_that_name(locks: tuple[StandingLock, StandingLock]) -> None:
    assert locks[0].hold()
    with single_flight("test clock") as alone, single_flight("another") as another:
        assert (alone, another) == (False, True)


def test_holding_it_twice_is_holding_it_once(locks: tuple[StandingLock, StandingLock]) -> None:
    """PostgreSQL counts: a lock taken twice would have to be let go of twice."""
    first, _second = locks
    assert all(first.hold() for _time in range(3))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")
        assert cursor.fetchone() == (1,)


def test_the_session_that_ends_is_noticed(locks: tuple[StandingLock, StandingLock]) -> None:
    first, second = locks
    assert first.hold()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'test clock'"
        )
    assert second.hold()
    with pytest.raises(Error):
        first.hold()
    assert not first.hold(), "asked again it has a new session, and is too late"


def test_a_lock_left_behind_in_another_session_is_not_ours(locks: tuple[StandingLock, StandingLock]) -> None:
    """As behind PgBouncer in transaction mode: the question comes from another session than the lock."""
    first, second = locks
    assert first.hold()
    assert not second.hold()
    first._connection, second._connection = second._connection, first._connection
    assert not first.hold()

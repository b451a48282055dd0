from __future__ import annotations

import pytest
from django.db import DataError, InterfaceError, OperationalError, connection

from helpdesk.lib import faults

SECRET = "6222 0000 1111 2222"


def _broken(statement: str) -> Exception:
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except Exception as problem:
        return problem
    raise AssertionError("it worked")


@pytest.mark.parametrize(
    ("problem", "passes"),
    [
        (OperationalError("server closed the connection unexpectedly"), True),
        (InterfaceError("connection already closed"), True),
        (OSError(28, "No space left on device"), True),
        (ConnectionResetError(), True),
        (DataError("value too long"), False),
        (MemoryError(), False),
        (ValueError(), False),
    ],
)
def test_what_passes(problem: Exception, passes: bool) -> None:
    assert faults.passes(problem) is passes


@pytest.mark.django_db
def test_what_the_database_says_of_itself() -> None:
    timeout = _broken("SET LOCAL statement_timeout = '10ms'; SELECT pg_sleep(5)")
    assert (faults.passes(timeout), faults.sqlstate(timeout)) == (True, "57014")


@pytest.mark.django_db
def test_what_is_too_large_for_it_stays_so() -> None:
    too_long = _broken(
        "SELECT (SELECT string_agg('w' || i, ' ') FROM generate_series(1, 200000) i)::tsvector"
    )
    assert isinstance(too_long, OperationalError)
    assert (faults.passes(too_long), faults.sqlstate(too_long)) == (False, "54000")


def test_told_without_what_anybody_wrote() -> None:
    try:
        try:
            int(SECRET)
        except ValueError as inner:
            raise RuntimeError(SECRET) from inner
    except RuntimeError as problem:
        place, steps = faults.kind_and_place(problem), faults.steps(problem)
    assert place.startswith("RuntimeError in test_told_without_what_anybody_wrote, line ")
    assert "ValueError" in steps
    assert SECRET not in place + steps

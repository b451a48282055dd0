from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from helpdesk.lib.errors import DomainError
from tickets.choices import ActorKind, Status
from tickets.rules import lifecycle
from tickets.rules.lifecycle import IllegalTransition, allowed, check, may_reopen

NEW, OPEN, PENDING, ON_HOLD, SOLVED, CLOSED = Status
CUSTOMER, STAFF, SYSTEM = ActorKind

ALLOWED = [
    (NEW, CUSTOMER, [SOLVED]),
    (OPEN, CUSTOMER, [SOLVED]),
    (PENDING, CUSTOMER, [SOLVED]),
    (ON_HOLD, CUSTOMER, [SOLVED]),
    (SOLVED, CUSTOMER, [OPEN, CLOSED]),
    (CLOSED, CUSTOMER, [OPEN]),
    (NEW, STAFF, [OPEN, PENDING, ON_HOLD, SOLVED]),
    (OPEN, STAFF, [PENDING, ON_HOLD, SOLVED]),
    (PENDING, STAFF, [OPEN, ON_HOLD, SOLVED]),
    (ON_HOLD, STAFF, [OPEN, PENDING, SOLVED]),
    (SOLVED, STAFF, [OPEN, CLOSED]),
    (CLOSED, STAFF, [OPEN]),
    (NEW, SYSTEM, []),
    (OPEN, SYSTEM, []),
    (PENDING, SYSTEM, [OPEN]),
    (ON_HOLD, SYSTEM, [OPEN]),
    (SOLVED, SYSTEM, [OPEN, CLOSED]),
    (CLOSED, SYSTEM, [OPEN]),
]


def test_the_table_of_cases_is_whole() -> None:
    assert {(status, by) for status, by, _ in ALLOWED} == set(product(Status, ActorKind))


@pytest.mark.parametrize(("status", "by", "expected"), ALLOWED)
def test_who_may_do_what(status: Status, by: ActorKind, expected: list[Status]) -> None:
    assert allowed(status, by) == expected
    for to in Status:
        if to in expected:
            check(status, to, by)
        else:
            with pytest.raises(IllegalTransition):
                check(status, to, by)


def test_plain_words_from_the_database_will_do() -> None:
    check("open", "solved", STAFF)
    assert allowed("closed", CUSTOMER) == [OPEN]


def test_a_refusal_says_what_was_tried() -> None:
    with pytest.raises(IllegalTransition) as refusal:
        check(CLOSED, PENDING, CUSTOMER)
    error = refusal.value
    assert isinstance(error, DomainError)
    assert (error.code, error.status) == ("illegal_transition", 409)
    assert (error.from_, error.to, error.by) == (CLOSED, PENDING, CUSTOMER)
    assert error.extra == {"from_": "closed", "to": "pending", "by": "customer"}


def test_nothing_becomes_new_again() -> None:
    assert not [to for _, to in lifecycle.TRANSITIONS if to == NEW]


def test_closed_comes_after_solved_alone() -> None:
    assert [from_ for from_, to in lifecycle.TRANSITIONS if to == CLOSED] == [SOLVED]


@pytest.mark.parametrize(
    ("before", "after_customer", "after_agent"),
    [
        (NEW, NEW, OPEN),
        (OPEN, OPEN, OPEN),
        (PENDING, OPEN, PENDING),
        (ON_HOLD, ON_HOLD, ON_HOLD),
        (SOLVED, OPEN, SOLVED),
        (CLOSED, OPEN, CLOSED),
    ],
)
def test_what_replies_do(before: Status, after_customer: Status, after_agent: Status) -> None:
    assert lifecycle.after_customer_reply(before) == after_customer
    assert lifecycle.after_agent_reply(before) == after_agent


@pytest.mark.parametrize("status", Status)
def test_what_replies_do_is_legal(status: Status) -> None:
    after_customer, after_agent = lifecycle.after_customer_reply(status), lifecycle.after_agent_reply(status)
    if after_customer != status:
        check(status, after_customer, SYSTEM)
    if after_agent != status:
        check(status, after_agent, STAFF)


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (timedelta(0), True),
        (timedelta(days=14), True),
        (timedelta(days=14, microseconds=1), False),
    ],
)
def test_the_window_for_reopening(later: timedelta, expected: bool) -> None:
    done = datetime(2026, 3, 2, tzinfo=UTC)
    assert may_reopen(done, done + later, timedelta(days=14)) is expected


def test_only_pending_waits_on_the_customer() -> None:
    assert [status for status in Status if lifecycle.is_waiting_on_customer(status)] == [PENDING]

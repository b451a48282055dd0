"""Which proofs are believed after contact data changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.rules.session_limits import CUSTOMERS, Ended, why_over
from accounts.rules.verification import Change, counts, settled_at

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)


def days(count: float) -> datetime:
    return NOW - timedelta(days=count)


@pytest.mark.parametrize(
    ("method", "made", "changed", "believed"),
    [
        ("mail_code", 1, [], True),
        ("mail_code", 1, [(3, "email")], False),  # by the new address itself
        ("mail_code", 1, [(3, "phone")], True),  # made afterwards, by the other contact
        ("mail_code", 1, [(3, "")], False),  # nobody knows which
        ("phone_code", 1, [(3, "phone")], False),
        ("call_back", 1, [(3, "phone")], False),
        ("call_back", 1, [(3, "email")], True),
        ("document", 1, [(3, "email"), (2, "phone")], True),
        ("document", 5, [(3, "email")], False),  # of whoever it was before
        ("in_person", 5, [(3, "phone")], False),
        ("document", 30, [(7, "email")], True),  # a week ago: settled
        ("document", 30, [(8, "email"), (1, "phone")], False),
        ("of old", 1, [(3, "email")], False),  # a way that is no longer known
    ],
)
def test_which_are_believed(
    method: str, made: float, changed: list[tuple[float, str]], believed: bool
) -> None:
    changes = [Change(days(ago), what) for ago, what in changed]
    assert counts(method, days(made), changes, NOW) is believed


def test_when_a_contact_proves_something_again() -> None:
    changes = [Change(days(5), "email"), Change(days(2), "phone"), Change(days(6), "")]
    assert settled_at("email", changes, NOW) == days(5) + timedelta(days=7)
    assert settled_at("phone", changes, NOW) == days(2) + timedelta(days=7)
    assert settled_at("email", [Change(days(7), "email")], NOW) is None


@pytest.mark.parametrize(
    ("started", "seen", "why"),
    [
        (1, 0, None), (13, 13.9, None), (20, 14, Ended.IDLE), (90, 0, Ended.TOO_LONG), (91, 20, Ended.TOO_LONG),
        (-1, -1, None),
    ],
)  # fmt: skip
def test_how_long_a_session_lasts(started: float, seen: float, why: Ended | None) -> None:
    assert why_over(CUSTOMERS, started=days(started), seen=days(seen), now=NOW) is why

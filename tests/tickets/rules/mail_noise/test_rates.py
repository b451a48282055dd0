from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.times import shanghai
from tickets.rules.mail_noise import may_answer_again, too_many

NOW = shanghai(3, 12)
HOUR = timedelta(hours=1)


def ago(*minutes: float) -> list[datetime]:
    return [NOW - timedelta(minutes=some) for some in minutes]


@pytest.mark.parametrize(
    ("recent", "limit", "is_too_many"),
    [
        ([], 1, False),
        (ago(0), 1, True),
        (ago(59), 1, True),
        (ago(60), 1, False),
        (ago(61, 62, 63), 1, False),
        (ago(1, 2), 3, False),
        (ago(1, 2, 3), 3, True),
        (ago(-5, 2, 3), 3, True),
    ],
)
def test_too_many(recent: list[datetime], limit: int, is_too_many: bool) -> None:
    assert too_many(recent, NOW, limit=limit, window=HOUR) is is_too_many


@pytest.mark.parametrize(
    ("answers", "may"),
    [
        ([], True),
        (ago(1), True),
        (ago(1, 2), False),
        (ago(1, 24 * 60 - 1), False),
        (ago(1, 24 * 60), True),
    ],
)
def test_at_most_two_answers_a_day(answers: list[datetime], may: bool) -> None:
    assert may_answer_again(answers, NOW) is may


def test_two_desks_fall_silent() -> None:
    """Each answers whatever the other sends, at once, with no header that gives it away."""
    ours: list[datetime] = []
    at = NOW
    while may_answer_again(ours, at) and len(ours) < 100:
        ours.append(at)
        at += timedelta(seconds=1)
    assert len(ours) == 2

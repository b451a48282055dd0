from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tickets.rules.proof import PER_CUSTOMER, code_of, is_too_often, read

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def ago(*minutes: int) -> list[datetime]:
    return [NOW - timedelta(minutes=each) for each in minutes]


@pytest.mark.parametrize(
    ("asked", "free_in"),
    [
        ((), None),
        ((1, 2), None),
        ((1, 2, 3), 57),
        ((10, 30, 59), 1),
        ((10, 30, 60), None),  # the hour is over
        ((10, 20, 30, 40), 30),  # two of four must grow old
        (tuple(range(70, 1200, 113)), 1440 - 1087),  # ten in a day, the oldest 1087 minutes ago
    ],
)
def test_how_often(asked: tuple[int, ...], free_in: int | None) -> None:
    found = is_too_often(ago(*asked), PER_CUSTOMER, NOW)
    assert found == (None if free_in is None else NOW + timedelta(minutes=free_in))


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("123456", "123456"),
        (" 123-456 ", "123456"),
        ("１２３４５６", "123456"),
        ("code: 123456!", "123456"),
        ("", ""),
        ("abc", ""),
        ("1234567890", "1234567"),  # longer than a code: no code
    ],
)
def test_what_is_typed(typed: str, digits: str) -> None:
    assert read(typed) == digits


def test_a_code() -> None:
    codes = [code_of(b"key", f"{nonce}") for nonce in range(500)]
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert len(set(codes)) > 490
    assert code_of(b"key", "1") != code_of(b"other", "1")

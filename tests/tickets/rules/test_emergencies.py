from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tickets.choices import AccountKind
from tickets.rules.alarms import Circle, circle_of, next_ring, round_at
from tickets.rules.emergencies import is_likely_secret, masked, read_account, read_phone, secrets_in
from tickets.rules.on_call import Duty, on_call
from tickets.rules.secrets import Kind
from tickets.rules.stop_payment import stop_payment

A = AccountKind
NOW = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)  # Tuesday, 03:00 in Shanghai
SHANGHAI = ZoneInfo("Asia/Shanghai")
EVERY = timedelta(minutes=3)


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("138 0013 8000", A.PHONE, "+8613800138000"),
        ("１３８００１３８０００", A.PHONE, "+8613800138000"),
        ("+44 20 7946 0018", A.PHONE, "+442079460018"),
        ("Wang@Example.COM", A.EMAIL, "wang@example.com"),
        ("BTP-2024 001", A.NUMBER, "BTP-2024001"),
        ("123456789", A.NUMBER, "123456789"),
    ],
)
def test_an_account_in_one_spelling(typed: str, kind: AccountKind, value: str) -> None:
    found = read_account(typed)
    assert found is not None
    assert (found.kind, found.value) == (kind, value)


@pytest.mark.parametrize(
    "typed", ["", "  ", "a", "a@b", "two words!", "x" * 65, "王小明", "<script>", "a@b@c.com"]
)
def test_what_names_none(typed: str) -> None:
    assert read_account(typed) is None


@pytest.mark.parametrize(
    ("typed", "likely"),
    [
        ("abandon " * 11 + "about", True),
        ("5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", True),
        ("wang@example.com", False),
        ("138 0013 8000", False),
    ],
)
def test_likely_secrets(typed: str, likely: bool) -> None:
    assert is_likely_secret(typed) is likely


WIF = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"
CHINESE = "的一是在不了有和人这中大"


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("4278528177312557", Kind.CARD),
        ("4278 5281-7731 2557", Kind.CARD),
        ("110105199003074325", Kind.IDENTITY),
        ("110105 19900307 4325", Kind.IDENTITY),
        (WIF, Kind.PRIVATE_KEY),
        (f"user {WIF}", Kind.PRIVATE_KEY),
        (f"{WIF[:26]} {WIF[26:]}", Kind.PRIVATE_KEY),
        (f"user{WIF}", Kind.PRIVATE_KEY),
        ("0f" * 32, Kind.PRIVATE_KEY),
        (CHINESE, Kind.MNEMONIC),
        (" ".join(CHINESE), Kind.MNEMONIC),
        ("　".join(CHINESE), Kind.MNEMONIC),
        ("one two three four five", Kind.MNEMONIC),
        ("密码 hunter2x", Kind.PASSWORD),
    ],
)
def test_a_secret_is_no_account(typed: str, kind: Kind) -> None:
    """Taken for one in a panic: none of it is read, so none of it is kept."""
    assert kind in secrets_in(typed)
    assert read_account(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "+86 138 0013 8000",
        "BTP-10023456",
        "wang.xiaoming.2024@mail.example.com",
        "622848 0402 5646",
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "bc1p5d7rjq7g6rdk2yhzks9smlaqtedr4dekq08ge8ztwac72sfr9rusxg3297",
    ],
)
def test_an_account_is_no_secret(typed: str) -> None:
    assert not secrets_in(typed)
    assert read_account(typed) is not None


@pytest.mark.parametrize(("typed", "number"), [("13800138000", "+8613800138000"), ("12345", ""), ("no", "")])
def test_numbers_that_can_be_called(typed: str, number: str) -> None:
    assert read_phone(typed) == number


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("+8613800138000", A.PHONE, "+86•••8000"),
        ("wang@example.com", A.EMAIL, "w•••@example.com"),
        ("BTP2024001", A.NUMBER, "•••001"),
        ("abc", A.NUMBER, "•••c"),
    ],
)
def test_masked(value: str, kind: AccountKind, shown: str) -> None:
    assert masked(value, kind) == shown


@pytest.mark.parametrize(
    ("minutes", "ring", "circle", "next_in"),
    [
        (0, 0, Circle.ON_CALL, 3),
        (3, 1, Circle.LEADS, 6),
        (6, 2, Circle.EVERYBODY, 9),
        (61, 20, Circle.EVERYBODY, 63),
    ],
)
def test_rings_go_ever_wider(minutes: int, ring: int, circle: Circle, next_in: int) -> None:
    then = NOW + timedelta(minutes=minutes)
    assert round_at(NOW, then, every=EVERY) == ring
    assert circle_of(ring) == circle
    assert next_ring(NOW, then, every=EVERY) == NOW + timedelta(minutes=next_in)


ONCE: dict[str, Any] = {"starts_at": NOW - timedelta(hours=1), "ends_at": NOW + timedelta(hours=1)}


@pytest.mark.parametrize(
    ("plan", "team", "people"),
    [
        ([], None, []),
        ([Duty(1, weekday=1, opens=time(0), closes=time(8))], None, [1]),
        # Past midnight: Monday's night reaches into Tuesday.
        ([Duty(1, weekday=0, opens=time(22), closes=time(8))], None, [1]),
        ([Duty(1, weekday=0, opens=time(8), closes=time(22))], None, []),
        ([Duty(1, weekday=1, opens=time(0), closes=time(3))], None, []),
        # What is said for a while goes before.
        ([Duty(1, weekday=1, opens=time(0), closes=time(8)), Duty(2, **ONCE)], None, [2]),
        ([Duty(2, starts_at=NOW + timedelta(hours=1), ends_at=NOW + timedelta(hours=2))], None, []),
        # A duty for the case's own team goes before one for all; another team's is none of it.
        ([Duty(1, **ONCE), Duty(2, team=7, **ONCE)], 7, [2]),
        ([Duty(1, **ONCE), Duty(2, team=7, **ONCE)], 8, [1]),
        ([Duty(1, **ONCE), Duty(1, **ONCE)], None, [1]),
    ],
)
def test_who_is_on_call(plan: list[Duty], team: int | None, people: list[int]) -> None:
    assert on_call(plan, at=NOW, zone=SHANGHAI, team=team) == people


@pytest.mark.parametrize(
    ("gone", "hours", "minutes", "over"),
    [
        (0, 48, 0, False),
        (1, 47, 0, False),
        (47.5, 0, 30, False),
        (48, 0, 0, True),
        (100, 0, 0, True),
        (-5, 48, 0, False),
    ],
)
def test_the_stop_payment_clock(gone: float, hours: int, minutes: int, over: bool) -> None:
    found = stop_payment("cn", money_left_at=NOW - timedelta(hours=gone), now=NOW)
    assert found is not None
    assert (found.hours_left, found.minutes_left, found.is_over) == (hours, minutes, over)


def test_where_there_is_none() -> None:
    assert stop_payment("SG", money_left_at=NOW, now=NOW) is None
    assert stop_payment("", money_left_at=NOW, now=NOW) is None
    unknown = stop_payment("CN", money_left_at=None, now=NOW)
    assert unknown is not None
    assert (unknown.left, unknown.is_over) == (None, False)

"""When two names are one account."""

from __future__ import annotations

import pytest

from tickets.rules.wallet_holder import account_key, is_same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ACCSAME", "accsame", True),
        (" BTP-1 ", "btp-1", True),
        ("Li@Example.com", "li@example.com", True),
        ("ＢＴＰ-1", "BTP-1", True),
        ("BTP-1", "BTP-2", False),
        ("BTP-1", "BTP1", False),
        ("13800138000", "+86-13800138000", True),
    ],
)
def test_as_the_wallet_compares(one: str, other: str, same: bool) -> None:
    assert is_same(one, other) is same


@pytest.mark.parametrize(
    ("account", "region", "key"),
    [
        ("13800138000", "CN", "+8613800138000"),
        ("13800138000", "", "+8613800138000"),
        ("+8613800138000", "CN", "+8613800138000"),
        ("008613800138000", "CN", "+8613800138000"),
        ("+86-138-0013-8000", "US", "+8613800138000"),
        ("91234567", "HK", "+85291234567"),
        ("13800138000", "US", "13800138000"),
        ("Btp-1", "CN", "btp-1"),
        ("Wang@Example.com", "CN", "wang@example.com"),
        # A number within a name is no phone, and nine digits are an account's own number.
        ("BTP-13800138000", "CN", "btp-13800138000"),
        ("100234567", "CN", "100234567"),
    ],
)
def test_one_key_however_it_is_written(account: str, region: str, key: str) -> None:
    assert account_key(account, region=region) == key

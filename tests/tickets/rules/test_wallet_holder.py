"""When two names are one account."""

from __future__ import annotations

import pytest

from tickets.rules.wallet_holder import is_same, spellings


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ACCSAME", "accsame", True),
        (" BTP-1 ", "btp-1", True),
        ("Li@Example.com", "li@example.com", True),
        ("ＢＴＰ-1", "BTP-1", True),
        ("BTP-1", "BTP-2", False),
        ("BTP-1", "BTP1", False),
    ],
)
def test_as_the_wallet_compares(one: str, other: str, same: bool) -> None:
    assert is_same(one, other) is same


@pytest.mark.parametrize(
    ("account", "among"),
    [
        ("13800138000", "+8613800138000"),
        ("+8613800138000", "+8613800138000"),
        ("Btp-1", "BTP-1"),
        ("BTP-1", "btp-1"),
    ],
)
def test_how_it_may_stand_in_the_tables(account: str, among: str) -> None:
    assert among in spellings(account, region="CN")

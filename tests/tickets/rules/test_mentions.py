"""Whom a note calls by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.rules.mentions import mentioned

NAMES = ["Ann", "Ann Lee", "王小明", "王小", "Bo", "O’Neil, Sam"]


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@Ann please", ["Ann"]),
        ("@Ann Lee please", ["Ann Lee"]),
        ("@ann lee, @BO!", ["Ann Lee", "Bo"]),
        ("请@王小明看一下", ["王小明"]),
        ("请＠王小看一下", ["王小"]),
        ("@Anna is somebody else", []),
        ("ann@Bo.example", []),
        ("write to bo.@Ann", []),
        ("(@Bo)@Ann", ["Bo", "Ann"]),
        ("@Bo @Bo", ["Bo"]),
        ("@O’Neil, Sam: look", ["O’Neil, Sam"]),
        ("@", []),
        ("Ann", []),
        ("", []),
    ],
)
def test_it_works(text: str, called: list[str]) -> None:
    assert mentioned(text, NAMES) == called


@given(st.text("@＠ABno 王小明Lee.", max_size=30))
def test_any_text(text: str) -> None:
    for name in mentioned(text, NAMES):
        assert f"@{name}".casefold() in text.replace("＠", "@").casefold()


@given(
    st.sampled_from(NAMES),
    st.sampled_from(["", "请", "(", "\n", "Hi "]),
    st.sampled_from(["", " ", "，", "看"]),
)
def test_a_name_by_itself_is_found(name: str, before: str, after: str) -> None:
    assert mentioned(f"{before}@{name}{after}", NAMES) == [name]

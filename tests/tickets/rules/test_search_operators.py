"""What somebody typed into the search, taken apart."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.rules.intake import clean_line
from tickets.rules.search_operators import NAMES, day_of, read

TODAY = date(2026, 3, 15)


@pytest.mark.parametrize(
    ("text", "words", "conditions"),
    [
        ("refund", "refund", []),
        ("status:open refund", "refund", [("status", "open")]),
        ("refund status:open is:overdue late", "refund late", [("status", "open"), ("is", "overdue")]),
        ("状态：处理中 提现", "提现", [("status", "处理中")]),
        ("负责人:王小明 分类:提现", "", [("assignee", "王小明"), ("category", "提现")]),
        ('assignee:"Ann Lee" hello', "hello", [("assignee", "ann lee")]),
        ("assignee:“Ann Lee” hello", "hello", [("assignee", "ann lee")]),
        ("STATUS:Open", "", [("status", "open")]),
        ("ｓｔａｔｕｓ:open", "ｓｔａｔｕｓ:open", []),
        ('"status:open" exact', '"status:open" exact', []),
        ('"exact words" status:new', '"exact words"', [("status", "new")]),
        ("status: open", "open", []),
        ("https://example.com/status:open", "https://example.com/status:open", []),
        ("at 10:30 nothing:here", "at 10:30 nothing:here", []),
        ("tag:vip tag:fraud", "", [("tag", "vip"), ("tag", "fraud")]),
        ("before:2026-03-01 after:2026-02", "", [("before", "2026-03-01"), ("after", "2026-02")]),
        ("有：附件 是:逾期", "", [("has", "附件"), ("is", "逾期")]),
        ("from:wang@example.com", "", [("customer", "wang@example.com")]),
        ("", "", []),
        ("status:", "", []),
    ],
)
def test_it_is_taken_apart(text: str, words: str, conditions: list[tuple[str, str]]) -> None:
    asked = read(text)
    assert asked.words == words
    assert [(condition.operator, condition.value) for condition in asked.conditions] == conditions


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("2026/3/1", date(2026, 3, 1)),
        ("2026年3月1日", date(2026, 3, 1)),
        ("2026年3月", date(2026, 3, 1)),
        ("2026-02", date(2026, 2, 1)),
        ("7d", date(2026, 3, 8)),
        ("2周", date(2026, 3, 1)),
        ("today", TODAY),
        ("昨天", date(2026, 3, 14)),
        ("2026-13-01", None),
        ("2026-02-30", None),
        ("soon", None),
        ("", None),
    ],
)
def test_days(value: str, day: date | None) -> None:
    assert day_of(value, TODAY) == day


@given(st.text(max_size=60), st.sampled_from(sorted(NAMES)))
def test_no_word_is_lost(text: str, operator: str) -> None:
    """What is no operator comes back, in its order; an operator before it takes nothing of it."""
    plain = " ".join(clean_line(text.replace(":", " ").replace("：", " ")).split())
    asked = read(f"{operator}:x {plain}")
    assert asked.words == plain
    assert [condition.operator for condition in asked.conditions] == [operator]

"""Contact data is found whole, however it is spelled, and never by a beginning or a part."""

from __future__ import annotations

import pytest
from django.db import connection

from helpdesk.lib.text_search import fold
from tickets.rules.search_words import contacts, document, query

TEXT = (
    "Wang wang.li@example.com +8613800138000 (139)12345674 微信号 abc_123 QQ：123456789 王@邮箱.中国 +442079460958,"
    " 010-8888-6666, 卡 6217 0012 3456 7890 123, order TX20251103-77"
    " on 2025-11-03, 1234567.50 元, failing; tel13712345678"
)


@pytest.fixture(scope="module")
def stored() -> str:
    return document([(TEXT, "D")])


def finds(stored: str, asked: str) -> bool:
    terms = query(asked, prefix=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [stored, terms])
        return bool(cursor.fetchone()[0])


WHOLE = [
    "wang.li@example.com",
    "WANG.LI＠example.com",
    "wang.li @ example.com",
    "13800138000",
    "+86 138 0013 8000",
    "8613800138000",
    "0086-138-0013-8000",
    "(138) 0013.8000",
    "１３８００１３８０００",
    "139 1234 5674",
    "微信号 abc_123",
    "abc_123",
    "123456789",
    "王@邮箱.中国",
    "+44 20 7946 0958",
    "442079460958",
    "02079460958",
    "01088886666",
    "+86 10 8888 6666",
    "6217001234567890123",
    "tel13712345678",
    "13712345678",
    "failing 13800138000",
    "13800138000 fail",
]


@pytest.mark.django_db
@pytest.mark.parametrize("asked", WHOLE)
def test_found_whole(stored: str, asked: str) -> None:
    assert finds(stored, asked)


@pytest.mark.django_db
def test_never_by_a_beginning_or_a_part(stored: str) -> None:
    """Each beginning of each way to write it, and the parts that a word would be found by."""
    beginnings = {asked[:length] for asked in WHOLE if "fail" not in asked for length in range(1, len(asked))}
    parts = {"li", "example", "com", "example.com", "0013", "8000", "7946", "abc", "邮箱", "wang.li@example"}
    # What other words of the text begin with.
    others = {
        "",
        "0",
        "12345",
        "123456",
        "微信号 a",
        "w",
        "wa",
        "wan",
        "wang",
        "1",
        "12",
        "123",
        "1234",
        "2",
        "20",
        "t",
        "微",
        "微信",
        "微信号",
    }
    wrong = [
        asked
        for asked in sorted(beginnings | parts)
        if fold(asked).strip(" +(.@-") not in others and finds(stored, asked)
    ]
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked", ["fai", "TX2025", "TX20251103-7", "2025-11", "2025-11-03", "1234567.5", "wan"]
)
def test_other_words_are_found_while_they_are_typed(stored: str, asked: str) -> None:
    assert finds(stored, asked)


@pytest.mark.parametrize(
    "text", ["充值 1000 元", "TX20251103-77", "2025-11-03 10:20", "v1.2.3", "", "提现失败 @ 柜台"]
)
def test_what_is_none(text: str) -> None:
    assert contacts(text) == frozenset()


def test_a_flood_of_contacts_is_cut() -> None:
    flood = " ".join(f"a{number}@example.com" for number in range(20_000))
    assert len(document([(flood, "D")])) < 200_000

"""How much of contact data is shown, and finding it in texts and pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.contacts_in_texts import contacts_in, masked_text
from accounts.rules.masking import Known, mask_email, mask_phone, masked


@pytest.mark.parametrize(
    ("email", "shown"),
    [
        ("wang@example.com", "w***@e***.com"),
        ("a@b.cn", "***@***.cn"),
        ("first.last@mail.example.co.uk", "f***@m***.uk"),
        ("nonsense", "***"),
    ],
)
def test_addresses(email: str, shown: str) -> None:
    assert mask_email(email) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+8613800138000", "+86 138****8000"),
        ("+442079460958", "+44 207***0958"),
        ("+3725551234", "+372 5*****34"),
    ],
)
def test_numbers(phone: str, shown: str) -> None:
    masked_phone = mask_phone(phone)
    assert masked_phone.count("*") >= 3
    assert masked_phone.startswith(shown.split()[0])
    assert "13800138000" not in masked_phone


@pytest.mark.parametrize(
    "spelled",
    [
        "wang@example.com",
        "WANG@Example.COM",
        "wang%40example.com",
        "wang&#64;example.com",
        "<a href='mailto:wang@example.com'>write</a>",
        "wang＠example.com",
        "Wang <wang@example.com>,",
    ],
)
def test_a_known_address_is_found_however_it_is_spelled(spelled: str) -> None:
    known = Known()
    known.add_email("wang@example.com", 1)
    assert "wang" not in masked(spelled, known).lower().replace("wang <", "")


@pytest.mark.parametrize(
    "spelled",
    [
        "+86 138 0013 8000",
        "13800138000",
        "138-0013-8000",
        "tel:+8613800138000",
        "(138) 0013.8000",
        "１３８００１３８０００",
    ],
)
def test_a_known_number_is_found_however_it_is_spelled(spelled: str) -> None:
    known = Known()
    known.add_phone("+8613800138000", 1)
    shown = masked(spelled, known)
    assert shown.count("*") == 4
    assert len(shown) == len(spelled)


CONTACTS = [
    ("我的邮箱是li.lei@qq.com，请回", {"li.lei@qq.com"}, set()),
    ("电话13912345678谢谢", set(), {"13912345678"}),
    ("call +44 20 7946 0958 please", set(), {"2079460958"}),
    ("+86 139-1234-5678", set(), {"13912345678"}),
    ("010-87654321", set(), {"01087654321"}),
    ("(415) 555-2671", set(), {"4155552671"}),
    ("卡号 6217 0012 3456 7890 123", set(), {"6217001234567890123"}),
]


@pytest.mark.parametrize(("text", "emails", "numbers"), CONTACTS)
def test_what_people_write_into_texts(text: str, emails: set[str], numbers: set[str]) -> None:
    found = contacts_in(text)
    assert found.emails == emails
    assert found.numbers == numbers
    hidden = masked_text(text)
    assert "*" in hidden
    assert all(one not in hidden for one in emails)


@pytest.mark.parametrize(
    "text",
    [
        "订单号 202611260001234567 没有到账",
        "transaction 2026112600012345",
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "2026-11-26 10:30:00, 500.00 CNY",
        "版本 5.12.3，充值 1000 元，三次",
        "TX20261126103045123",
    ],
)
def test_what_work_is_done_by_stays(text: str) -> None:
    assert masked_text(text) == text


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    shown = masked_text(text)
    assert contacts_in(shown).emails == frozenset() or "@" in text


@given(st.emails())
def test_no_address_survives(email: str) -> None:
    known = Known()
    known.add_email(email, 0)
    assert email.lower() not in masked(f"<td>{email}</td>", known).lower()


def test_a_short_number_is_not_found_by_chance() -> None:
    known = Known()
    known.add_number("5551234", 0)
    assert masked('<i data-at="1764115551234">', known) == '<i data-at="1764115551234">'
    assert "5551234" not in masked("003725551234, 555 1234", known)

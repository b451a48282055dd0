"""How much of contact data is shown, and finding it in texts and pages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.contacts_in_texts import contacts_in, masked_text
from accounts.rules.masking import Known, mask_email, mask_phone, masked
from helpdesk.lib.defang import defanged


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
    ("写 maskme80＠example.net", {"maskme80@example.net"}, set()),
    ("MaskMe78 @ example.net", {"maskme78@example.net"}, set()),
    ("见 a@邮箱.中国。谢谢", {"a@邮箱.中国"}, set()),
    ("王小明@邮箱.中国有问题", {"王小明@邮箱.中国"}, set()),
    ("abc@example.com谢谢，abc@example.com.谢谢", {"abc@example.com"}, set()),
    ("https://x.example/?e=maskme85%40example.net", {"maskme85@example.net"}, set()),
    ("hxxps://x[.]example/?e=maskme85%40example[.]net", {"maskme85@example.net"}, set()),
    ("(138)12345674", set(), {"13812345674"}),
    ("（138） 1234-5674", set(), {"13812345674"}),
    ("138/1234/5681", set(), {"13812345681"}),
    ("138_1234_5677", set(), {"13812345677"}),
    ("010-8888-6666", set(), {"01088886666"}),
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
    shown = masked_text(defanged(text))
    assert not re.search(r"maskme\d|abc@|138.{0,2}1234|王小明", shown, re.IGNORECASE), shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("QQ：123456789", "QQ：1***"),
        ("加QQ123456789，谢谢", "加QQ1***，谢谢"),
        ("我的qq号是 123456789", "我的qq号是 1***"),
        ("微信号 abc_123", "微信号 a***"),
        ("微信：wang-xm88", "微信：w***"),
        ("WeChat: alice_w", "WeChat: a***"),
        ("WeChat ID alice_w", "WeChat ID a***"),
        ("vx:alicewang", "vx:a***"),
        ("微信：13812345678", "微信：138****5678"),
        ("QQ邮箱 li@qq.com", "QQ邮箱 l***@q***.com"),
    ],
)
def test_accounts_of_messengers_where_they_are_named(text: str, shown: str) -> None:
    assert masked_text(text) == shown
    assert masked_text(f"alice_w 123456789 {shown}") == f"alice_w 123456789 {shown}", "elsewhere it is a word"


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
        "/admin/acts/eaea65b9-e9dc-42d7-8057-123412342787/approve/",
        "转账 12345678-1380-4138-8138-000138000138 未到账",
        "微信支付失败了，WeChat transfer failed, QQ 群 2 个",
        "2026/11/26 10:30:00 付 1000/2000，FAQ12345",
        "at @ 10.30, see @channel",
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

"""Ids of mails that are secrets, and ids as programs make them."""

from __future__ import annotations

import random

import pytest

from tests.tickets.rules.secrets.said import WIF
from tickets.rules.secrets import Kind
from tickets.rules.secrets.message_ids import kinds_in_id

PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow"
CARD = "4111111111111111"
CHANCE = random.Random(5)


@pytest.mark.parametrize(
    ("message_id", "kind"),
    [
        (f"<{WIF}@example.com>", Kind.PRIVATE_KEY),
        (f"<x@{WIF}.example.com>", Kind.PRIVATE_KEY),
        (f"<{PHRASE.replace(' ', '.')}@example.com>", Kind.MNEMONIC),
        (f"<{PHRASE.replace(' ', '%20')}@example.com>", Kind.MNEMONIC),
        (f"<{CARD}@example.com>", Kind.CARD),
        (f"<visa-{CARD}.12-27-123@mail2.example.com>", Kind.CARD),
        ("<4111-1111-1111-1111@example.com>", Kind.CARD),
        ("<11010519491231002X@example.com>", Kind.IDENTITY),
    ],
)
def test_secrets(message_id: str, kind: Kind) -> None:
    assert kinds_in_id(message_id) == (kind,)


@pytest.mark.parametrize(
    "message_id",
    [
        "",
        "<CAKx7_tQ=abcDEF123+XyZ@mail.gmail.com>",
        "<tencent_5A1B3C7F9E2D4A6B8C0D1E2F3A4B5C6D7E8F@qq.com>",
        f"<20261125100000.{CARD}@example.com>",
        f"<1774938600.{CARD}.JavaMail.root@mail.example.com>",
        "<SY4P282MB1234567890ABCDEF@SY4P282MB1234.AUSP282.PROD.OUTLOOK.COM>",
        "<pass:word1234@example.com>",
    ],
)
def test_programs(message_id: str) -> None:
    assert kinds_in_id(message_id) == ()


def test_ids_by_the_thousand() -> None:
    """As Python makes them: the time, a process, 64 bits by lot."""
    ids = [
        f"<1774938600{CHANCE.randrange(10**4):04}.{CHANCE.randrange(99_999)}.{CHANCE.getrandbits(64)}@host>"
        for _ in range(2_000)
    ]
    assert [one for one in ids if kinds_in_id(one)] == []

"""What a refusal means. The texts are as servers write them."""

from __future__ import annotations

import pytest

from tests.quick import quick
from tickets.rules.smtp_answers import Refusal, refusal, says_no_such_address

CASES = [
    (550, "5.1.1 <x@example.com>: Recipient address rejected: User unknown", Refusal.FOR_GOOD),
    (550, "5.7.1 Message rejected due to content policy", Refusal.FOR_GOOD),
    (554, "5.7.1 Service unavailable; client host blocked using zen", Refusal.FOR_GOOD),
    (550, "5.7.1 Greylisted, please try again in 300 seconds", Refusal.FOR_GOOD),
    (552, "5.2.2 Mailbox full", Refusal.FOR_GOOD),
    (
        450,
        "4.2.0 <x@example.com>: Recipient address rejected: Greylisted, see http://postgrey",
        Refusal.TOO_FAST,
    ),
    (451, "4.7.1 Graylisting in action, please come back later", Refusal.TOO_FAST),
    (421, "4.7.28 Our system has detected an unusual rate of unsolicited mail", Refusal.TOO_FAST),
    (450, "4.2.1 The user you are trying to contact is receiving mail at a rate that", Refusal.TOO_FAST),
    (
        421,
        "4.7.0 [TSS04] Messages from 1.2.3.4 temporarily deferred due to user complaints",
        Refusal.TOO_FAST,
    ),
    (451, "4.7.650 The mail server has been temporarily rate limited due to IP reputation", Refusal.TOO_FAST),
    (452, "4.5.3 Too many recipients", Refusal.TOO_FAST),
    (451, "MI:SFQ 163 smtp3,DMCowAB3 please see http://mail.163.com/help", Refusal.TOO_FAST),
    (421, "HL:ICC 126 mx7, too many connections", Refusal.TOO_FAST),
    (450, "4.1.1 mailbox busy", Refusal.FOR_NOW),
    (452, "4.2.2 Over quota", Refusal.FOR_NOW),
    (451, "4.3.0 Temporary lookup failure", Refusal.FOR_NOW),
    (421, "4.3.2 System going down", Refusal.FOR_NOW),
    (454, "4.7.0 TLS not available, too many", Refusal.FOR_NOW),
    (451, "4.3.0 please separate the parts", Refusal.FOR_NOW),
]


@pytest.mark.parametrize(("code", "text", "what"), CASES)
def test_it_works(code: int, text: str, what: Refusal) -> None:
    assert refusal(code, text) == what


@pytest.mark.parametrize(
    ("code", "text", "dead"),
    [
        (550, "5.1.1 no such user", True),
        (550, "5.1.10 RESOLVER.ADR.RecipientNotFound", True),
        (550, "5.1.6 moved", True),
        (550, "5.7.1 relaying denied", False),
        (550, "5.1.0 address rejected", False),
        (550, "mailbox unavailable", False),
        (450, "5.1.1 odd", False),
        (550, "15.1.1 version", False),
    ],
)
def test_no_such_address(code: int, text: str, dead: bool) -> None:
    assert says_no_such_address(code, text) == dead


def test_a_server_that_talks_for_ever_costs_nothing() -> None:
    with quick(1):
        refusal(451, "exceed " * 200_000)

"""What the customer is told once something was done to their account, and whoever may approve an act."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.choices import VerificationMethod
from accounts.models import User
from tests.tickets.delivery.test_render import only, parsed, part
from tests.wallet import ACCOUNT, REFUND, UNFREEZE, AskFor, ask_for, known_customer
from tickets import actors
from tickets.actions import wallet_sending
from tickets.actions.notices import gather
from tickets.actions.verifying import verify
from tickets.actions.wallet import freeze_now, request_act
from tickets.actions.wallet_approving import approve
from tickets.choices import ActKind, MailPurpose
from tickets.models import OutboxMail, SensitiveAct, Ticket

__all__ = ["ask_for", "known_customer"]


@pytest.fixture
def english(make_ticket: Callable[..., Ticket], manager: User) -> Ticket:
    made = make_ticket(language="en")
    verify(made, method=VerificationMethod.DOCUMENT, by=actors.staff(manager))
    return made


def carried_out(act: SensitiveAct, *people: User) -> None:
    for person in people:
        approve(act, content_hash=act.content_hash, by=actors.staff(person))
    wallet_sending.finish(act, is_done=True, answer={"reference": "R-2026-1"})


def test_unfrozen(english: Ticket, agent: User, lead: User) -> None:
    act = request_act(english, kind=ActKind.UNFREEZE, answers=UNFREEZE, by=actors.staff(agent))
    carried_out(act, lead)
    mail = only(english, MailPurpose.ACT)
    text = part(mail, "plain")
    assert mail["To"] == "王小明 <wang@example.com>"
    assert "Your account was unfrozen" in text
    assert "…3456" in text
    assert "R-2026-1" in text
    assert "call 400 000 0001" in text, "and how to stop it, if they did not want it"
    assert ACCOUNT not in text


def test_frozen(english: Ticket) -> None:
    act = freeze_now(english, account=ACCOUNT, by=actors.system("emergency"), reason="Stolen")
    carried_out(act)
    assert "Your account is frozen" in part(only(english, MailPurpose.ACT), "plain")


def test_paid_back(english: Ticket, agent: User, lead: User, manager: User) -> None:
    act = request_act(english, kind=ActKind.REFUND, answers=REFUND, by=actors.staff(agent))
    carried_out(act, lead, manager)
    assert "200 CNY" in part(only(english, MailPurpose.ACT), "plain")


def test_in_the_language_of_the_case(ticket: Ticket) -> None:
    carried_out(freeze_now(ticket, account=ACCOUNT, by=actors.system("emergency"), reason="Stolen"))
    row = OutboxMail.objects.get(ticket=ticket, purpose=MailPurpose.ACT)
    assert row.language == "zh-hans"
    assert "Never" not in part(parsed(row), "plain")


def test_whoever_may_approve_is_mailed_the_way_to_it(ask_for: AskFor, lead: User) -> None:
    act = ask_for()
    gather()
    mail = OutboxMail.objects.get(to=lead.email)
    text = part(parsed(mail), "plain")
    assert f"/admin/acts/{act.key}/" in text
    assert ACCOUNT not in text
    assert act.reason not in text

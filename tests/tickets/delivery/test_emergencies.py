"""The mails about an emergency: to the owner of the account, and to whoever is alarmed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Brand, Customer, User
from helpdesk.lib import clock
from tests.tickets.actions.test_emergencies import said
from tests.tickets.delivery.test_render import only, part
from tickets.actions.notices import gather
from tickets.choices import MailPurpose, Situation
from tickets.delivery.render import render
from tickets.models import OutboxMail

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_owner_hears_what_happened_and_how_to_undo_it(
    brand: Brand, customer: Customer, lead: User, language: str
) -> None:
    brand.country = "CN"
    brand.save()
    left = clock.now() - timedelta(hours=1)
    ticket = said(
        brand, customer.email, situations=[Situation.MONEY_GONE], money_left_at=left, language=language
    ).ticket
    mail = only(ticket, MailPurpose.EMERGENCY)
    text = part(mail, "plain")
    assert mail["To"].addresses[0].addr_spec == customer.email
    assert ticket.display_number in str(mail["Subject"])
    assert "/btp/t/" in text
    for shown in ("48", "110", "96110", "400 000 0001", ticket.display_number):
        assert shown in text, shown
    if language == "en":
        assert "It was not you" in text
        assert "Call your bank" in text


def test_the_owner_hears_of_no_freeze_that_failed(
    brand: Brand, customer: Customer, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("tickets.actions.wallet.freeze_now")
    mail = only(said(brand, customer.email, language="en").ticket, MailPurpose.EMERGENCY)
    assert "is being frozen" not in str(mail["Subject"])
    assert "freezes it by hand" in part(mail, "plain")


def test_whoever_is_alarmed_reads_where_to_take_it_and_nobodys_number(brand: Brand, lead: User) -> None:
    ticket = said(brand, call_back="+8613900139000").ticket
    gather()
    [row] = OutboxMail.objects.filter(ticket=ticket, purpose=MailPurpose.NOTICE)
    text = str(render(row).body)
    assert "/admin/emergencies/" in text
    assert "It rings until somebody takes it." in text
    assert "13800138000" not in text
    assert "13900139000" not in text

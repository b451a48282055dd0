from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from accounts.actions import customers
from accounts.models import AuditEntry, Brand, Customer, User
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict, Invalid, NotAllowed
from tickets import actors
from tickets.actions.call_backs import called_back
from tickets.actions.emergencies import Report, report
from tickets.actions.emergency_promise import TARGETS, ensure
from tickets.choices import (
    AccountKind,
    ActKind,
    EventKind,
    Freeze,
    MailPurpose,
    Priority,
    Situation,
    TimerKind,
)
from tickets.models import (
    Category,
    Emergency,
    Event,
    OutboxMail,
    SensitiveAct,
    SlaPolicy,
    Ticket,
    Timer,
    WalletCommand,
)
from tickets.rules.emergencies import Account

pytestmark = pytest.mark.django_db
S = Situation


def said(brand: Brand, account: str = "+8613800138000", **more: Any) -> Emergency:
    kind = (
        AccountKind.EMAIL
        if "@" in account
        else AccountKind.PHONE
        if account[:1] == "+"
        else AccountKind.NUMBER
    )
    start: dict[str, Any] = {"situations": [S.PHONE_STOLEN], "language": "zh-hans"}
    return report(Report(brand=brand, account=Account(kind, account), **{**start, **more}))


def test_it_freezes_alarms_and_opens_a_case_of_its_own(brand: Brand, category: Category, lead: User) -> None:
    emergency = said(brand)
    ticket = emergency.ticket
    assert ticket.priority == Priority.URGENT
    assert ticket.tags == ["emergency"]
    act = SensitiveAct.objects.get()
    assert (act.kind, act.account, act.state) == (ActKind.FREEZE, "+8613800138000", "approved")
    assert WalletCommand.objects.get().act == act
    assert (emergency.act, emergency.frozen) == (act, Freeze.ASKED)
    event = Event.objects.get(kind=EventKind.EMERGENCY_OPENED)
    assert event.data == {"situations": ["phone_stolen"], "account": "+86•••8000", "told": ["Lea"]}
    assert emergency.alarm_at is not None
    assert emergency.alarmed == [lead.pk]
    assert {row.kind for row in AuditEntry.objects.all()} >= {"emergency_opened", "act_requested"}


def test_a_secret_in_place_of_an_account_opens_nothing(brand: Brand, category: Category, lead: User) -> None:
    with pytest.raises(Invalid):
        said(brand, "4278528177312557")
    assert not Customer.objects.exists()
    assert not Ticket.objects.exists()


def test_the_promise_is_of_minutes_and_never_sleeps(brand: Brand, category: Category, lead: User) -> None:
    """On a Sunday night the brand's office is closed: the clocks of this case run all the same."""
    ticket = said(brand).ticket
    first = Timer.objects.get(ticket=ticket, kind=TimerKind.FIRST_RESPONSE)
    assert first.due_at is not None
    assert (first.due_at - ticket.created_at).total_seconds() == TARGETS[TimerKind.FIRST_RESPONSE] * 60


def test_who_switched_the_promise_off_is_obeyed(brand: Brand, category: Category, lead: User) -> None:
    assert ensure()
    assert not ensure()
    SlaPolicy.objects.filter(is_for_emergencies=True).update(is_active=False)
    ticket = said(brand).ticket
    policies = Timer.objects.filter(ticket=ticket).values_list("policy__name", flat=True)
    assert set(policies) == {"Standard"}


def test_the_owner_is_told_by_mail_and_only_where_we_know_them(
    brand: Brand, customer: Customer, lead: User
) -> None:
    said(brand, customer.email, call_back="+8613900139000")
    mail = OutboxMail.objects.get(purpose=MailPurpose.EMERGENCY)
    assert (mail.to, mail.language) == (customer.email, "zh-hans")
    said(brand, "BTP2024001")
    said(brand, "+8613700137000")
    assert OutboxMail.objects.filter(purpose=MailPurpose.EMERGENCY).count() == 1
    assert not OutboxMail.objects.filter(purpose=MailPurpose.RECEIPT).exists()


def test_an_account_that_nobody_has_goes_the_very_same_way(brand: Brand, lead: User) -> None:
    known = customers.find_or_create(email="owner@example.com", language="en")
    one, other = said(brand, known.email), said(brand, "nobody@example.com")
    same = ("account_kind", "situations", "freeze", "alarm_round", "call_back_phone")
    assert [getattr(one, name) for name in same] == [getattr(other, name) for name in same]
    assert one.ticket.customer == known
    assert SensitiveAct.objects.count() == 2


def test_the_same_account_twice_is_one_freeze(brand: Brand, lead: User) -> None:
    one, other = said(brand), said(brand, situations=[S.MONEY_GONE])
    assert one.ticket != other.ticket, "nobody learns of another's case by naming the account"
    assert SensitiveAct.objects.get() == one.act == other.act
    assert WalletCommand.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_account_at_the_same_time_is_one_freeze(brand: Brand, lead: User) -> None:
    together, troubles = threading.Barrier(3), []
    ensure()

    def run() -> None:
        try:
            together.wait(10)
            said(brand)
        except Exception as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not troubles
    assert Emergency.objects.count() == 3
    assert SensitiveAct.objects.count() == WalletCommand.objects.count() == 1


def test_the_same_form_twice_is_one_emergency(brand: Brand, lead: User) -> None:
    assert said(brand, origin_key="web:1") == said(brand, origin_key="web:1")
    assert Event.objects.filter(kind=EventKind.EMERGENCY_OPENED).count() == 1


def test_whoever_freezes_strangers_by_the_hundred_is_stopped_by_people(
    brand: Brand, lead: User, settings: Any
) -> None:
    settings.EMERGENCY_FREEZES_PER_HOUR = 2
    done = [said(brand, f"+861380013800{n}") for n in range(3)]
    assert [row.frozen for row in done] == [Freeze.ASKED, Freeze.ASKED, Freeze.WAITING]
    assert SensitiveAct.objects.count() == 2
    assert done[2].alarm_at is not None, "a person decides, and is alarmed"


def test_a_freeze_that_goes_wrong_stops_neither_case_nor_alarm(
    brand: Brand, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the wallet's table is away")

    monkeypatch.setattr("tickets.actions.wallet.freeze_now", broken)
    emergency = said(brand)
    assert emergency.frozen == Freeze.FAILED
    assert emergency.alarm_at is not None


@pytest.mark.parametrize(
    ("situations", "slug"),
    [
        ([S.PHONE_STOLEN], "freeze"),
        ([S.MONEY_GONE], "security-incident"),
        ([S.PHONE_STOLEN, S.GAVE_AWAY], "security-incident"),
    ],
)
def test_it_goes_to_the_category_that_fits(brand: Brand, lead: User, situations: list[S], slug: str) -> None:
    Category.objects.create(slug="freeze", name_zh="冻结", name_en="Freeze", is_emergency=True)
    Category.objects.create(slug="security-incident", name_zh="安全", name_en="Security")
    ticket = said(brand, situations=situations).ticket
    assert ticket.category is not None
    assert ticket.category.slug == slug


@pytest.mark.parametrize(
    ("account", "phone", "call", "differs"),
    [
        ("+8613800138000", "", "+8613800138000", False),
        ("+8613800138000", "", "+8613900139000", True),
        ("wang@example.com", "+8613800138000", "+8613900139000", True),
        ("wang@example.com", "", "+8613900139000", None),
        ("+8613800138000", "", "", None),
    ],
)
def test_a_call_to_another_number_is_marked(
    brand: Brand, lead: User, account: str, phone: str, call: str, differs: bool | None
) -> None:
    if phone:
        Customer.objects.create(email=account, phone=phone, language="en")
    emergency = said(brand, account, call_back=call)
    assert emergency.call_back_differs is differs
    assert emergency.wants_call is bool(call)
    asked = Event.objects.filter(kind=EventKind.CALL_BACK_ASKED)
    assert [row.data for row in asked] == ([{"differs": differs}] if call else [])


def test_calls_are_counted_until_one_reaches_them(brand: Brand, lead: User) -> None:
    emergency = said(brand, call_back="+8613900139000")
    called_back(emergency, reached=False, by=actors.staff(lead))
    done = called_back(emergency, reached=True, by=actors.staff(lead))
    assert (done.call_back_tries, done.wants_call) == (2, False)
    with pytest.raises(Conflict):
        called_back(emergency, reached=True, by=actors.staff(lead))
    with pytest.raises(NotAllowed):
        called_back(emergency, reached=True, by=actors.customer(emergency.ticket.customer))


def test_what_they_say_stands_in_the_case_masked(brand: Brand, lead: User) -> None:
    with clock.frozen(clock.now()):
        emergency = said(brand, money_left_at=clock.now(), situations=[S.MONEY_GONE])
    body = emergency.ticket.messages.get().body
    assert "+86•••8000" in body
    assert "13800138000" not in body

"""Who may ask what, what stands against it, what the person and the log are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.choices import AuditKind, VerificationMethod
from accounts.models import AuditEntry, Brand, Customer, User
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict, Invalid, NotAllowed
from tests.planted import Planted
from tests.wallet import UNFREEZE
from tickets import actors
from tickets.actions.incoming import forget_raw
from tickets.actions.privacy import erasing, holds, requests
from tickets.actions.privacy.requests import AskedAlready, Kept
from tickets.actions.verifying import verify
from tickets.actions.wallet import request_act
from tickets.actions.wallet import withdraw as withdraw_act
from tickets.choices import ActKind, PrivacyKind, PrivacyRefusal, PrivacyState
from tickets.delivery.render import render
from tickets.models import IncomingMail, LegalHold, OutboxMail, PrivacyRequest, Ticket
from tickets.queries import privacy as queries

pytestmark = pytest.mark.django_db
Ask = Callable[..., PrivacyRequest]
Run = Callable[..., int]


def themself(customer: Customer, kind: PrivacyKind, brand: Brand, language: str = "en") -> PrivacyRequest:
    by = actors.customer(customer)
    return requests.ask(customer, kind=kind, brand=brand, language=language, by=by)


def test_who_asks_for_erasure_waits_for_an_officer_and_is_told(member: Customer, brand: Brand) -> None:
    made = themself(member, PrivacyKind.ERASE, brand)
    assert made.state == PrivacyState.ASKED
    assert made.by_themself
    assert made.due_at - made.asked_at == timedelta(days=30)
    mail = OutboxMail.objects.get(purpose="privacy")
    assert (mail.to, mail.ticket) == (member.email, None)
    assert "Somebody of us looks at it" in str(render(mail).body)
    assert not erasing.work()


def test_in_working_days_the_weekend_is_not_counted(member: Customer, brand: Brand, settings: Any) -> None:
    settings.PRIVACY_DUE_DAYS, settings.PRIVACY_DUE_WORKING = 15, True
    monday = clock.now().replace(year=2027, month=3, day=1, hour=2)
    with clock.frozen(monday):
        made = themself(member, PrivacyKind.ERASE, brand)
    assert made.due_at == monday + timedelta(days=21)


def test_granted_it_is_carried_out_and_they_are_told_in_their_language(
    planted: Planted, brand: Brand, officer: User, run_out: Run
) -> None:
    made = themself(planted.customer, PrivacyKind.ERASE, brand, "zh-hans")
    requests.grant(made, by=actors.staff(officer))
    run_out()
    made.refresh_from_db()
    assert made.state == PrivacyState.DONE
    assert made.decided_by == officer
    told = OutboxMail.objects.get(purpose="privacy", context__said="erased")
    assert (told.language, told.to) == ("zh-hans", planted.customer.email)
    assert render(told).body


def test_refused_with_a_reason_they_are_told_which(member: Customer, brand: Brand, officer: User) -> None:
    made = themself(member, PrivacyKind.ERASE, brand)
    with pytest.raises(Invalid):
        requests.refuse(made, reason="because", remark="", by=actors.staff(officer))
    requests.refuse(made, reason="duty", remark="Section 4.", by=actors.staff(officer))
    told = OutboxMail.objects.get(context__said="refused")
    body = str(render(told).body)
    assert "a law obliges us to keep it" in body
    assert "Section 4." in body
    assert AuditEntry.objects.get(kind=AuditKind.ERASURE_REFUSED).data["reasons"] == ["duty"]
    with pytest.raises(Conflict):
        requests.grant(made, by=actors.staff(officer))


@pytest.mark.parametrize("who", ["agent", "lead", "manager", "administrator"])
def test_nobody_but_the_officer_decides(
    who: str, member: Customer, brand: Brand, request: pytest.FixtureRequest
) -> None:
    made = themself(member, PrivacyKind.ERASE, brand)
    by = actors.staff(request.getfixturevalue(who))
    with pytest.raises(NotAllowed):
        requests.grant(made, by=by)
    with pytest.raises(NotAllowed):
        requests.refuse(made, reason="duty", remark="", by=by)
    with pytest.raises(NotAllowed):
        requests.ask(member, kind=PrivacyKind.EXPORT, brand=brand, language="en", by=by)
    with pytest.raises(NotAllowed):
        holds.hold(customer=member, reason="A lawsuit", until=None, by=by)


def test_asked_twice_is_asked_once(member: Customer, brand: Brand) -> None:
    themself(member, PrivacyKind.ERASE, brand)
    with pytest.raises(AskedAlready):
        themself(member, PrivacyKind.ERASE, brand)
    themself(member, PrivacyKind.EXPORT, brand)


def test_taken_back_before_it_began(planted: Planted, ask_erasure: Ask, officer: User) -> None:
    made = ask_erasure(planted.customer)
    requests.withdraw(made, by=actors.staff(officer))
    assert not erasing.work()
    again = ask_erasure(planted.customer)
    erasing.work()
    with pytest.raises(Conflict):
        requests.withdraw(again, by=actors.staff(officer))


def test_an_open_case_keeps_the_person_unless_the_setting_says_otherwise(
    ticket: Ticket, ask_erasure: Ask, run_out: Run, settings: Any
) -> None:
    with pytest.raises(Kept) as refused:
        ask_erasure(ticket.customer)
    assert refused.value.reasons == [PrivacyRefusal.OPEN_CASES]
    settings.PRIVACY_OPEN_CASES_KEEP = False
    ask_erasure(ticket.customer)
    run_out()
    ticket.refresh_from_db()
    assert (ticket.customer_name, ticket.status) == ("", "new")


def test_an_open_act_at_the_wallet_keeps_them_whatever_the_setting_says(
    ticket: Ticket,
    ask_erasure: Ask,
    officer: User,
    agent: User,
    lead: User,
    brand: Brand,
    settings: Any,
    run_out: Run,
) -> None:
    settings.PRIVACY_OPEN_CASES_KEEP = False
    asked_before = ask_erasure(ticket.customer)
    verify(ticket, method=VerificationMethod.DOCUMENT, by=actors.staff(lead))
    act = request_act(ticket, kind=ActKind.UNFREEZE, answers=UNFREEZE, by=actors.staff(agent))
    run_out()
    asked_before.refresh_from_db()
    assert (asked_before.state, asked_before.refusal) == (PrivacyState.REFUSED, "open_acts"), (
        "it came meanwhile"
    )
    with pytest.raises(Kept) as refused:
        ask_erasure(ticket.customer)
    assert refused.value.reasons == [PrivacyRefusal.OPEN_ACTS]
    waiting = themself(ticket.customer, PrivacyKind.ERASE, brand)
    with pytest.raises(Kept):
        requests.grant(waiting, by=actors.staff(officer))
    withdraw_act(act, by=actors.staff(agent))
    requests.grant(waiting, by=actors.staff(officer))
    run_out()
    ticket.customer.refresh_from_db()
    assert ticket.customer.erased_at
    act.refresh_from_db()
    assert act.customer == ticket.customer, "what was asked for stays, of somebody without a name"


@pytest.mark.parametrize("on", ["customer", "ticket"])
def test_under_a_legal_hold_nobody_is_erased(
    on: str, planted: Planted, ask_erasure: Ask, officer: User, run_out: Run
) -> None:
    where = {"customer": planted.customer} if on == "customer" else {"ticket": planted.tickets[0]}
    made = holds.hold(**where, reason="A lawsuit", until=None, by=actors.staff(officer))
    with pytest.raises(Kept) as refused:
        ask_erasure(planted.customer)
    assert refused.value.reasons == [PrivacyRefusal.LEGAL_HOLD]
    assert AuditEntry.objects.filter(kind=AuditKind.HOLD_SET, data__hold=made.pk).exists()
    assert AuditEntry.objects.get(kind=AuditKind.ERASURE_REFUSED).data["reasons"] == ["legal_hold"]
    holds.lift(made, by=actors.staff(officer))
    with pytest.raises(Conflict):
        holds.lift(made, by=actors.staff(officer))
    ask_erasure(planted.customer)
    run_out()
    planted.customer.refresh_from_db()
    assert planted.customer.erased_at


def test_a_hold_that_came_while_it_waited_stops_it(planted: Planted, ask_erasure: Ask, officer: User) -> None:
    made = ask_erasure(planted.customer)
    holds.hold(customer=planted.customer, reason="A lawsuit", until=None, by=actors.staff(officer))
    erasing.work()
    made.refresh_from_db()
    assert (made.state, made.refusal) == (PrivacyState.REFUSED, "legal_hold")
    planted.customer.refresh_from_db()
    assert planted.customer.name


def test_a_hold_that_comes_too_late_says_so(planted: Planted, ask_erasure: Ask, officer: User) -> None:
    ask_erasure(planted.customer)
    erasing.work()
    with pytest.raises(holds.BeingErased):
        holds.hold(customer=planted.customer, reason="A lawsuit", until=None, by=actors.staff(officer))


def test_a_hold_ends_by_itself(member: Customer, officer: User) -> None:
    until = clock.now() + timedelta(days=1)
    holds.hold(customer=member, reason="A lawsuit", until=until, by=actors.staff(officer))
    assert queries.holds_on(member).exists()
    with clock.frozen(until + timedelta(seconds=1)):
        assert not queries.holds_on(member).exists()
    with pytest.raises(Invalid):
        holds.hold(customer=member, reason=" ", until=None, by=actors.staff(officer))
    with pytest.raises(Invalid):
        holds.hold(
            customer=member, reason="x", until=clock.now() - timedelta(days=1), by=actors.staff(officer)
        )
    assert LegalHold.objects.count() == 1


def test_another_brands_cases_are_not_the_officers_to_erase(
    planted: Planted, ask_erasure: Ask, other_brand: Brand
) -> None:
    Ticket.objects.filter(pk=planted.tickets[0].pk).update(brand=other_brand)
    with pytest.raises(Kept) as refused:
        ask_erasure(planted.customer)
    assert refused.value.reasons == [PrivacyRefusal.OTHER_BRANDS]


def test_the_preview_counts_and_changes_nothing(planted: Planted) -> None:
    counts = {one.model: one.rows for one in queries.preview(planted.customer)}
    assert counts["tickets.ticket"] == 2
    assert counts["tickets.attachment"] == 2
    assert counts["accounts.customer"] == 1
    assert counts["tickets.savedview"] == 1
    assert "tickets.webhook" not in counts


def test_people_are_found_by_what_they_are_known_by(
    planted: Planted, officer: User, other_brand: Brand
) -> None:
    for text in (planted.customer.email, "zq@second.example", "+86 139 1234 5678", planted.tickets[0].number):
        assert queries.find(text, viewer=officer) == planted.customer
    assert queries.find("nobody@nowhere.example", viewer=officer) is None
    officer.brands.set([other_brand])
    stranger = User.objects.get(pk=officer.pk)
    assert queries.find(planted.customer.email, viewer=stranger) is None


def test_raw_mail_of_a_held_case_is_not_forgotten(planted: Planted, officer: User) -> None:
    IncomingMail.objects.update(received_at=clock.now() - timedelta(days=999))
    holds.hold(ticket=planted.tickets[0], reason="A lawsuit", until=None, by=actors.staff(officer))
    assert forget_raw(clock.now()) == 1
    assert IncomingMail.objects.exclude(raw_sealed=None).get().ticket == planted.tickets[0]


def test_a_log_in_that_works_here_by_now_is_not_erased(
    planted: Planted, ask_erasure: Ask, run_out: Run
) -> None:
    User.objects.filter(pk=planted.user.pk).update(role="agent", email="zeb@staff.test")
    ask_erasure(planted.customer)
    run_out()
    planted.user.refresh_from_db()
    assert (planted.user.email, planted.user.is_active) == ("zeb@staff.test", True)
    planted.customer.refresh_from_db()
    assert planted.customer.email == ""

"""Whoever got a mail or a call checks whether it is ours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.choices import AuditKind
from accounts.models import AuditEntry, Brand, Customer, User
from helpdesk.lib import clock
from tests.crowd import all_at_once
from tests.tickets.portal.pages import fields_of, text_of
from tickets import actors
from tickets.actions import messages
from tickets.actions.support_codes import TooManyCalls, announce_call, check
from tickets.delivery.sender import deliver
from tickets.models import OutboxMail, SupportCall, Ticket
from tickets.queries.support_codes import code_of, spoken
from tickets.rules.support_codes import CALL_LASTS, CALLS_PER_HOUR, Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(ticket: Ticket, agent: User) -> OutboxMail:
    messages.reply(ticket, body="We look into it.", by=actors.staff(agent))
    later = clock.now() + timedelta(minutes=5)
    with clock.frozen(later):
        deliver()
    return OutboxMail.objects.filter(purpose="reply").get()


def ask(client: Client, **typed: Any) -> Any:
    page = client.get("/btp/really-us/")
    return client.post("/btp/really-us/", {**fields_of(page, "really-us-form"), **typed})


def test_a_mail_is_ours(guest: Client, letter: OutboxMail, customer: Customer) -> None:
    code = code_of(letter)
    assert any(code in str(sent.body) and "/btp/really-us/" in str(sent.body) for sent in mail.outbox)
    page = text_of(ask(guest, code=code.lower().replace("-", " "), contact=customer.email.upper()))
    assert "Yes, this mail is ours" in page
    assert "What we never ask for" in page
    assert AuditEntry.objects.get(kind="support_code_checked").data == {
        "verdict": "ours",
        "call": False,
        "mail": letter.pk,
    }


def test_a_mail_checked_again_says_so(guest: Client, letter: OutboxMail, customer: Customer) -> None:
    """Who opens the page twice is told the same; who did not, learns that somebody else did."""
    typed = {"code": code_of(letter), "contact": customer.email}
    wrong = {"code": code_of(letter), "contact": "victim@example.com"}
    assert "No, this is not from us" in text_of(ask(guest, **wrong))
    first = text_of(ask(guest, **typed))
    assert "Yes, this mail is ours" in first
    assert "checked already" not in first
    again = text_of(ask(guest, **typed))
    assert "Yes, this mail is ours" in again
    assert "This code was checked already: " in again
    assert "If that was not you" in again


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_told_of_the_other(
    brand: Brand, letter: OutboxMail, customer: Customer
) -> None:
    code = code_of(letter)
    found = all_at_once([lambda: check(brand, code, contact=customer.email).before is None] * 4)
    assert sorted(found) == [False, False, False, True]


def test_a_code_is_good_for_whom_it_went_to(guest: Client, letter: OutboxMail) -> None:
    """A fraudster has mails of ours, too, and writes their codes into mails of their own."""
    page = text_of(ask(guest, code=code_of(letter), contact="victim@example.com"))
    assert "No, this is not from us" in page


def test_not_one_that_nobody_was_sent(guest: Client, letter: OutboxMail, customer: Customer) -> None:
    OutboxMail.objects.filter(pk=letter.pk).update(state="queued", sent_at=None)
    assert "not from us" in text_of(ask(guest, code=code_of(letter), contact=customer.email))


def test_who_has_logged_in_names_no_address(
    mia: Client, member: Customer, make_ticket: Any, agent: User
) -> None:
    call = announce_call(make_ticket(customer=member), by=actors.staff(agent))
    assert "contact" not in fields_of(mia.get("/btp/really-us/"), "really-us-form")
    assert "Yes, this call is ours" in text_of(ask(mia, code=spoken(call)))


def test_a_call_is_checked_once(guest: Client, ticket: Ticket, agent: User, customer: Customer) -> None:
    call = announce_call(ticket, by=actors.staff(agent))
    typed = {"code": spoken(call), "contact": customer.email}
    assert "Yes, this call is ours" in text_of(ask(guest, **typed))
    assert "used up" in text_of(ask(guest, **typed))


def test_a_call_runs_out(guest: Client, ticket: Ticket, agent: User, customer: Customer) -> None:
    call = announce_call(ticket, by=actors.staff(agent))
    with clock.frozen(clock.now() + CALL_LASTS + timedelta(seconds=1)):
        assert "has run out" in text_of(ask(guest, code=spoken(call), contact=customer.email))


def test_by_phone_number(brand: Brand, ticket: Ticket, agent: User, customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(phone="+8613800138000")
    call = announce_call(ticket, by=actors.staff(agent))
    assert check(brand, spoken(call), contact="138 0013 8001").verdict is Verdict.NOT_OURS
    assert check(brand, spoken(call), contact="138 0013 8000").verdict is Verdict.OURS


def test_another_brands_code(other_brand: Brand, ticket: Ticket, agent: User, customer: Customer) -> None:
    call = announce_call(ticket, by=actors.staff(agent))
    assert check(other_brand, spoken(call), contact=customer.email).verdict is Verdict.NOT_OURS


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_told_that_it_is_used(
    brand: Brand, ticket: Ticket, agent: User, customer: Customer
) -> None:
    code = spoken(announce_call(ticket, by=actors.staff(agent)))
    found = all_at_once([lambda: check(brand, code, contact=customer.email).verdict] * 5)
    assert sorted(one.value for one in found) == ["asked_before"] * 4 + ["ours"]


def test_what_is_no_code_is_said_at_the_field(guest: Client, brand: Brand) -> None:
    refused = ask(guest, code="abc", contact="")
    assert refused.status_code == 422
    page = text_of(refused)
    assert "Enter the twelve letters" in page
    assert "Say how you were reached" in page
    assert not AuditEntry.objects.filter(kind=AuditKind.SUPPORT_CODE_CHECKED).exists()


def test_guessing_ends(guest: Client, brand: Brand) -> None:
    typed = {"code": "1234 5678", "contact": "mia@example.com"}
    for _time in range(40):
        assert ask(guest, **typed).status_code == 200
    refused = ask(guest, **typed)
    assert refused.status_code == 429
    assert 'value="1234 5678"' in refused.content.decode()
    assert int(refused["Retry-After"]) > 0


def test_so_many_calls_in_an_hour(ticket: Ticket, agent: User) -> None:
    for _time in range(CALLS_PER_HOUR):
        announce_call(ticket, by=actors.staff(agent))
    with pytest.raises(TooManyCalls):
        announce_call(ticket, by=actors.staff(agent))


def test_the_case_tells_of_the_call(mia: Client, member: Customer, make_ticket: Any, agent: User) -> None:
    ticket = make_ticket(customer=member)
    path = f"/btp/cases/{ticket.display_number}/"
    assert "Somebody calls or writes in our name?" in text_of(mia.get(path))
    call = announce_call(ticket, by=actors.staff(agent))
    page = text_of(mia.get(path))
    assert "announced a call to you" in page
    assert spoken(call) not in page, "who reads along could call with it"
    assert SupportCall.objects.get().checked_at is None

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.actions import customers
from accounts.models import Brand, Customer, User
from helpdesk.lib import clock
from tests.tickets.portal.pages import fields_of, text_of
from tickets import actors
from tickets.actions.merging import merge
from tickets.models import Category, Emergency, SensitiveAct, Ticket

pytestmark = pytest.mark.django_db
PAGE = "/btp/emergency/"


@pytest.fixture(autouse=True)
def country(brand: Brand) -> None:
    brand.country = "CN"
    brand.save()


def send(client: Client, **typed: Any) -> Any:
    start = {"account": "138 0013 8000", "what": ["phone_stolen"]}
    return client.post(PAGE, {**fields_of(client.get(PAGE), "emergency-form"), **start, **typed})


def case_of(response: Any) -> str:
    return str(response["Location"])


def test_two_answers_freeze(guest: Client, brand: Brand, lead: User) -> None:
    response = send(guest)
    emergency = Emergency.objects.get()
    assert case_of(response) == f"/btp/emergency/{emergency.ticket.display_number}/"
    assert SensitiveAct.objects.get().account == "+8613800138000"
    page = text_of(guest.get(case_of(response)))
    assert emergency.ticket.display_number in page
    assert "We are freezing it now" in page
    case = guest.get(f"/btp/cases/{emergency.ticket.display_number}/")
    assert f'href="{case_of(response)}"' in case.content.decode()


@pytest.mark.parametrize(("language", "words"), [("en", "Freeze an account now"), ("zh-hans", "紧急")])
def test_in_both_languages(brand: Brand, lead: User, language: str, words: str) -> None:
    client = Client(headers={"accept-language": language})
    assert client.get(PAGE).status_code == 200
    response = send(client, what=["money_gone"], left=_typed(hours=2))
    ticket = Emergency.objects.get().ticket
    assert ticket.language == language
    assert "48" in text_of(client.get(case_of(response)))
    if language == "en":
        assert words in text_of(client.get(PAGE))


def _typed(**ago: int) -> str:
    return (clock.now() + timedelta(hours=8) - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M")


def test_which_wallet(guest: Client, brand: Brand, other_brand: Brand) -> None:
    page = guest.get("/emergency/")
    assert b"/btp/emergency/" in page.content
    assert b"/bobao/emergency/" in page.content
    Brand.objects.filter(pk=other_brand.pk).update(is_active=False)
    assert guest.get("/emergency/")["Location"] == PAGE


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"account": ""}, "Enter the phone number, e-mail address or account number"),
        ({"account": "??"}, "Enter a phone number such as"),
        ({"what": []}, "Choose what happened"),
        ({"what": ["eaten"]}, "Choose what happened"),
        ({"left": "yesterday"}, "Enter date and time such as"),
        ({"left": "1999-01-01T00:00"}, "Enter date and time such as"),
        ({"phone": "12"}, "Enter a phone number that can be called"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    guest: Client, brand: Brand, typed: Any, words: str
) -> None:
    response = send(guest, **typed)
    assert response.status_code == 422
    assert words in text_of(response)
    kept = fields_of(response, "emergency-form")
    for name, value in {"account": "138 0013 8000", "what": ["phone_stolen"], **typed}.items():
        if name != "what":
            assert kept[name] == value
        elif value == ["phone_stolen"]:
            assert kept[name] == "phone_stolen"
    assert not Emergency.objects.exists()


def test_a_recovery_phrase_is_not_even_shown_again(guest: Client, brand: Brand) -> None:
    response = send(guest, account="abandon " * 11 + "about")
    assert response.status_code == 422
    assert "recovery phrase or key" in text_of(response)
    assert b"abandon" not in response.content
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("secret", "field", "words"),
    [
        ("4278528177312557", "account", "Call the bank that gave you the card"),
        ("110105199003074325", "account", "identity number"),
        ("5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", "account", "Consider this wallet lost"),
        ("0f" * 32, "account", "Consider this wallet lost"),
        ("的一是在不了有和人这中大", "account", "recovery phrase or key"),
        ("4278528177312557", "phone", "Call the bank that gave you the card"),
    ],
)
def test_a_secret_is_refused_with_advice_and_the_rest_is_kept(
    guest: Client, brand: Brand, secret: str, field: str, words: str
) -> None:
    typed = {"account": "138 0013 8000", "phone": "139 0013 9000", field: secret}
    response = send(guest, what=["money_gone"], **typed)
    assert response.status_code == 422
    page = text_of(response)
    assert words in page
    assert "You sent us a secret" in page
    assert secret not in response.content.decode()
    kept = fields_of(response, "emergency-form")
    other = "phone" if field == "account" else "account"
    assert (kept[field], kept[other], kept["what"]) == ("", typed[other], "money_gone")
    assert not Ticket.objects.exists()
    assert not Customer.objects.exists()


NOT_FROZEN = "It is not frozen yet: one of us is doing it by hand"


def test_a_freeze_that_failed_is_not_claimed(
    guest: Client, brand: Brand, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr("tickets.actions.wallet.freeze_now", fails)
    page = text_of(guest.get(case_of(send(guest))))
    assert NOT_FROZEN in page
    assert "Do not wait, call us now: 400 000 0001" in page
    assert "Call me back" in page
    assert "We are freezing it now" not in page


@pytest.mark.parametrize(
    ("error", "state", "by_hand"),
    [
        ("", "approved", False),
        ("no_core", "approved", True),
        ("timed out", "unknown", True),
        # What the wallet said of the account is nobody's business here.
        ("", "done", False),
        ("", "failed", False),
    ],
)
def test_a_wallet_that_is_away_is_said_and_what_it_answered_is_not(
    guest: Client, brand: Brand, lead: User, error: str, state: str, by_hand: bool
) -> None:
    place = case_of(send(guest))
    act = SensitiveAct.objects.get()
    act.command.last_error = error
    act.command.save()
    if state != "approved":
        act.state = "sending"
        act.save()
        act.state = state
        act.save()
    assert (NOT_FROZEN in text_of(guest.get(place))) is by_hand


def test_a_stranger_gets_the_same_answer_for_an_account_that_nobody_has(brand: Brand, lead: User) -> None:
    """Not even the words or their number tell, nor the address that we know of its owner."""
    owner = customers.find_or_create(email="owner@example.com", phone="+8613800138000", language="en")
    pages = []
    for account in ("138 0013 8000", "137 0013 7000"):
        client = Client(headers={"accept-language": "en"})
        response = send(client, account=account, what=["intruder"])
        ticket = Emergency.objects.latest("pk").ticket
        page = text_of(client.get(case_of(response))).replace(ticket.display_number, "#")
        case = client.get(f"/btp/cases/{ticket.display_number}/")
        received = client.get(f"/btp/cases/{ticket.display_number}/received/")
        assert received["Location"] == case_of(response)
        for content in (page, text_of(case)):
            assert owner.email not in content
        pages.append(page)
    assert pages[0] == pages[1]
    assert Emergency.objects.earliest("pk").ticket.customer == owner


def test_nobody_else_reads_it(guest: Client, brand: Brand, lead: User) -> None:
    place = case_of(send(guest))
    assert Client().get(place).status_code == 404
    assert Client().post(place + "call/", {"phone": "13900139000"}).status_code == 404


def test_an_ordinary_case_has_no_such_page(mia: Client, member: Customer, make_ticket: Any) -> None:
    ticket = make_ticket(customer=member)
    assert mia.get(f"/btp/emergency/{ticket.display_number}/").status_code == 404


def test_put_together_with_another_case_the_reporter_reads_no_further(
    guest: Client, brand: Brand, lead: User, make_ticket: Any
) -> None:
    """Else whoever names somebody's account would read that person's other cases."""
    owner = customers.find_or_create(phone="+8613800138000", language="en")
    other = make_ticket(customer=owner, body="My private matter.")
    place = case_of(send(guest))
    emergency = Emergency.objects.get().ticket
    merge(emergency, into=other, by=actors.staff(lead))
    assert guest.get(place).status_code == 404
    assert guest.get(f"/btp/cases/{other.display_number}/").status_code == 404


def test_a_call_can_be_asked_for_afterwards(guest: Client, brand: Brand, lead: User) -> None:
    place = case_of(send(guest))
    assert guest.post(place + "call/", fields_of(guest.get(place), "call-form")).status_code == 422
    typed = {**fields_of(guest.get(place), "call-form"), "phone": "139 0013 9000", "call": "morning"}
    assert guest.post(place + "call/", typed).status_code == 302
    emergency = Emergency.objects.get()
    assert (emergency.call_back_phone, emergency.call_back_differs) == ("+8613900139000", True)
    assert emergency.call_back_at is not None
    assert emergency.call_back_at.hour == 1, "9:00 in Shanghai"
    page = text_of(guest.get(place))
    assert "+86•••9000" in page
    assert "13900139000" not in page


def test_the_same_form_twice_is_one(guest: Client, brand: Brand, lead: User) -> None:
    typed = {**fields_of(guest.get(PAGE), "emergency-form"), "account": "13800138000", "what": ["intruder"]}
    assert guest.post(PAGE, typed)["Location"] == guest.post(PAGE, typed)["Location"]
    assert Emergency.objects.count() == 1


def test_not_too_often_for_one_account(brand: Brand, lead: User) -> None:
    for number in range(6):
        client = Client(REMOTE_ADDR=f"203.0.113.{number}", headers={"accept-language": "en"})
        response = send(client)
    assert response.status_code == 429
    assert "we are on it" in text_of(response)
    assert "400 000 0001" in text_of(response)
    assert fields_of(response, "emergency-form")["account"] == "138 0013 8000"
    assert Emergency.objects.count() == 5


def test_nor_in_other_letters(brand: Brand, lead: User) -> None:
    for number in range(6):
        client = Client(REMOTE_ADDR=f"203.0.113.{number}", headers={"accept-language": "en"})
        response = send(client, account=("BTP-77", "btp-77")[number % 2])
    assert response.status_code == 429


def test_not_too_often_from_one_place(guest: Client, brand: Brand, lead: User) -> None:
    for number in range(11):
        response = send(guest, account=f"138001380{number:02}")
    assert response.status_code == 429
    assert Emergency.objects.count() == 10


def test_no_stop_payment_where_the_law_knows_none(guest: Client, brand: Brand, lead: User) -> None:
    Brand.objects.update(country="SG")
    place = case_of(send(guest, what=["money_gone"], left=_typed(hours=1)))
    assert "stop-payment (48" not in text_of(guest.get(place))


def test_the_way_there(guest: Client, brand: Brand, category: Category) -> None:
    Category.objects.create(slug="freeze", name_zh="冻结", name_en="Freeze", is_emergency=True)
    for page in ("/btp/", "/btp/new/", "/btp/contact/", "/btp/never-ask/", "/btp/new/freeze/"):
        assert b'class="button danger" href="/btp/emergency/"' in guest.get(page).content, page
    assert b'class="button danger" href="/btp/emergency/"' not in guest.get("/btp/new/withdrawal/").content


def test_an_old_page_is_sent_again(brand: Brand) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    response = client.post(PAGE, {"account": "13800138000", "what": ["intruder"]})
    assert response.status_code == 403
    assert "send it again" in text_of(response)
    assert not Emergency.objects.exists()

"""A case opened at the phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Brand, Customer, User
from tests.tickets.workspace.conftest import LogIn
from tickets.choices import Channel, Priority
from tickets.models import Attachment, Category, Ticket

NEW = "/admin/tickets/new/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def form(brand: Brand, category: Category) -> dict[str, Any]:
    """Everything right."""
    return {
        "phone": "138 0013 8000",
        "email": "",
        "name": "李静",
        "language": "zh-hans",
        "brand": brand.pk,
        "channel": "phone",
        "category": category.pk,
        "priority": "",
        "field-amount": "¥120.50",
        "field-amount-currency": "USD",
        "field-card_last4": "",
        "subject": "",
        "body": "客户来电：充值没有到账。",
        "origin_key": "k1",
    }


def test_it_works(desk: Client, agent: User, form: dict[str, Any]) -> None:
    response = desk.post(NEW, form)
    ticket = Ticket.objects.get()
    assert response["Location"] == f"/admin/tickets/{ticket.number}/"
    assert ticket.channel == Channel.PHONE
    assert (ticket.customer.phone, ticket.customer.name) == ("+8613800138000", "李静")
    assert ticket.fields == {"amount": {"amount": "120.50", "currency": "USD"}}
    assert ticket.subject == "客户来电：充值没有到账。"
    event = ticket.events.get(kind="opened")
    assert event.actor == agent


def test_a_known_caller_is_found(desk: Client, form: dict[str, Any], customer: Customer) -> None:
    desk.post(NEW, form | {"phone": "", "email": "WANG@example.com ", "name": "Somebody"})
    ticket = Ticket.objects.get()
    assert ticket.customer == customer
    assert ticket.customer.name == "王小明"


def test_the_same_form_twice_is_one_ticket(desk: Client, form: dict[str, Any]) -> None:
    first, second = desk.post(NEW, form), desk.post(NEW, form)
    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 1


def test_priority_and_files(desk: Client, form: dict[str, Any]) -> None:
    desk.post(NEW, form | {"priority": "urgent", "attachments": SimpleUploadedFile("a.txt", b"hello")})
    assert Ticket.objects.get().priority == Priority.URGENT
    assert Attachment.objects.get().name == "a.txt"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"phone": "", "email": ""}, "Enter your e-mail address"),
        ({"phone": "12"}, "Enter a phone number"),
        ({"email": "x"}, "Enter an e-mail address"),
        ({"category": ""}, "Choose what it is about."),
        ({"category": "999999"}, "Choose what it is about."),
        ({"brand": ""}, "Choose one of the list."),
        ({"body": " "}, "Write what the customer said."),
        ({"field-amount": ""}, "Enter the amount"),
        ({"field-card_last4": "12"}, "Only the last four digits"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_is_kept(
    desk: Client, form: dict[str, Any], wrong: dict[str, str], said: str
) -> None:
    response = desk.post(NEW, form | wrong)
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert 'value="李静"' in page
    assert 'name="origin_key" value="k1"' in page
    place = re.search(r'role="alert".*?<a href="#([\w-]+)">([^<]+): ([^<]+)</a>', page, re.S)
    assert place is not None, "the summary names the field and leads to it"
    assert f'<label for="{place[1]}">{place[2]}' in page
    if "body" not in wrong:
        assert "客户来电：充值没有到账。" in page
    assert Ticket.objects.count() == 0


def test_all_that_is_wrong_is_said_at_once_and_the_focus_is_there(desk: Client, form: dict[str, Any]) -> None:
    empty = {"phone": "", "email": "", "category": "", "body": "", "brand": ""}
    page = desk.post(NEW, form | empty).content.decode()
    assert re.findall(r'<li><a href="#([\w-]+)">', page) == ["id-email", "id-brand", "id-category", "id-body"]
    assert re.findall(r"<(\w+)[^>]* autofocus", page) == ["div"], "the summary has it, no field"
    for place in ("id-email", "id-body"):
        assert f'id="{place}" aria-invalid="true" aria-describedby="{place}-error"' in page
    page = desk.post(NEW, form | {"phone": "12", "email": "x"}).content.decode()
    assert re.findall(r'<li><a href="#([\w-]+)">', page) == ["id-email", "id-phone"]
    assert re.findall(r'<(\w+) id="id-phone"[^>]* autofocus', desk.get(NEW).content.decode()) == ["input"]


def test_only_an_empty_form_takes_what_the_browser_kept(
    desk: Client, agent: User, form: dict[str, Any]
) -> None:
    page = desk.get(NEW).content.decode()
    assert f'data-kept-as="ws-draft:new:{agent.pk}" data-fresh' in page
    assert "data-fresh" not in desk.post(NEW, form | {"body": ""}).content.decode()
    assert "data-fresh" not in desk.get(NEW, {"phone": "13800138000"}).content.decode()


def test_a_brand_that_one_does_not_serve(desk: Client, form: dict[str, Any], other_brand: Brand) -> None:
    assert desk.post(NEW, form | {"brand": other_brand.pk}).status_code == 422
    assert other_brand.name_en not in desk.get(NEW).content.decode()


def test_the_questions_of_a_category(desk: Client, category: Category) -> None:
    page = desk.get(NEW, {"category": str(category.pk), "field-amount": "7"}, headers=HTMX).content.decode()
    assert "<html" not in page
    assert 'name="field-amount" value="7"' in page
    assert "Last four digits" in page


def test_the_questions_without_javascript(desk: Client, form: dict[str, Any]) -> None:
    response = desk.post(NEW, form | {"questions": "1"})
    assert response.status_code == 200
    assert 'name="field-amount"' in response.content.decode()
    assert Ticket.objects.count() == 0


def test_who_is_calling(desk: Client, ticket: Ticket, customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(phone="+8613800138000")
    page = desk.get(f"{NEW}customer/", {"phone": "13800138000"}).content.decode()
    assert "王小明" in page
    assert ticket.display_number in page
    assert "Not known yet" in desk.get(f"{NEW}customer/", {"phone": "1390013"}).content.decode()
    assert re.search(r">\s*</div>", desk.get(f"{NEW}customer/").content.decode())


def test_a_case_that_one_may_not_see_is_not_named(
    log_in: LogIn, other_brand_agent: User, ticket: Ticket
) -> None:
    page = log_in(other_brand_agent).get(f"{NEW}customer/", {"email": "wang@example.com"}).content.decode()
    assert ticket.display_number not in page


def test_the_officer_opens_nothing(log_in: LogIn, officer: User, form: dict[str, Any]) -> None:
    client = log_in(officer)
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, form).status_code == 403
    assert client.get(f"{NEW}customer/").status_code == 403

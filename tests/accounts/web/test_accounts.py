"""Signing up, confirming, logging in: what this site adds to the package's own pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from accounts.actions.api_tokens import issue
from accounts.models import Brand, Customer, User
from accounts.rules.scopes import Scope
from tests.cast import PASSWORD, person
from tests.tickets.portal.pages import text_of
from tests.tickets.rules.secrets.said import WIF
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
NEW = {"name": "王小明", "email": "wang@example.com", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def browser(brand: Brand) -> Client:
    client = Client(headers={"accept-language": "zh-CN"})
    client.get("/btp/")
    return client


def log_in(client: Client, email: str) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": PASSWORD})


def test_sign_up_confirm_and_earlier_cases_come_along(
    browser: Client, ticket: Ticket, mailoutbox: list[EmailMessage]
) -> None:
    assert browser.post("/accounts/signup/", NEW)["Location"] == "/accounts/confirm-email/"
    user = User.objects.get()
    assert (user.name, user.language, user.is_staff) == ("王小明", "zh-hans", False)
    assert Customer.objects.get().user is None, "not before the address is confirmed"
    assert browser.post("/accounts/confirm-email/", {"code": "WRONG1"}).status_code == 200
    assert Customer.objects.get().user is None
    assert (
        browser.post("/accounts/confirm-email/", {"code": code_in(mailoutbox[0])})["Location"]
        == "/btp/cases/"
    )
    assert Customer.objects.get().user == user
    assert ticket.subject in text_of(browser.get("/btp/cases/"))


def test_the_owner_of_an_address_cannot_confirm_for_a_stranger(
    browser: Client, ticket: Ticket, mailoutbox: list[EmailMessage]
) -> None:
    browser.post("/accounts/signup/", NEW)
    owner = Client()
    owner.post("/accounts/confirm-email/", {"code": code_in(mailoutbox[0])})
    assert Customer.objects.get().user is None
    assert not re.search(r"https?://", str(mailoutbox[0].body)), "nothing to click"


def code_in(mail: EmailMessage) -> str:
    [code] = re.findall(r"^([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})$", str(mail.body), re.MULTILINE)
    return str(code)


def test_the_mail_speaks_the_readers_language_and_names_the_brand(
    browser: Client, mailoutbox: list[EmailMessage]
) -> None:
    browser.post("/accounts/signup/", NEW)
    mail = mailoutbox[0]
    assert mail.to == ["wang@example.com"]
    assert mail.from_email == "BTP Wallet <help@btp.test>"
    assert "B特派钱包" in mail.body


def test_a_mail_later_speaks_the_persons_own_language(
    browser: Client, member: Customer, mailoutbox: list[EmailMessage]
) -> None:
    browser.post("/accounts/password/reset/", {"email": member.email})
    assert mailoutbox[0].subject == "A new password for your help account"
    assert "/accounts/password/reset/key/" in mailoutbox[0].body


def test_a_name_is_asked_for(browser: Client) -> None:
    response = browser.post("/accounts/signup/", {**NEW, "name": ""})
    assert response.status_code == 200
    assert 'id="id_name_error"' in response.content.decode()
    assert "wang@example.com" in response.content.decode()


def test_an_address_that_is_a_key_is_refused(browser: Client) -> None:
    for page in ("/accounts/signup/", "/accounts/password/reset/"):
        response = browser.post(page, {**NEW, "email": f"{WIF}@example.com"})
        assert list(response.context["form"].errors) == ["email"]
    assert not User.objects.filter(email__icontains=WIF).exists()


def test_signing_up_with_a_taken_address_tells_nobody(browser: Client, member: Customer) -> None:
    response = browser.post("/accounts/signup/", {**NEW, "email": member.email})
    assert response["Location"] == "/accounts/confirm-email/"


def test_staff_go_to_work_and_customers_to_their_cases(
    browser: Client, agent: User, member: Customer
) -> None:
    assert log_in(browser, agent.email)["Location"] == "/admin/"
    browser.post("/accounts/logout/")
    assert log_in(browser, member.email)["Location"] == "/btp/cases/"
    assert browser.post("/accounts/logout/")["Location"] == "/btp/"


def test_where_somebody_wanted_to_go_comes_first(browser: Client, member: Customer) -> None:
    typed = {"login": member.email, "password": PASSWORD, "next": "/btp/new/"}
    assert browser.post("/accounts/login/", typed)["Location"] == "/btp/new/"


def test_wrong_passwords_lock_out(browser: Client, member: Customer) -> None:
    for _ in range(6):
        browser.post("/accounts/login/", {"login": member.email, "password": "wrong"})
    assert log_in(browser, member.email).status_code != 302


def test_a_changed_address_takes_the_mail_along(member: Customer) -> None:
    from accounts.actions.customers import follow_email

    assert member.user is not None
    follow_email(member.user, "New@Example.com")
    member.refresh_from_db()
    assert member.email == "new@example.com"


def test_a_changed_address_takes_no_other_customer_along(member: Customer, customer: Customer) -> None:
    from accounts.actions.customers import follow_email

    assert member.user is not None
    follow_email(member.user, customer.email)
    member.refresh_from_db()
    assert member.email == "mia@demo.test"


def test_somebody_confirmed_before_they_had_a_case(browser: Client, db: None) -> None:
    user = person("customer", "Nina")  # type: ignore[arg-type]
    log_in(browser, user.email)
    assert Customer.objects.get(user=user).email == user.email


@pytest.mark.parametrize(
    "path",
    ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/password/reset/done/"],
)
def test_the_pages_look_like_the_brand(browser: Client, path: str) -> None:
    source = browser.get(path).content.decode()
    assert "B特派钱包" in source
    assert 'lang="zh-hans"' in source
    assert (
        'placeholder=""' in source or "<input" not in source.split("<main")[1] or "placeholder" not in source
    )


@pytest.mark.parametrize("path", ["/accounts/email/", "/accounts/password/change/", "/accounts/2fa/"])
def test_the_account_pages(browser: Client, member: Customer, path: str) -> None:
    log_in(browser, member.email)
    assert "/btp/cases/" in browser.get(path).content.decode()


def test_a_new_password_ends_the_keys_of_programs(browser: Client, member: Customer) -> None:
    assert member.user is not None
    kept = issue(user=member.user, name="script", scopes=[Scope.TICKETS_READ], by=member.user).token
    log_in(browser, member.user.email)
    new = "a much longer battery"
    browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    kept.refresh_from_db()
    assert kept.revoked_at is not None


def test_who_logs_out_at_the_desk_stands_before_the_log_in(agent: User) -> None:
    client = Client()
    client.force_login(agent)
    response = client.post(reverse("admin:logout"))
    assert (response.status_code, response["Location"]) == (302, reverse("account_login"))
    assert client.get("/admin/queue/").status_code == 302, "and is out"

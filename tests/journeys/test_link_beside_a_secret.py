"""A message with a removed secret and a link: everybody reads the mark in their language, and nobody gets a link."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Customer, User
from tests.api_client import Api
from tests.files import PHRASE
from tickets import actors
from tickets.actions.drafts import Written
from tickets.actions.forwarding import forward
from tickets.actions.messages import customer_reply
from tickets.choices import DraftKind, MailPurpose
from tickets.delivery.render import render
from tickets.models import OutboxMail, Ticket

pytestmark = pytest.mark.django_db
LINK = "https://evil.example/login?a=1"
MARKS = {"en": "[removed: recovery phrase]", "zh-hans": "[已移除：助记词]"}


@pytest.fixture
def own(make_ticket: Callable[..., Ticket], member: Customer) -> Ticket:
    ticket = make_ticket(customer=member)
    body = f"They sent me to {LINK} and I typed:\n{PHRASE}\nIs it real?"
    customer_reply(ticket, body=body, by=actors.customer(member))
    return ticket


def check(text: str, language: str, *, is_page: bool) -> None:
    assert MARKS[language] in text
    assert "已移除" not in text or language == "zh-hans", "one language, not both"
    assert "hxxps://evil[.]example/login?a=1" in text.replace("&amp;", "&")
    assert LINK not in text.replace("&amp;", "&"), "neither as text nor as a link"
    if is_page:
        assert '<span class="defanged">hxxps://evil[.]example' in text
    assert "sausage" not in text


@pytest.mark.parametrize("language", MARKS)
def test_on_the_portal_and_in_the_workspace(
    own: Ticket, member: Customer, agent: User, language: str
) -> None:
    assert member.user is not None
    for user, where in (
        (member.user, f"/btp/cases/{own.display_number}/"),
        (agent, f"/admin/tickets/{own.number}/"),
    ):
        client = Client(headers={"accept-language": language})
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        client.cookies["django_language"] = language
        page = client.get(where)
        assert page.status_code == 200
        check(page.content.decode(), language, is_page=True)


def test_in_the_api(own: Ticket, agent: User) -> None:
    said = Api(agent).get(f"/tickets/{own.display_number}/messages/").json()["results"]
    check(said[-1]["body"], "en", is_page=False)


def test_in_a_mail_that_passes_it_on(own: Ticket, agent: User) -> None:
    text = Written(
        body="Do you know this page?",
        kind=DraftKind.FORWARD,
        to="desk@bank.example",
        first_message=own.messages.earliest("pk").pk,
    )
    forward(own, text, by=actors.staff(agent))
    mail = render(OutboxMail.objects.get(purpose=MailPurpose.FORWARD))
    language = OutboxMail.objects.get(purpose=MailPurpose.FORWARD).language
    check(str(mail.body), language, is_page=False)
    [(html, _type)] = mail.alternatives
    check(str(html), language, is_page=False)

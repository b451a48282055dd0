"""A reply is sent by the keyboard, taken back by the keyboard, and sent again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]


def test_it_works(
    visit: Visit, log_in: Callable[[Page, str], None], agent: User, ticket: Ticket, settings: Any
) -> None:
    from tickets.models import OutboxMail

    settings.MAIL_UNDO_SECONDS = 60

    page = visit("en")
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{ticket.number}/")
    page.fill("#ws-text", "It is on its way.")
    page.press("#ws-text", "Control+Enter")
    button = page.get_by_role("button", name="Take back")
    expect(button).to_be_focused()
    expect(page.locator("[data-leaves]")).to_have_text(re.compile(r"Leaves in [1-5]\d s"))
    page.keyboard.press("Enter")
    expect(page.locator("#ws-text")).to_have_value("It is on its way.")
    expect(page.locator("#ws-conversation del")).to_have_text("It is on its way.")
    expect(button).to_have_count(0)
    assert not OutboxMail.objects.filter(purpose="reply").exists()


@pytest.mark.long
def test_the_page_follows_a_reply_until_it_has_left(
    visit: Visit, log_in: Callable[[Page, str], None], agent: User, ticket: Ticket, settings: Any
) -> None:
    from tickets.delivery.sender import deliver
    from tickets.models import Message

    settings.MAIL_UNDO_SECONDS = 6

    page = visit("en")
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{ticket.number}/")
    page.fill("#ws-text", "It is on its way.")
    button = page.get_by_role("button", name="Take back")
    page.press("#ws-text", "Control+Enter")
    expect(button).to_be_focused()
    expect(button).to_have_count(0)  # the page asks again once it may leave
    expect(page.locator("#ws-conversation")).to_contain_text("mail queued")
    assert Message.objects.standing().filter(author_kind="staff").count() == 1
    assert deliver() == 2
    expect(page.locator("#ws-conversation")).to_contain_text("handed to the mail server")

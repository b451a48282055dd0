"""The palette does what it shows as chosen, whatever is found meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from accounts.models import Brand, User
    from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def article(brand: Brand) -> None:
    from knowledgebase.actions.articles import save_translation
    from knowledgebase.models import Article, Section

    section = Section.objects.create(brand=brand, slug="a", name_zh="帐户", name_en="Account")
    made = Article.objects.create(section=section, slug="watch", is_published=True)
    save_translation(made, language="zh-hans", title="watch the password", summary="", body="请等待。")


@pytest.mark.usefixtures("article")
def test_what_is_highlighted_stays_and_is_what_is_done(
    visit: Callable[..., Page],
    log_in: Callable[[Page, str], None],
    agent: User,
    make_ticket: Callable[..., Ticket],
) -> None:
    ticket = make_ticket()
    make_ticket(subject="Please watch this")
    page = visit("en")
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{ticket.number}/")
    found = page.locator("#ws-palette-found [role=option]")
    chosen = page.locator("#ws-palette [aria-selected=true]")

    page.keyboard.press("Control+k")
    page.keyboard.type("watch")
    expect(found).to_have_count(2)
    expect(chosen).to_contain_text("Watch or stop watching")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Stop watching")).to_be_attached()

    # An article goes into the answer when it is chosen, and not by an Enter alone.
    page.keyboard.press("Control+k")
    page.keyboard.type("password")
    expect(found).to_have_count(1)
    expect(chosen).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#ws-palette")).to_be_visible()
    expect(page.locator("#ws-text")).to_have_value("")
    page.keyboard.press("ArrowDown")
    expect(chosen).to_contain_text("watch the password")
    page.keyboard.press("Enter")
    expect(page.locator("#ws-text")).to_have_value(re.compile("watch the password"))

    # What is named comes before what only has its letters: "My notices" is listed first.
    page.keyboard.press("Control+k")
    page.keyboard.type("note")
    expect(chosen).to_contain_text("Internal note")

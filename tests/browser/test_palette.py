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


def test_what_has_no_key_is_done_too(
    visit: Callable[..., Page], log_in: Callable[[Page, str], None], agent: User, ticket: Ticket
) -> None:
    page = visit("en")
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{ticket.number}/")
    chosen = page.locator("#ws-palette [aria-selected=true]")

    def do(typed: str, title: str) -> None:
        page.keyboard.press("Control+k")
        page.keyboard.type(typed)
        expect(chosen).to_contain_text(title)
        page.keyboard.press("Enter")
        expect(page.locator("#ws-palette")).to_be_hidden()

    page.keyboard.press("Control+k")
    expect(page.locator("#ws-command-merge")).to_be_visible()
    expect(page.locator("#ws-command-follow-up")).to_be_hidden()  # only of one that is closed
    page.keyboard.press("Escape")
    do("merge", "Merge into…")
    expect(page.locator("#ws-into")).to_be_focused()
    do("link", "Link a case…")
    expect(page.locator("#ws-link")).to_be_focused()
    do("own", "Make a message a case of its own")
    expect(page.locator(".ws-split").last).to_be_focused()
    for theme in ("dark", "light"):
        do(theme, f"Appearance: {theme}")
        expect(page.locator("html")).to_have_class(re.compile(rf"\b{theme}\b"))
    do("中文", "Language: 中文 (Chinese)")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.locator("#ws-ticket")).to_have_attribute("data-ticket", ticket.number)
    do("english", "English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.route("**/logout/", lambda route: route.fulfill(status=204))
    with page.expect_request(lambda asked: asked.method == "POST" and asked.url.endswith("/logout/")):
        do("log out", "Log out")

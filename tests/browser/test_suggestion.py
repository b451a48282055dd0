"""A suggested category is taken by one key, which does not act while an input method composes or somebody types."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Route, expect

from tests.smtp import wait_until

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.models import Category, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COMPOSING = """() => document.body.dispatchEvent(
  new KeyboardEvent("keydown", {key: "1", keyCode: 229, bubbles: true, cancelable: true}))"""


@pytest.fixture
def ticket(category: Category, make_ticket: Callable[..., Ticket]) -> Ticket:
    from tickets.models import CategorySuggestion

    ticket = make_ticket(category=None, answers={})
    CategorySuggestion.objects.create(ticket=ticket, ranking=[["withdrawal", 0.93]])
    return ticket


@pytest.fixture
def page(
    visit: Callable[..., Page], log_in: Callable[[Page, str], None], agent: User, ticket: Ticket
) -> Page:
    found = visit("en")
    log_in(found, agent.email)
    found.goto(f"/admin/tickets/{ticket.number}/")
    return found


def test_it_works(page: Page, ticket: Ticket, category: Category) -> None:
    question = page.get_by_role("region", name="What is it about?")
    page.fill("#ws-text", "")
    page.locator("#ws-text").press("1")
    expect(page.locator("#ws-text")).to_have_value("1")
    page.evaluate(COMPOSING)
    expect(question).to_be_visible()
    page.fill("#ws-text", "")
    page.locator("#ws-text").press("Escape")
    page.keyboard.press("1")
    expect(question).to_have_count(0)
    expect(page.locator("#ws-toasts")).to_contain_text("Category: — → Withdrawal")
    expect(page.locator("#ws-conversation")).to_be_focused()
    page.keyboard.press("r")  # and chooses no category by its first letter
    expect(page.locator("#ws-text")).to_be_focused()
    ticket.refresh_from_db()
    assert ticket.category == category
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    expect(page.locator("#ws-set-category")).to_have_value("")


def test_who_has_gone_on_to_search_goes_on(page: Page) -> None:
    asked: list[Route] = []
    page.route("**/suggestion/", lambda route: asked.append(route))
    for key in ("1", "/", "a"):
        page.keyboard.press(key)
    wait_until(lambda: page.evaluate("true") and asked)  # each look hears what the page asks for
    asked.pop().continue_()
    expect(page.get_by_role("region", name="What is it about?")).to_have_count(0)
    page.evaluate("() => new Promise((done) => setTimeout(done))")
    page.keyboard.press("b")
    expect(page.locator("#ws-search")).to_have_value("ab")

"""A case's properties and the macros by keyboard: what one passes over does not count, only what is meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def tags_of(ticket: Ticket) -> list[str]:
    ticket.refresh_from_db()
    return ticket.tags


@pytest.fixture
def page(
    visit: Callable[..., Page],
    log_in: Callable[[Page, str], None],
    agent: User,
    ticket: Ticket,
    macro: object,
) -> Page:
    found = visit("en")
    log_in(found, agent.email)
    found.goto(f"/admin/tickets/{ticket.number}/")
    return found


@pytest.fixture
def macro(agent: User) -> object:
    from tickets.models import Macro

    return Macro.objects.create(name_zh="问候", name_en="Greeting", body_zh="您好。", body_en="Hello.")


def test_what_is_passed_over_does_not_count(page: Page, ticket: Ticket) -> None:
    def keys(*pressed: str) -> None:
        for key in pressed:
            page.keyboard.press(key)

    status, priority, text = (
        page.locator(f"#{name}") for name in ("ws-set-status", "ws-set-priority", "ws-text")
    )
    before = ticket.events.count()
    keys("s", "ArrowDown", "ArrowDown", "Escape")
    expect(status).to_have_value("new")
    expect(status).not_to_be_focused()
    assert ticket.events.count() == before
    keys("s", *["ArrowDown"] * 4)
    expect(status).to_have_value("solved")
    with page.expect_response(lambda answer: "/set/status/" in answer.url):
        keys("Enter")
    expect(page.locator("#ws-toasts")).to_contain_text("new → solved")
    assert ticket.events.filter(kind="status_changed").count() == 1
    keys("r")  # acts at once: the list has the focus no more
    expect(text).to_be_focused()

    keys("Escape", "p", "ArrowUp", "ArrowUp")
    with page.expect_response(lambda answer: answer.url.endswith("/watch/")):
        page.evaluate("document.querySelector('#ws-watch').form.requestSubmit()")
    expect(page.get_by_role("button", name="Stop watching")).to_be_attached()  # all is drawn anew
    expect(priority).to_have_value("urgent")
    expect(priority).to_be_focused()
    assert ticket.events.filter(kind="priority_changed").count() == 0
    with page.expect_response(lambda answer: "/set/priority/" in answer.url):
        keys("Tab")
    expect(page.locator("#ws-set-assignee")).to_be_focused()
    expect(priority).to_have_value("urgent")
    assert ticket.events.filter(kind="priority_changed").count() == 1
    before = ticket.events.count()

    tags = page.locator("#ws-set-tags")
    keys("Escape", "t")
    expect(tags).to_be_focused()
    page.keyboard.type("bank")
    keys("Escape")
    expect(tags).to_have_value("")
    keys("t")
    page.keyboard.type("bank " + "x" * 41)
    keys("Enter")  # refused, and kept to be mended
    expect(page.locator("#ws-notices")).to_contain_text("at most 40 characters")
    expect(tags).to_have_value("bank " + "x" * 41)

    keys("Escape", "m", "ArrowDown")
    expect(page.locator("#ws-macro")).to_be_focused()
    expect(text).to_have_value("")
    keys("Enter")
    expect(text).to_have_value("您好。")
    expect(page.locator("#ws-saved")).to_contain_text("Saved")
    assert ticket.events.count() == before


def test_a_tag_more_is_a_tag_of_its_own(
    visit: Callable[..., Page],
    log_in: Callable[[Page, str], None],
    agent: User,
    make_ticket: Callable[..., Ticket],
) -> None:
    ticket = make_ticket(tags=["bank", "urgent"])
    page = visit("en")
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{ticket.number}/")
    tags = page.locator("#ws-set-tags")
    before = ticket.events.count()

    page.keyboard.press("t")
    expect(tags).to_have_value("bank urgent ")
    page.keyboard.press("Shift+Tab")
    expect(tags).to_have_value("bank urgent")  # nothing was said
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.keyboard.type("vip")
    page.keyboard.press("Enter")
    expect(tags).not_to_be_focused()
    expect(page.locator("#ws-toasts")).to_contain_text("vip")
    assert tags_of(ticket) == ["bank", "urgent", "vip"]
    page.keyboard.press("z")  # acts: the field has the focus no more
    expect(tags).to_have_value("bank urgent")
    assert tags_of(ticket) == ["bank", "urgent"]
    assert ticket.events.count() == before + 2

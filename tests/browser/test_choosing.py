"""A case's properties and the macros by keyboard: what one passes over does not count, only what is meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.waiting import until
from tests.smtp import wait_until

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
    macros: None,
) -> Page:
    found = visit("en")
    log_in(found, agent.email)
    found.goto(f"/admin/tickets/{ticket.number}/")
    return found


@pytest.fixture
def macros(agent: User) -> None:
    from tickets.models import Macro

    Macro.objects.create(name_zh="问候", name_en="Greeting", body_zh="您好。", body_en="Hello.")
    Macro.objects.create(name_zh="等客户", name_en="Wait", set_status="pending")


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
    keys("Escape", "s", "Enter", "r")  # as it was
    expect(text).to_be_focused()
    assert ticket.events.filter(kind="status_changed").count() == 1

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


#: Two keys without a pause between them.
ENTER_AND_REPLY = """() => {
  for (const key of ["Enter", "r"]) {
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }
}"""


@pytest.mark.parametrize("width", [1360, 375])
def test_the_key_after_enter_acts_however_soon_it_comes(page: Page, width: int) -> None:
    """Also where the conversation, to which it leads back, is behind another tab."""
    page.set_viewport_size({"width": width, "height": 740})
    for key in ("s", "p", "t"):
        page.keyboard.press("Escape")
        page.keyboard.press(key)
        page.evaluate(ENTER_AND_REPLY)
        expect(page.locator("#ws-text")).to_be_focused()


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


#: The answer of the act that is waited for is told to the page when it is said.
HOLD = """() => {
  window.waiting = "";
  window.held = {};
  Object.defineProperty(XMLHttpRequest.prototype, "onload", { set(told) {
    this.addEventListener("load", () => {
      const name = this.responseURL.split("/").at(-2);
      if (name !== waiting) return told();
      waiting = "";
      held[name] = told;
    });
  } });
}"""


@pytest.fixture
def release(page: Page) -> Callable[[str], None]:
    page.evaluate(HOLD)
    return lambda name: page.evaluate("(name) => held[name]()", name)


@pytest.fixture
def do(page: Page, release: object) -> Callable[..., None]:
    def act(*keys: str, slow: str = "") -> None:
        page.evaluate("(name) => { waiting = name; }", slow)
        for key in keys:
            page.keyboard.press(key)
        if slow:
            until(page, f"waiting !== '{slow}'")

    return act


def test_of_two_acts_at_once_each_is_told(
    page: Page, ticket: Ticket, do: Callable[..., None], release: Callable[[str], None]
) -> None:
    """Somebody quick is at the next act while the first one is on its way."""
    status, told = page.locator("#ws-set-status"), page.locator("#ws-toasts")

    # Between each two keys of the next act.
    rounds = ((1, "watch", "w", "pending", "waiting for customer"), (2, "unwatch", "o", "open", "open"))
    for late, act, letter, value, name in rounds:
        do("w", slow=act)
        with page.expect_response(lambda answer: "/set/status/" in answer.url):
            for number, key in enumerate(("s", letter, "Enter")):
                if number == late:
                    release(act)
                page.keyboard.press(key)
        expect(told).to_contain_text(f"→ {name}")
        expect(status).to_have_value(value)
        expect(status).not_to_be_focused()  # the next key acts

    # The first is answered when the second is on its way: that one's form is drawn anew.
    do("w", slow="watch")
    do("p", "u", "Enter", slow="priority")
    release("watch")
    expect(told).to_contain_text(re.compile(r"(watches the case now.*){2}", re.DOTALL))
    release("priority")
    expect(told).to_contain_text("normal → urgent")
    expect(page.locator("#ws-set-priority")).to_have_value("urgent")
    expect(page.locator("#ws-set-priority")).not_to_be_focused()

    # The first is answered last.
    do("w", slow="unwatch")
    do("s", "w", "Enter")
    expect(told).to_contain_text(re.compile(r"(→ waiting for customer.*){2}", re.DOTALL))
    release("unwatch")
    expect(told).to_contain_text(re.compile(r"(no longer watches.*){2}", re.DOTALL))
    expect(page.get_by_role("button", name="Watch", exact=True)).to_be_attached()
    expect(status).to_have_value("pending")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.priority) == ("pending", 40)

    # What is being typed meanwhile is typed on.
    do("w", slow="watch")
    page.keyboard.press("t")
    page.keyboard.type("vi")
    release("watch")
    expect(told).to_contain_text(re.compile(r"(watches the case now.*){3}", re.DOTALL))
    page.keyboard.type("p")
    page.keyboard.press("Enter")
    expect(told).to_contain_text("vip")
    assert tags_of(ticket) == ["vip"]
    page.get_by_text("Put somebody in copy…").click()
    page.locator("#ws-copy").fill("wei@")
    page.get_by_role("button", name="Stop watching").click()
    expect(page.get_by_role("button", name="Watch", exact=True)).to_be_attached()
    expect(page.locator("#ws-copy")).to_have_value("wei@")
    expect(page.locator("#ws-copy")).to_be_visible()


def settled(page: Page) -> None:
    """What an answer put off until after it has been done."""
    page.evaluate("() => new Promise((done) => setTimeout(done))")


def test_who_has_gone_on_is_not_fetched_back(
    page: Page, settings: Any, do: Callable[..., None], release: Callable[[str], None]
) -> None:
    settings.MAIL_UNDO_SECONDS = 60
    text, search = page.locator("#ws-text"), page.locator("#ws-search")
    asked: list[Route] = []
    page.route("**/changes/", lambda route: asked.append(route))

    do("m", "ArrowDown", "ArrowDown", "Enter", "Escape", "/", "a")
    wait_until(lambda: page.evaluate("true") and asked)  # each look hears what the page asks for
    asked.pop().continue_()
    expect(page.locator("[data-macro-apply]")).to_be_attached()
    page.keyboard.press("b")
    expect(search).to_have_value("ab")

    page.locator("[data-macro-apply]").focus()
    do("Enter", slow="apply")
    do("r")
    page.keyboard.type("您")
    release("apply")
    expect(page.locator("#ws-toasts")).to_contain_text("waiting for customer")
    settled(page)
    page.keyboard.type("好。")
    expect(text).to_have_value("您好。")

    do("Control+Enter", slow="reply")
    do("Escape", "/", "c")
    release("reply")
    expect(page.locator(".ws-held [data-mine]")).to_be_attached()
    settled(page)
    page.keyboard.press("d")
    expect(search).to_have_value("abcd")


def test_what_was_just_drawn_answers_at_once(page: Page, ticket: Ticket) -> None:
    page.evaluate("""() => document.addEventListener("htmx:oobAfterSwap", () => setTimeout(() => {
      const list = document.getElementById("ws-set-priority");
      list.value = "urgent";
      list.dispatchEvent(new Event("change", { bubbles: true }));
    }), { once: true })""")
    with page.expect_response(lambda answer: "/set/priority/" in answer.url):
        page.locator("#ws-watch").press("Enter")
    expect(page.locator("#ws-toasts")).to_contain_text("normal → urgent")


def test_the_key_after_taking_a_case_is_no_choice_in_a_list(page: Page, ticket: Ticket) -> None:
    """The button is gone then, and a list stands in its place."""
    page.locator("#ws-take").press("Enter")
    expect(page.locator("#ws-take")).to_have_count(0)
    until(page, "document.activeElement !== document.body")
    page.keyboard.press("s")
    expect(page.locator("#ws-set-status")).to_be_focused()
    expect(page.locator("#ws-set-status")).to_have_value("new")

"""From the queue to a reply that is sent, and about the house, with the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from accounts.models import User
from tests.browser.waiting import until
from tickets import actors
from tickets.actions import assignment, messages
from tickets.choices import Status
from tickets.models import Message, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Make = Callable[..., Ticket]
Visit = Callable[..., Page]
LogIn = Callable[[Page, str], None]
FOCUSED = "document.activeElement.matches('body') ? '' : document.activeElement.outerHTML.slice(0, 400)"
#: Whether any of nine points of what has the focus is on top.
SEEN = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  if (one === document.body) return true;
  const at = (start, length) => [0.1, 0.5, 0.9].map((part) => start + part * length);
  return at(box.x, box.width).some((x) => at(box.y, box.height).some((y) => {
    const top = document.elementFromPoint(x, y);
    return top && (one.contains(top) || top.contains(one) || top.closest("label")?.control === one);
  }));
}"""
#: Counts what only a hand with a mouse does.
NO_MOUSE = "window.mice = 0; addEventListener('pointerdown', () => { window.mice += 1; }, true);"


@pytest.fixture(autouse=True)
def some_seconds(settings: Any) -> None:
    settings.MAIL_UNDO_SECONDS = 30


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def compose(session: CDPSession, letters: str) -> None:
    """What an input method does before its user has chosen the characters; Enter then belongs to it."""
    for end in range(1, len(letters) + 1):
        session.send(
            "Input.imeSetComposition", {"text": letters[:end], "selectionStart": end, "selectionEnd": end}
        )
    session.send(
        "Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Process", "windowsVirtualKeyCode": 229}
    )


def test_from_the_queue_to_a_reply_and_on(
    agent: User, make_ticket: Make, visit: Visit, log_in: LogIn
) -> None:
    other = make_ticket(subject="大额提现被拒绝")
    for n in range(3):
        make_ticket(subject=f"Case {n}")
    page = visit("en")
    page.add_init_script(NO_MOUSE)
    log_in(page, agent.email)
    page.goto("/admin/queue/")

    keys(page, "g", "a")
    page.wait_for_url("**/queue/?view=all")
    expect(page.locator(".ws-row")).to_have_count(4)
    keys(page, "j", "j")
    chosen = page.locator(".ws-row.ws-chosen .ws-open")
    expect(chosen).to_be_focused()
    address = chosen.get_attribute("href")
    keys(page, "Enter")
    page.wait_for_url(f"**{address}")

    keys(page, "r")
    text = page.locator("#ws-text")
    expect(text).to_be_focused()
    page.keyboard.type("我们正在核实。")
    keys(page, "Control+Enter")
    expect(page.get_by_role("button", name="Take back")).to_be_focused()
    keys(page, "Enter")
    expect(text).to_have_value("我们正在核实。")
    assert not Message.objects.standing().filter(author_kind="staff").exists()
    expect(text).to_be_focused()
    page.keyboard.type("请稍候。")
    keys(page, "Control+Enter")
    expect(page.get_by_role("button", name="Take back")).to_be_focused()
    assert Message.objects.standing().get(author_kind="staff").body == "我们正在核实。请稍候。"

    # Something else of the case is done, and taken back.
    keys(page, "w")
    expect(page.get_by_role("button", name="Stop watching")).to_be_attached()
    keys(page, "s")
    expect(page.locator("#ws-set-status")).to_be_focused()
    keys(page, "Escape")
    keys(page, "u")
    page.wait_for_url("**/queue/?view=all")

    # The palette, in Chinese: nothing is looked for and nothing opened while the input method composes.
    keys(page, "Control+k")
    expect(page.locator("#ws-palette-text")).to_be_focused()
    session = page.context.new_cdp_session(page)
    compose(session, "tixian")
    expect(page.locator("#ws-palette")).to_be_visible()
    expect(page.locator("#ws-palette-found [role=option]")).to_have_count(0)
    session.send("Input.insertText", {"text": "大额提现"})
    found = page.locator("#ws-palette-found [role=option]")
    expect(found.first).to_contain_text("大额提现被拒绝")
    expect(found.first).to_have_attribute("aria-selected", "true")
    keys(page, "Enter")
    page.wait_for_url(f"**/tickets/{other.number}/?by=palette")

    keys(page, "?")
    expect(page.locator("#ws-help")).to_be_visible()
    for _ in range(4):
        keys(page, "Tab")
        assert page.evaluate("document.activeElement.closest('#ws-help, body') !== null")
        assert page.evaluate("!document.activeElement.closest('#page')"), "nothing behind it has the focus"
    keys(page, "Escape")
    expect(page.locator("#ws-help")).to_be_hidden()
    assert page.evaluate("window.mice") == 0


@pytest.mark.long
def test_no_act_takes_the_focus_away(
    agent: User, second_agent: User, make_ticket: Make, visit: Visit, log_in: LogIn
) -> None:
    ticket = make_ticket(subject="Case", tags=["vip"])
    messages.customer_reply(ticket, body="Thank you!", by=actors.customer(ticket.customer))
    assignment.watch(ticket, user=second_agent, by=actors.staff(agent))
    page = visit("en")
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{ticket.number}/")
    for act, done in (("take", "Assigned"), ("watch", "watches"), ("watch", "no longer")):
        before = ticket.events.count()
        page.locator(f"#ws-{act}").press("Enter")
        expect(page.locator("#ws-toasts > :last-child")).to_contain_text(done)
        until(page, f"({FOCUSED}) !== ''")
        assert ticket.events.count() > before
    with page.expect_response(lambda answer: "/set/status/" in answer.url):
        keys(page, "s", "w", "Enter")  # "waiting for customer"
    expect(page.locator("#ws-watch")).to_be_focused()  # where the key was pressed
    expect(page.locator("#ws-set-status")).to_have_value(Status.PENDING)

    page.goto("/admin/queue/?view=all&status=pending&priority=normal")
    page.get_by_role("link", name="Remove the filter Status: waiting for customer").press("Enter")
    expect(page.locator(".ws-chip")).to_have_count(1)
    until(page, f"({FOCUSED}).includes('Remove the filter')")
    page.locator("#ws-sort-subject").press("Enter")
    expect(page.locator("th[aria-sort]")).to_contain_text("Subject")
    expect(page.locator("#ws-sort-subject")).to_be_focused()
    page.locator(".ws-tabs a").nth(1).press("Enter")
    expect(page.locator(".ws-tabs a").nth(1)).to_have_attribute("aria-current", "page")
    expect(page.locator(".ws-tabs a").nth(1)).to_be_focused()


@pytest.mark.long
def test_keys_of_one_letter_can_be_switched_off(
    agent: User, make_ticket: Make, visit: Visit, log_in: LogIn
) -> None:
    make_ticket()
    page = visit("en")
    log_in(page, agent.email)
    page.goto("/admin/queue/?view=all")
    keys(page, "?")
    page.get_by_role("checkbox", name="Keys without Ctrl").press("Space")
    keys(page, "Escape")
    page.reload()
    keys(page, "j", "f", "?")
    expect(page.locator(".ws-chosen, #ws-queue-pop > *, #ws-help[open]")).to_have_count(0)
    keys(page, "Control+k")
    page.keyboard.type("show the keys")
    keys(page, "Enter")
    page.get_by_role("checkbox", name="Keys without Ctrl").press("Space")
    keys(page, "Escape", "j")
    expect(page.locator(".ws-row.ws-chosen")).to_have_count(1)


def test_nothing_covers_what_has_the_focus(
    agent: User, make_ticket: Make, visit: Visit, log_in: LogIn
) -> None:
    """On a phone, where the composer floats above the conversation."""
    ticket = make_ticket()
    for n in range(6):
        messages.note(ticket, body=f"Look at https://pay.test/{n}\n\n" * 6, by=actors.staff(agent))
    page = visit("en", phone=True)
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{ticket.number}/")
    page.locator("#ws-conversation").focus()
    for _ in range(60):
        keys(page, "Tab")
        assert page.evaluate(SEEN), page.evaluate(FOCUSED)
    for _ in range(60):
        keys(page, "Shift+Tab")
        assert page.evaluate(SEEN), page.evaluate(FOCUSED)


@pytest.mark.long
def test_the_shell(agent: User, make_ticket: Make, visit: Visit, log_in: LogIn) -> None:
    """The way past the navigation, one's own menu, and the navigation on a phone."""
    make_ticket()
    page = visit("en")
    log_in(page, agent.email)
    page.goto("/admin/queue/?view=all")
    keys(page, "Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    keys(page, "Enter")
    expect(page.locator("#ws-main")).to_be_focused()
    keys(page, "Tab")
    assert page.evaluate("document.activeElement.closest('#ws-main') !== null")

    menu = page.locator("#nav-sidebar [role=button][aria-expanded]").last
    menu.press("Enter")
    expect(menu).to_have_attribute("aria-expanded", "true")
    dark = page.get_by_role("button", name="Dark")
    dark.press("Enter")
    expect(page.locator("html")).to_have_class(re.compile(r"\bdark\b"))
    keys(page, "Escape")
    expect(menu).to_have_attribute("aria-expanded", "false")
    expect(menu).to_be_focused()

    page.set_viewport_size({"width": 375, "height": 740})
    opener = page.get_by_role("button", name="Show or hide the navigation")
    expect(opener).to_have_attribute("aria-expanded", "false")
    opener.press("Enter")
    expect(opener.first).to_have_attribute("aria-expanded", "true")
    assert page.evaluate("document.activeElement.closest('#nav-sidebar') !== null")
    keys(page, "Escape")
    expect(opener).to_have_attribute("aria-expanded", "false")
    expect(opener).to_be_focused()

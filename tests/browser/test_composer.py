"""What an agent writes is never lost: tabs are killed, networks go, windows are many; and it is quick to write."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests import pictures

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]
LogIn = Callable[[Page, str], None]
PNG = base64.b64encode(pictures.PNG).decode()
#: Puts a file into the clipboard, or under the mouse, as a browser does.
GIVE = """([target, kind, name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name, { type }));
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true })
    : new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true });
  document.querySelector(target).dispatchEvent(event);
}"""


@pytest.fixture
def at_ticket(visit: Visit, log_in: LogIn, agent: User, ticket: Ticket) -> Callable[..., Page]:
    """``at_ticket()``: the agent at the ticket, on a machine of their own."""

    def go(**how: Any) -> Page:
        page = visit("en", **how)
        log_in(page, agent.email)
        page.goto(f"/admin/tickets/{ticket.number}/")
        return page

    return go


def saved(page: Page) -> None:
    expect(page.locator("#ws-saved")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))


def test_a_draft_outlives_its_tab(at_ticket: Callable[..., Page], ticket: Ticket) -> None:
    page = at_ticket()
    page.press("body", "o")
    page.locator("#ws-text").press_sequentially("只给同事看的话")
    saved(page)
    page.context.close()  # as a crash: no page hears of it
    page = at_ticket()
    page.press("body", "o")
    page.keyboard.type("！")  # on from its end
    expect(page.locator("#ws-text")).to_have_value("只给同事看的话！")
    page.keyboard.press("Backspace")
    expect(page.locator("#ws-text")).to_have_value("只给同事看的话")
    expect(page.locator("#ws-composer input[value=note]")).to_be_checked()
    page.goto("/admin/drafts/")
    expect(page.locator(".ws-drafts")).to_contain_text("只给同事看的话")
    expect(page.locator(".ws-drafts")).to_contain_text(ticket.display_number)


def test_what_is_cut_off_of_a_paste_is_said(at_ticket: Callable[..., Page]) -> None:
    page = at_ticket()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("navigator.clipboard.writeText('x'.repeat(20100))")
    page.locator("#ws-text").press("Control+v")
    expect(page.locator("#ws-toasts")).to_contain_text("its last 100 characters did not fit")
    assert len(page.input_value("#ws-text")) == 20_000
    saved(page)
    top = page.locator(".ws-format-signs").bounding_box()
    said = page.locator("#ws-saved")
    said.evaluate("one => { one.textContent = one.dataset.signedOut; }")
    whole = "one => one.scrollWidth <= one.clientWidth && one.scrollHeight <= one.clientHeight + 1"
    assert said.evaluate(whole), "all of what matters can be read"
    said.evaluate("one => { one.textContent = 'Saved 10:00. '.repeat(20); }")
    switch = page.locator("#ws-preview-switch").bounding_box()
    assert top is not None
    assert switch is not None
    assert abs(top["y"] - switch["y"]) < 10, "in one line, however much is said beside them"


#: What may be pressed and is in view, but has something that the page says above it.
COVERED = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter((one) => {
  const { x, y, width, height } = one.getBoundingClientRect();
  const spots = [0.05, 0.5, 0.95].map((part) => document.elementFromPoint(x + part * width, y + height / 2));
  return one.checkVisibility() && !one.closest("#ws-told") && spots.some((spot) => spot?.closest("#ws-told"));
}).map((one) => one.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("size", [(1360, 900), (375, 740)], ids=["desktop", "phone"])
def test_what_the_page_says_covers_nothing(
    browser: Browser,
    live_server: LiveServer,
    log_in: LogIn,
    agent: User,
    ticket: Ticket,
    size: tuple[int, int],
) -> None:
    context = browser.new_context(
        base_url=live_server.url, locale="en", viewport={"width": size[0], "height": size[1]}
    )
    page = context.new_page()
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{ticket.number}/")
    page.keyboard.press("a")
    toast = page.locator("#ws-toasts .ws-message:visible")
    expect(toast).to_contain_text("Assigned to Ann")
    page.fill("#ws-text", "我们正在核实。")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    assert page.evaluate(COVERED) == []
    context.set_offline(True)
    page.press("#ws-text", "Control+Enter")
    trouble = page.locator("#ws-trouble")
    expect(trouble).to_be_in_viewport(ratio=1)
    assert page.evaluate(COVERED) == []
    trouble.get_by_role("button", name="Close").click()
    toast.get_by_role("button", name="Close").click()
    expect(page.locator("#ws-told")).to_be_hidden()
    expect(page.locator("#ws-text")).to_have_value("我们正在核实。")
    context.close()


@pytest.mark.long
def test_without_a_network_this_browser_keeps_it(
    browser: Browser, live_server: LiveServer, log_in: LogIn, agent: User, ticket: Ticket
) -> None:
    from tickets.models import Draft

    context = browser.new_context(base_url=live_server.url, locale="en")
    page = context.new_page()
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{ticket.number}/")
    context.set_offline(True)
    page.fill("#ws-text", "写了一半")
    expect(page.locator("#ws-saved")).to_have_text("Not saved: no connection; kept in this browser")
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(f"/admin/tickets/{ticket.number}/")
    expect(page.locator("[data-offer=local]")).to_contain_text("写了一半")
    page.get_by_role("button", name="Put it in").click()
    expect(page.locator("#ws-text")).to_have_value("写了一半")
    saved(page)
    assert Draft.objects.get().body == "写了一半"
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('ws-draft:'))") == []
    context.close()


@pytest.mark.long
def test_an_old_window_loses_nothing_and_writes_over_nothing(
    at_ticket: Callable[..., Page], ticket: Ticket
) -> None:
    from tickets.models import Draft

    old = at_ticket()
    old.fill("#ws-text", "base")
    saved(old)
    new = old.context.new_page()
    new.goto(f"/admin/tickets/{ticket.number}/")
    new.fill("#ws-text", "newer words")
    new.locator("#ws-text").blur()
    saved(new)
    old.fill("#ws-text", "older words")
    expect(old.locator("[data-offer=moved]")).to_contain_text("newer words")
    assert Draft.objects.get().body == "newer words"
    old.get_by_role("button", name="Use both").click()
    expect(old.locator("#ws-text")).to_have_value("newer words\n\nolder words")
    saved(old)
    assert Draft.objects.get().body == "newer words\n\nolder words"


@pytest.mark.long
def test_discarded_and_taken_up_again(at_ticket: Callable[..., Page]) -> None:
    page = at_ticket()
    page.fill("#ws-text", "half a thought")
    saved(page)
    page.get_by_role("button", name="Discard the draft").click()
    expect(page.locator("#ws-text")).to_have_value("")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#ws-text")).to_have_value("half a thought")
    page.reload()
    expect(page.locator("#ws-text")).to_have_value("half a thought")


def test_pasted_and_dropped_files_go_with_the_reply(at_ticket: Callable[..., Page], tmp_path: Path) -> None:
    from tickets.models import Draft, Message

    page = at_ticket()
    page.locator("#ws-text").focus()
    page.evaluate(GIVE, ["#ws-text", "paste", "image.png", "image/png", PNG])
    files = page.locator("#ws-draft-files li")
    expect(files).to_have_count(1)
    expect(files.first).to_contain_text(re.compile(r"screenshot-\d{6}\.png"))
    page.evaluate(GIVE, ["#ws-conversation", "dragenter", "b.png", "image/png", PNG])
    expect(page.locator("html.ws-dropping")).to_have_count(1)
    page.evaluate(GIVE, ["#ws-conversation", "drop", "b.png", "image/png", PNG])
    expect(files).to_have_count(2)
    chosen = tmp_path / "c.png"
    chosen.write_bytes(base64.b64decode(PNG))
    page.set_input_files("#ws-files", chosen)
    expect(files).to_have_count(3)
    page.evaluate(GIVE, ["#ws-conversation", "drop", "bad.html", "text/html", "PHNjcmlwdD4="])
    expect(page.locator(".ws-upload-failed")).to_contain_text("of a kind we cannot take")
    page.get_by_role("button", name="Take away").click()
    page.get_by_role("button", name="Remove c.png").click()
    expect(files).to_have_count(2)
    page.fill("#ws-text", "请看附件")
    page.press("#ws-text", "Control+Enter")
    expect(page.locator("#ws-conversation")).to_contain_text("请看附件")
    expect(files).to_have_count(0)
    message = Message.objects.latest("pk")
    assert [file.name[-4:] for file in message.attachments.all()] == [".png", ".png"]
    assert not Draft.objects.exists()


def test_chinese_is_written_without_accidents(at_ticket: Callable[..., Page]) -> None:
    """While an input method composes, keys are its own: nothing is sent, nothing made bold."""
    from tickets.models import Draft, Message

    page = at_ticket()
    page.locator("#ws-text").focus()
    keys = page.context.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "ni hao", "selectionStart": 6, "selectionEnd": 6})
    for key in ("Enter", "b"):
        page.evaluate(
            """(key) => document.querySelector("#ws-text").dispatchEvent(new KeyboardEvent("keydown",
            { key, ctrlKey: true, bubbles: true, cancelable: true, isComposing: true, keyCode: 229 }))""",
            key,
        )
    page.wait_for_timeout(1000)  # longer than the pause after which drafts are saved
    assert not Draft.objects.exists(), "letters that are to become characters are not what was meant"
    assert Message.objects.count() == 1
    keys.send("Input.insertText", {"text": "你好"})
    expect(page.locator("#ws-text")).to_have_value("你好")
    saved(page)
    assert Draft.objects.get().body == "你好"


@pytest.mark.long
def test_format_and_preview(at_ticket: Callable[..., Page]) -> None:
    page = at_ticket()
    page.fill("#ws-text", "请看重点")
    page.evaluate("document.querySelector('#ws-text').setSelectionRange(2, 4)")
    page.press("#ws-text", "Control+b")
    expect(page.locator("#ws-text")).to_have_value("请看**重点**")
    page.press("#ws-text", "Control+z")
    expect(page.locator("#ws-text")).to_have_value("请看重点")
    page.press("#ws-text", "Control+b")
    page.press("#ws-text", "End")
    page.get_by_role("button", name="List", exact=True).click()
    expect(page.locator("#ws-text")).to_have_value("- 请看**重点**")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#ws-preview li strong")).to_have_text("重点")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#ws-text")).to_be_focused()
    page.press("#ws-text", "Control+Enter")
    expect(page.locator("#ws-conversation .ws-from-staff li strong")).to_have_text("重点")


def test_another_language_is_asked_about(at_ticket: Callable[..., Page], ticket: Ticket) -> None:
    from tickets.models import Message

    page = at_ticket()
    page.fill("#ws-text", "We have found your transfer and are looking into it.")
    page.press("#ws-text", "Control+Enter")
    expect(page.locator("#ws-alert")).to_contain_text("this customer reads Simplified Chinese")
    assert Message.objects.count() == 1
    page.fill("#ws-text", "We have found it; your transfer is being looked into.")
    expect(page.locator("#ws-alert")).to_contain_text("this customer reads Simplified Chinese")
    expect(page.locator("[data-offer=language]"), "it has been said").to_be_hidden()
    expect(page.locator("#ws-send")).to_have_text("Send anyway")
    page.press("#ws-text", "Control+Shift+Enter")
    expect(page.locator("#ws-conversation .ws-from-staff")).to_contain_text("your transfer is being")
    ticket.refresh_from_db()
    assert ticket.status == "solved"


@pytest.mark.long
def test_forwarded_with_the_keyboard(at_ticket: Callable[..., Page]) -> None:
    from tickets.models import OutboxMail

    page = at_ticket()
    page.press("body", "f")
    expect(page.locator("#ws-forward-to")).to_be_focused()
    page.keyboard.type("wang@example.com")
    page.keyboard.press("Enter")
    expect(page.locator("#ws-text")).to_be_focused()
    page.keyboard.type("Where is it?")
    page.press("#ws-text", "Control+Enter")
    expect(page.locator("#ws-alert")).to_contain_text("is the customer: write a reply")
    page.fill("#ws-forward-to", "desk@bank.example")
    page.press("#ws-text", "Control+Enter")
    expect(page.locator(".ws-forwarded")).to_contain_text("forwarded to desk@bank.example")
    assert OutboxMail.objects.get(purpose="forward").to == "desk@bank.example"


@pytest.mark.long
def test_on_a_phone_the_composer_stays_in_reach(at_ticket: Callable[..., Page]) -> None:
    page = at_ticket(phone=True)
    page.set_viewport_size({"width": 320, "height": 640})
    page.fill("#ws-text", "一\n二\n三\n四\n五\n六")
    saved(page)
    page.reload()  # beside a draft that nobody writes on the conversation has the room
    box = page.locator("#ws-composer").bounding_box()
    assert box is not None
    assert box["height"] < 230
    page.locator("#ws-text").focus()
    expect(page.locator("#ws-preview-switch")).to_be_attached()
    page.set_viewport_size({"width": 375, "height": 740})
    expect(page.locator("#ws-send")).to_be_in_viewport()
    page.fill("#ws-text", "一\n二\n三\n四\n五\n六\n七\n八\n九\n十\n" * 4)
    expect(page.locator("#ws-send")).to_be_in_viewport()
    expect(page.locator(".ws-said").first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    saved(page)


def test_who_logged_in_anew_elsewhere_keeps_the_text(
    browser: Browser, live_server: LiveServer, log_in: LogIn, agent: User, ticket: Ticket
) -> None:
    context = browser.new_context(base_url=live_server.url, locale="en")
    page, other = context.new_page(), context.new_page()
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{ticket.number}/")
    context.clear_cookies()
    log_in(other, agent.email)
    page.fill("#ws-text", "All of this was typed.")
    expect(page.locator("#ws-saved")).to_have_text("Not saved: load the page again; kept in this browser")
    page.press("#ws-text", "Control+Enter")
    expect(page.locator("#ws-trouble")).to_contain_text("You have logged in anew")
    expect(page.locator("#ws-text")).to_have_value("All of this was typed.")
    page.reload()
    page.get_by_role("button", name="Put it in").click()
    expect(page.locator("#ws-text")).to_have_value("All of this was typed.")
    context.close()

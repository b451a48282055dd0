"""A ticket's page under an agent's hands: files by keyboard, folded words, articles, parts of narrow screens."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from accounts.models import Customer, User
    from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AtTicket = Callable[..., Page]


def picture(name: str) -> SimpleUploadedFile:
    """40 by 30, of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x20\x60\xc0" * 40 for _ in range(30))
    head = struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return SimpleUploadedFile(name, b"\x89PNG\r\n\x1a\n" + data)


def say(ticket: Ticket, body: str, *files: SimpleUploadedFile) -> None:
    from tickets import actors
    from tickets.actions import messages

    ticket.refresh_from_db()
    messages.customer_reply(ticket, body=body, by=actors.customer(ticket.customer), files=list(files))


@pytest.fixture
def at_ticket(
    visit: Callable[..., Page], log_in: Callable[[Page, str], None], agent: User, ticket: Ticket
) -> AtTicket:
    def go(**how: Any) -> Page:
        page = visit("en", **how)
        log_in(page, agent.email)
        page.goto(f"/admin/tickets/{ticket.number}/")
        return page

    return go


def test_files_are_looked_at_by_keyboard(at_ticket: AtTicket, ticket: Ticket) -> None:
    log = SimpleUploadedFile("提现.log", b"error <b>42</b>\n")
    say(ticket, "See both.", picture("截图.png"), picture("two.png"), log)
    page = at_ticket()
    viewer = page.locator("#ws-viewer")
    page.locator("[data-view=picture]").first.press("Enter")
    expect(viewer.get_by_role("img", name="截图.png")).to_be_visible()
    expect(viewer).to_contain_text("1 of 3")
    page.keyboard.press("+")
    page.keyboard.press("+")
    wide = viewer.locator("img").evaluate("image => [image.clientWidth, image.naturalWidth]")
    assert wide == [80, 40]
    page.keyboard.press("0")
    assert viewer.locator("img").evaluate("image => image.style.width") == ""
    page.keyboard.press("ArrowRight")
    expect(viewer.get_by_role("img", name="two.png")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(viewer.locator("pre")).to_have_text("error <b>42</b>\n")
    page.keyboard.press("ArrowRight")  # there is no fourth
    expect(viewer).to_contain_text("3 of 3")
    with page.expect_download() as download:
        page.keyboard.press("d")
    assert download.value.suggested_filename == "提现.log"
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(page.locator("[data-view=text]")).to_be_focused()


@pytest.mark.long
def test_a_file_that_is_gone_says_so(at_ticket: AtTicket, ticket: Ticket) -> None:
    from tickets.models import Attachment

    say(ticket, "A log.", SimpleUploadedFile("a.log", b"x"), SimpleUploadedFile("b.log", b"y"))
    page = at_ticket()
    Attachment.objects.filter(name="a.log").update(content_type="application/pdf")  # is no text after all
    page.locator("[data-view=text]").first.click()
    expect(page.locator("#ws-viewer [role=alert]")).to_contain_text("could not be shown")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#ws-viewer pre")).to_have_text("y")


@pytest.mark.long
def test_folded_words_and_the_way_back_to_them(at_ticket: AtTicket, ticket: Ticket) -> None:
    say(ticket, "Yes.\n> Did you pay?\n" + "\n".join(f"line {place}" for place in range(60)))
    page = at_ticket()
    said = page.locator(".ws-said").last
    words, quoted = said.locator(".ws-body"), said.locator(".ws-quoted blockquote")
    assert words.evaluate("body => body.clientHeight < body.scrollHeight")
    expect(quoted).to_be_hidden()
    said.locator(".ws-quoted summary").press("Enter")
    expect(quoted).to_be_visible()
    said.locator(".ws-all summary").press("Enter")
    assert words.evaluate("body => body.clientHeight == body.scrollHeight")
    expect(said.locator(".ws-all")).to_contain_text("Show less")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    said.locator("[data-copy-link]").press("Enter")
    expect(said.locator("[data-copy-link]")).to_have_text(re.compile("Link copied"))
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"#{said.get_attribute('id')}")


@pytest.mark.long
def test_earlier_messages_come_above_and_stay(
    at_ticket: AtTicket, agent: User, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tickets import actors
    from tickets.actions import messages
    from tickets.queries import conversation

    monkeypatch.setattr(conversation, "LAST_MESSAGES", 12)
    for place in range(29):
        messages.note(ticket, body=f"note {place}", by=actors.staff(agent))
    page = at_ticket()
    said = page.locator(".ws-said")
    expect(said).to_have_count(12)
    page.locator("#ws-conversation").evaluate("log => { log.scrollTop = 0; }")
    first = said.first
    name, top = first.get_attribute("id"), first.bounding_box()
    page.locator("#ws-earlier a").click()
    expect(said).to_have_count(24)
    now = page.locator(f"#{name}").bounding_box()
    assert top is not None
    assert now is not None
    assert abs(now["y"] - top["y"]) < 40  # but for the button that stood above
    days = page.locator(".ws-day").evaluate_all("days => days.map(day => day.id)")
    assert len(days) == len(set(days))
    page.select_option("#ws-set-priority", "high")
    expect(page.locator("#ws-head")).to_contain_text("high")
    expect(said).to_have_count(24)
    after = page.locator(f"#{name}").bounding_box()
    assert after is not None
    assert abs(after["y"] - now["y"]) < 40


@pytest.mark.long
def test_what_is_new_is_gone_to(at_ticket: AtTicket, ticket: Ticket) -> None:
    page = at_ticket()
    say(ticket, "first new")
    for _ in range(12):
        say(ticket, "more\n" * 6)
    page.reload()
    mark = page.locator("#ws-new")
    expect(mark).to_be_in_viewport()
    expect(mark).to_have_text("New since you were here")
    expect(page.get_by_text("first new", exact=True)).to_be_in_viewport()
    expect(page.locator(".ws-said").last).not_to_be_in_viewport()


def test_an_article_is_put_in_with_one_click(at_ticket: AtTicket, customer: Customer, brand: Any) -> None:
    from knowledgebase.actions.articles import save_translation
    from knowledgebase.models import Article, Section

    section = Section.objects.create(brand=brand, slug="w", name_zh="提现", name_en="Withdrawals")
    article = Article.objects.create(section=section, slug="late", is_published=True)
    save_translation(article, language="zh-hans", title="提现没有到账怎么办", summary="", body="请等待。")
    page = at_ticket()
    card = page.locator(".ws-fitting")
    card.scroll_into_view_if_needed()
    card.get_by_role("button", name="提现没有到账怎么办").first.click()
    expect(page.locator("#ws-text")).to_have_value(re.compile(r"\[提现没有到账怎么办\]\(http.*/late/\)"))
    expect(page.locator("#ws-text")).to_be_focused()
    assert card.get_attribute("open") is not None


@pytest.mark.long
def test_what_each_person_likes_is_kept(at_ticket: AtTicket) -> None:
    page = at_ticket()
    page.locator("[data-card=watchers] > summary").click()
    page.locator("#ws-only-messages").click()
    page.reload()
    expect(page.locator("#ws-watch")).to_be_hidden()
    expect(page.locator("#ws-only-messages")).to_have_attribute("aria-pressed", "true")
    page.select_option("#ws-set-priority", "high")  # the cards are drawn anew
    expect(page.locator("#ws-head")).to_contain_text("high")
    expect(page.locator("#ws-watch")).to_be_hidden()
    expect(page.locator(".ws-events").first).to_be_hidden()
    page.locator("#ws-only-messages").click()
    expect(page.locator(".ws-events").first).to_be_visible()


@pytest.mark.long
def test_keys_bring_hidden_parts_to_view(at_ticket: AtTicket) -> None:
    page = at_ticket(phone=True)
    expect(page.locator("#ws-context")).to_be_hidden()
    page.keyboard.press("s")
    expect(page.locator("#ws-set-status")).to_be_focused()
    page.locator("#ws-set-status").blur()
    page.keyboard.press("r")
    expect(page.locator("#ws-text")).to_be_focused()
    page.set_viewport_size({"width": 1024, "height": 800})
    expect(page.locator("#ws-customer")).to_be_hidden()
    page.locator("#ws-drawer").click()
    expect(page.locator("#ws-customer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#ws-customer")).to_be_hidden()
    expect(page.locator("#ws-drawer")).to_be_focused()


def test_the_page_is_no_longer_than_the_window(at_ticket: AtTicket, ticket: Ticket) -> None:
    """What is in a part that scrolls, words for the ear too, makes nothing else scroll."""
    for number in range(30):
        say(ticket, f"Line {number}.\n" * 9)
    page = at_ticket()
    assert page.locator("#ws-conversation").evaluate("log => log.scrollHeight > 2 * log.clientHeight")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert page.locator("#ws-main").evaluate("main => main.scrollHeight <= main.clientHeight")

"""Whole stories in a real browser: form, queue, mail over SMTP, tracking link, clocks, analytics."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Brand, User
from tests.smtp import MailServer, Received, smtp_server
from tests.worker import Worker, ask_until, start_worker
from tickets.choices import Status, TimerKind, TimerState
from tickets.models import Category, Ticket, Timer

__all__ = ["smtp_server", "start_worker"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Words:
    """What this customer reads and writes."""

    language: str
    subject: str
    body: str
    answer: str
    promise: str


CHINESE = Words(
    "zh-CN",
    "提现三天没有到账",
    "我周一提现 500 元，到现在还没有到账，请帮我查一下。",
    "就是尾号 6681 的那笔，谢谢。",
    "前答复",
)
ENGLISH = Words(
    "en", "Withdrawal has not arrived", "I withdrew 500 on Monday. It is not in my account.", "The one ending in 6681.",
    "answer",
)  # fmt: skip
ADDRESS = "wang@example.com"
ASK = "Which card was it? The last four digits are enough. / 请问是哪张卡？后四位即可。"
SOLUTION = "It has arrived today. / 今天已经到账。"


@dataclass
class Mailbox:
    """The customer's, on a real mail server, filled by a real worker."""

    server: MailServer
    site: LiveServer

    def wait_for(self, count: int) -> Received:
        ask_until(lambda: len(self.server.to(ADDRESS)) >= count, what=f"{count} mails to the customer")
        return self.server.to(ADDRESS)[count - 1]

    def link_in(self, mail: Received) -> str:
        found = re.search(re.escape(self.site.url) + r"/btp/t/\S+", mail.part("plain"))
        assert found is not None, mail.part("plain")
        return found.group()


@pytest.fixture
def screenshot(tmp_path: Path) -> Path:
    return tmp_path / "截图.png"


@pytest.mark.parametrize("words", [CHINESE, ENGLISH], ids=["in Chinese", "in English"])
def test_from_trouble_to_solution(
    words: Words,
    brand: Brand,
    category: Category,
    agent: User,
    manager: User,
    visit: Callable[..., Page],
    log_in: Callable[[Page, str], None],
    start_worker: Callable[[], Worker],
    smtp_server: MailServer,
    live_server: LiveServer,
    screenshot: Path,
) -> None:
    start_worker()
    mailbox = Mailbox(smtp_server, live_server)
    phone = visit(words.language, phone=True)
    file_a_case(phone, words, screenshot)
    ticket = Ticket.objects.get()
    assert ticket.display_number in str(mailbox.wait_for(1).message["Subject"])

    desk = visit("en")
    log_in(desk, agent.email)
    take_and_ask(desk, words)
    assert clock_of(ticket).state == TimerState.PAUSED
    assert clock_of(ticket, TimerKind.FIRST_RESPONSE).state == TimerState.DONE

    # A device that knows nothing of the first one: the link alone opens the case.
    other = visit(words.language, phone=True)
    other.goto(mailbox.link_in(mailbox.wait_for(2)))
    expect(other.get_by_text(ASK)).to_be_visible()
    assert "/t/" not in other.url, "the secret does not stay in the address"
    other.fill("#reply textarea", words.answer)
    other.click("#reply button.button")
    expect(other.get_by_text(words.answer)).to_be_visible()
    ticket.refresh_from_db()
    assert (ticket.status, clock_of(ticket).state) == (Status.OPEN, TimerState.RUNNING)

    solve(desk, words)
    ticket.refresh_from_db()
    assert (ticket.status, clock_of(ticket).state) == (Status.SOLVED, TimerState.DONE)
    assert SOLUTION in mailbox.wait_for(3).part("plain")

    office = visit("en")
    log_in(office, manager.email)
    office.goto("/admin/analytics/")
    office.get_by_role("link", name="1", exact=True).first.click()
    expect(office.get_by_text(ticket.display_number)).to_be_visible()


def clock_of(ticket: Ticket, kind: TimerKind = TimerKind.RESOLUTION) -> Timer:
    return Timer.objects.get(ticket=ticket, kind=kind)


def file_a_case(page: Page, words: Words, screenshot: Path) -> None:
    page.goto("/btp/")
    page.screenshot(path=screenshot)
    page.locator("a[href='/btp/new/withdrawal/']").first.click()
    # Sent too early: the page says what is missing, and keeps what is there.
    page.fill("textarea[name=body]", words.body)
    page.set_input_files("input[name=attachments]", screenshot)
    page.click("button.large")
    expect(page.locator("textarea[name=body]")).to_have_value(words.body)
    expect(page.locator(".file-name")).to_have_text(screenshot.name)
    page.fill("input[name=subject]", words.subject)
    page.fill("input[name=f-amount]", "500")
    page.fill("input[name=name]", "王小明")
    page.fill("input[name=email]", ADDRESS)
    page.click("button.large")
    expect(page.locator("dl.number")).to_contain_text(re.compile(r"\w{3}-\w{3}-\w{3}"))
    expect(page.locator(".promise")).to_contain_text(words.promise)


def take_and_ask(page: Page, words: Words) -> None:
    page.goto("/admin/queue/?view=unassigned")
    expect(page.get_by_role("link", name=words.subject)).to_be_visible()
    page.locator("#ws-take-next button").click()
    expect(page.get_by_text(words.body)).to_be_visible()
    expect(page.get_by_text("截图.png").first).to_be_visible()
    page.fill("#ws-text", ASK)
    page.select_option("#ws-then", Status.PENDING)
    page.click("#ws-send")
    expect(page.locator(".ws-conversation, #ws-conversation").get_by_text(ASK)).to_be_visible()


def solve(page: Page, words: Words) -> None:
    # The page is as old as the first answer: the customer's reply is shown before anything goes out over it.
    page.fill("#ws-text", SOLUTION)
    page.select_option("#ws-then", Status.SOLVED)
    page.click("#ws-send")
    expect(page.locator("#ws-alert")).to_contain_text(words.answer)
    expect(page.locator("#ws-text")).to_have_value(SOLUTION)
    page.click("#ws-send")
    expect(page.locator("#ws-alert")).not_to_contain_text(words.answer)
    expect(page.locator("#ws-text")).to_have_value("")

"""Promises in a real browser: the countdown goes on by itself, and "Why this time?" opens by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from helpdesk.lib import clock
from tickets.choices import Counting, TimerKind
from tickets.models import SlaPolicy, Ticket, Timer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]
LogIn = Callable[[Page, str], None]
MINUTE = 60_000


@pytest.fixture
def opened(policy: SlaPolicy, make_ticket: Callable[..., Ticket]) -> Ticket:
    """A first reply within twelve minutes by the clock, whatever time it is; a solution within eight hours."""
    policy.targets.filter(kind=TimerKind.FIRST_RESPONSE).update(minutes=12, counting=Counting.ELAPSED)
    return make_ticket()


def hide(page: Page, is_hidden: bool) -> None:
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
            document.dispatchEvent(new Event('visibilitychange'));
        }""",
        is_hidden,
    )


def queue_of(page: Page) -> Locator:
    page.goto("/admin/queue/?view=all")
    return page.locator(".ws-col-due time")


def test_it_counts_down_by_itself(visit: Visit, log_in: LogIn, agent: User, opened: Ticket) -> None:
    page = visit("en")
    log_in(page, agent.email)
    # This machine's clock is three days ahead: the server's counts.
    page.clock.install(time=clock.now() + timedelta(days=3))
    left = queue_of(page)
    expect(left).to_have_text("in 11 min")
    page.clock.run_for(MINUTE)
    expect(left).to_have_text("in 10 min")
    page.clock.run_for(MINUTE)
    expect(left).to_have_text(re.compile(r"^in 9 min \d\d s$"))
    before = left.inner_text()
    page.clock.run_for(2_000)
    expect(left).not_to_have_text(before)
    expect(left).to_have_class(re.compile("ws-due-soon"))
    assert (
        left.evaluate("element => element.closest('[aria-live], [role=log], [role=status], [role=alert]')")
        is None
    )
    # A hidden page rests; shown again, it is right at once.
    hide(page, True)
    before = left.inner_text()
    page.clock.run_for(5 * MINUTE)
    assert left.inner_text() == before
    hide(page, False)
    expect(left).to_have_text(re.compile(r"^in 4 min \d\d s$"))
    # Who wants less motion gets minutes.
    page.emulate_media(reduced_motion="reduce")
    expect(left).to_have_text(re.compile(r"^in \d min$"))
    page.clock.run_for(7 * MINUTE)
    expect(left).to_have_text(re.compile(r"^\d min overdue$"))
    expect(left).to_have_class(re.compile("ws-due-over"))


@pytest.mark.long
def test_in_chinese(visit: Visit, log_in: LogIn, agent: User, opened: Ticket) -> None:
    agent.language = "zh-hans"
    agent.save()
    page = visit("zh-CN")
    log_in(page, agent.email)
    page.clock.install()
    left = queue_of(page)
    expect(left).to_have_text("11分钟后")
    page.clock.run_for(2 * MINUTE)
    expect(left).to_have_text(re.compile("^9分钟.+秒后$"))


def test_why_this_time_by_keyboard(visit: Visit, log_in: LogIn, agent: User, opened: Ticket) -> None:
    page = visit("en")
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{opened.number}/")
    summary = page.locator(".ws-why summary").first
    for _ in range(80):
        page.keyboard.press("Tab")
        if summary.evaluate("element => element === document.activeElement"):
            break
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    working = page.locator(".ws-why").first.locator(".ws-working")
    expect(working).to_contain_text("opened")
    expect(working.locator("li").last).to_contain_text("due")
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    expect(working).to_be_hidden()


@pytest.mark.long
def test_without_javascript_it_is_a_link(
    browser: Browser, live_server: LiveServer, log_in: LogIn, agent: User, opened: Ticket
) -> None:
    context = browser.new_context(base_url=live_server.url, locale="en", java_script_enabled=False)
    page = context.new_page()
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{opened.number}/")
    page.locator(".ws-why summary").first.click()
    page.get_by_role("link", name="Show how it came about").first.click()
    timer = Timer.objects.get(ticket=opened, kind=TimerKind.FIRST_RESPONSE)
    assert page.url.endswith(f"/admin/tickets/{opened.number}/clocks/{timer.pk}/")
    expect(page.locator(".ws-working")).to_have_count(1)
    context.close()


@pytest.mark.long
def test_the_switch_and_a_change_leave_the_reply_alone(
    visit: Visit, log_in: LogIn, agent: User, opened: Ticket
) -> None:
    page = visit("en")
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{opened.number}/")
    page.fill("#ws-text", "half a sen")
    page.get_by_role("switch", name="Complaint").press("Space")
    expect(page.locator("#ws-head .ws-complaint")).to_be_visible()
    expect(page.locator("#ws-text")).to_have_value("half a sen")
    opened.refresh_from_db()
    assert opened.is_complaint
    page.fill("#ws-text", "")


@pytest.mark.long
@pytest.mark.parametrize("width", [320, 768, 1000, 1280])
def test_nothing_hangs_over_the_edge(
    visit: Visit, log_in: LogIn, agent: User, opened: Ticket, width: int
) -> None:
    page = visit("en")
    page.set_viewport_size({"width": width, "height": 800})
    log_in(page, agent.email)
    for path in (f"tickets/{opened.number}/", f"tickets/{opened.number}/clocks/", "queue/?view=all"):
        page.goto(f"/admin/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    subject = page.locator("td.ws-col-subject").bounding_box()
    assert subject is not None
    assert subject["width"] > 180, "what it is about has room"

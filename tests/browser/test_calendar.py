"""The year page in a real browser: by keyboard, by htmx, without JavaScript, on a narrow screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Brand, User
from helpdesk.lib import clock
from tickets.models import Calendar, CalendarException

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def calendar(brand: Brand) -> Calendar:
    brand.calendar.holiday_country = "CN"
    brand.calendar.save()
    return brand.calendar


def year_of(calendar: Calendar) -> str:
    return f"/admin/tickets/calendar/{calendar.pk}/year/{clock.now().year}/"


def test_a_day_is_reached_by_keys_changed_and_changed_back(
    visit: Callable[..., Page], log_in: Callable[[Page, str], None], manager: User, calendar: Calendar
) -> None:
    page = visit("en-GB")
    log_in(page, manager.email)
    page.goto(year_of(calendar))
    # One day is on the way of the Tab key, and the arrows lead on from it.
    assert page.locator('#cal-months a[tabindex="0"]').count() == 1
    page.locator('#cal-months a[tabindex="0"]').focus()
    for _month in range(12):
        page.keyboard.press("PageUp")
    start = page.evaluate("document.activeElement.search")
    assert start.startswith(f"?day={clock.now().year}-01-")
    later = date.fromisoformat(start.removeprefix("?day=")) + timedelta(days=7)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    heading = page.locator("#cal-day h2")
    expect(heading).to_have_text(f"{later:%A}, {later.day} {later:%B} {later.year}")
    assert page.locator("#cal-months .cal-chosen a").get_attribute("href") == f"?day={later}#cal-day"
    # What is wrong is said at its field, and the keyboard stands there.
    page.locator(".cal-form button").click()
    expect(page.locator("#cal-reason")).to_be_focused()
    page.locator("#cal-reason").fill("Outing")
    page.locator(".cal-form button").click()
    expect(page.locator(".cal-what")).to_contain_text("Outing")
    expect(heading).to_be_focused()
    expect(page.locator("#cal-months .cal-own")).to_have_count(1)
    assert CalendarException.objects.get().reason == "Outing"
    page.locator(".cal-remove button").click()
    expect(page.locator("#cal-months .cal-own")).to_have_count(0)
    assert not CalendarException.objects.exists()


@pytest.mark.long
def test_it_works_without_javascript(
    browser: Browser,
    live_server: LiveServer,
    log_in: Callable[[Page, str], None],
    manager: User,
    calendar: Calendar,
) -> None:
    context = browser.new_context(base_url=live_server.url, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    log_in(page, manager.email)
    page.goto(year_of(calendar))
    page.locator("#cal-months a").nth(9).click()
    page.locator("#cal-reason").fill("Outing")
    page.locator("input[value=closed]").check()
    page.locator(".cal-form button").click()
    expect(page.locator(".cal-what")).to_contain_text("Closed: Outing")
    context.close()


@pytest.mark.long
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_nothing_hangs_over_the_edge_of_a_narrow_screen(
    visit: Callable[..., Page],
    log_in: Callable[[Page, str], None],
    manager: User,
    calendar: Calendar,
    language: str,
) -> None:
    page = visit(language, phone=True)
    page.set_viewport_size({"width": 320, "height": 640})
    log_in(page, manager.email)
    page.goto(year_of(calendar))
    page.locator("#cal-months a").nth(40).click()
    expect(page.locator("#cal-day h2")).to_be_in_viewport()
    for address in (page.url, f"/admin/tickets/calendar/{calendar.pk}/import/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    sizes = (
        "[...document.querySelectorAll('#cal-months a')].map(a => Math.min(a.offsetWidth, a.offsetHeight))"
    )
    page.goto(year_of(calendar))
    assert min(page.evaluate(sizes)) >= 24

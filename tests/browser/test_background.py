"""The operator's page in a real browser: it looks again without taking away what the operator is reading."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from helpdesk import failures, heartbeat
from helpdesk.models import FailedTask

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fail(name: str, number: int = 1) -> None:
    failures.record(
        name=name, task_id=str(number), args=[], kwargs={}, error="ValueError: no", trace="line 1\n" * 50
    )


def test_looking_again_keeps_place_and_focus(
    visit: Callable[..., Page], log_in: Callable[[Page, str], None], administrator: User
) -> None:
    fail("tickets.first")
    page = visit("en")
    log_in(page, administrator.email)
    page.clock.install()
    page.goto("/admin/background/")
    page.get_by_text("Where it happened").click()
    trace = page.locator(".bw-failed", has_text="tickets.first").locator("pre")
    trace.evaluate("trace => { trace.scrollTop = 60; }")
    button = page.get_by_role("button", name="Run again: tickets.first")
    button.focus()
    heartbeat.beat()
    page.clock.run_for(11_000)
    expect(page.get_by_text("Last sign of life")).to_be_visible()
    assert trace.evaluate("trace => trace.scrollTop") == 60
    expect(button).to_be_focused()
    fail("tickets.second")
    page.clock.run_for(11_000)
    expect(page.get_by_role("heading", name="tickets.second")).to_be_visible()
    expect(page.locator("#bw-said")).to_have_text("2 tasks failed for good.")
    expect(trace).to_be_visible()
    expect(button).to_be_focused()


@pytest.mark.long
def test_the_buttons_on_a_phone(
    visit: Callable[..., Page], log_in: Callable[[Page, str], None], administrator: User
) -> None:
    fail("tickets.first")
    fail("tickets.second")
    page = visit("en", phone=True)
    log_in(page, administrator.email)
    page.goto("/admin/background/")
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.get_by_role("button", name="Dismiss: tickets.first").click()
    expect(page.locator("#bw-said")).to_have_text("Dismissed. If it fails again, it comes back.")
    expect(page.get_by_role("heading", name="tickets.first")).to_have_count(0)
    FailedTask.objects.filter(name="tickets.second").update(state="dismissed")
    page.get_by_role("button", name="Run again: tickets.second").click()
    expect(page.locator("#bw-said")).to_have_text("Somebody has dealt with this task already.")

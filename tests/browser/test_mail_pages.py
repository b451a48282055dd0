"""The pages about mail in a real browser: buttons that swap a part, and a list that is filtered in place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Brand, User
from tests.tickets.incoming_mails import aside, mailbox_of, unread
from tickets.choices import AsideReason

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]
LogIn = Callable[[Page, str], None]


def test_the_operators_buttons(visit: Visit, log_in: LogIn, administrator: User, brand: Brand) -> None:
    mailbox_of(brand)
    first, second = unread(brand), unread(brand)
    page = visit("en", phone=True)
    log_in(page, administrator.email)
    page.goto("/admin/mail/")
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.get_by_role("button", name=f"Not a ticket: mail {first.pk}").click()
    expect(page.locator("#ml-said")).to_contain_text("It lies in the box “not a ticket” now")
    expect(page.get_by_role("button", name=f"Try again: mail {first.pk}")).to_have_count(0)
    page.get_by_role("button", name=f"Try again: mail {second.pk}").click()
    expect(page.get_by_text("Every mail that came in could be read.")).to_be_visible()
    page.get_by_role("button", name="Check the mail path: help@btp.test").click()
    expect(page.get_by_text("has not come back yet")).to_be_visible()


@pytest.mark.long
def test_looking_again_keeps_the_focus(
    visit: Visit, log_in: LogIn, administrator: User, brand: Brand
) -> None:
    mailbox_of(brand)
    page = visit("en")
    log_in(page, administrator.email)
    page.clock.install()
    page.goto("/admin/mail/")
    button = page.get_by_role("button", name="Check the mail path: help@btp.test")
    button.focus()
    unread(brand)
    page.clock.run_for(16_000)
    expect(page.locator("#ml-said")).to_have_text("1 mail could not be read.")
    expect(button).to_be_focused()


@pytest.mark.long
def test_the_box_is_filtered_in_place(visit: Visit, log_in: LogIn, agent: User, brand: Brand) -> None:
    aside(brand, AsideReason.BLOCKED, subject="Blocked one")
    aside(brand, AsideReason.LIST, subject="Listed one")
    page = visit("en")
    log_in(page, agent.email)
    page.goto("/admin/mail/aside/")
    page.get_by_label("Why").select_option("blocked")
    expect(page.get_by_text("Listed one")).to_have_count(0)
    expect(page).to_have_url("/admin/mail/aside/?reason=blocked")
    page.get_by_role("link", name="Blocked one").click()
    page.get_by_role("button", name="Block", exact=True).click()
    expect(page.locator(".ws-messages")).to_contain_text("Blocked. Mail from z***@s***.test")

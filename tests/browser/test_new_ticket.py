"""A new ticket's form is there again when somebody looked at another page, until it was filed or its writer left."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.waiting import until

if TYPE_CHECKING:
    from accounts.models import Brand, User
    from tickets.models import Category

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW = "/admin/tickets/new/"
KEPT = "Object.keys(sessionStorage).some((name) => name.startsWith('ws-draft:'))"
NOTHING = f"!{KEPT}"


def test_it_is_kept_until_it_was_filed(
    visit: Callable[..., Page],
    log_in: Callable[[Page, str], None],
    agent: User,
    brand: Brand,
    category: Category,
) -> None:
    page = visit("en")
    log_in(page, agent.email)
    page.goto(NEW)
    body, amount, told = page.locator("#id-body"), page.locator("#field-amount"), page.locator("#ws-kept")
    page.fill("#id-phone", "138 0013 8000")
    page.select_option("#id-category", str(category.pk))
    amount.fill("120.50")
    page.fill("#id-subject", "my password is hunter2-Kx9!")
    body.fill("The top-up did not arrive.")
    page.goto("/admin/queue/?view=mine")
    page.goto(NEW)
    expect(told).to_be_visible()
    expect(body).to_have_value("The top-up did not arrive.")
    expect(page.locator("#id-phone")).to_have_value("138 0013 8000")
    expect(page.locator("#ws-known")).to_contain_text("Not known yet")
    expect(amount).to_have_value("120.50")
    expect(page.locator("#id-subject")).to_have_value("")  # no secret is kept
    page.get_by_role("button", name="Throw it away").click()
    expect(told).to_be_hidden()
    expect(body).to_have_value("")
    assert page.evaluate(NOTHING)

    body.fill("Once more.")
    page.get_by_role("button", name="Create the ticket").click()
    expect(page.locator("#ws-main .ws-message-error")).to_be_focused()
    expect(told).to_be_hidden()  # nothing to put back: it stands there
    page.select_option("#id-category", str(category.pk))
    page.fill("#id-phone", "138 0013 8000")
    amount.fill("7")
    page.get_by_role("button", name="Create the ticket").click()
    page.wait_for_url(lambda url: not url.endswith(NEW))
    until(page, NOTHING)

    page.goto(NEW)
    expect(body).to_have_value("")
    body.fill("For nobody else's eyes.")
    until(page, KEPT)
    # What the page itself leaves behind: the server's word to forget all is not heard on every machine.
    page.route(
        "**/admin/logout/", lambda route: route.fulfill(status=200, content_type="text/html", body="Gone")
    )
    page.evaluate("document.getElementById('logout-form').requestSubmit()")
    expect(page.locator("body")).to_have_text("Gone")
    assert page.evaluate(NOTHING)

"""Each command of the list is done by some script of the page where it is offered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]
LogIn = Callable[[Page, str], None]
#: What the part of the page itself does that has the focus, the list only names its keys; and what only pages have that
#: follow others (test_live.py).
THEIR_OWN = {
    *(f"suggestion-{key}" for key in range(4)),
    "open",
    "pick",
    "pick-range",
    "send",
    "send-solved",
    "leave",
    "show-new",
}
UNDONE = """() => {
  const places = { queue: "#ws-queue", ticket: "#ws-ticket", composer: "#ws-composer", everywhere: "body" };
  return [...document.querySelectorAll("#ws-help [data-key]")]
    .filter((one) => document.querySelector(places[one.dataset.place]) && !one.dataset.address)
    .map((one) => one.dataset.command)
    .filter((name) => !window.wsCommands[name]);
}"""


def test_each_is_done(visit: Visit, log_in: LogIn, agent: User, ticket: Ticket) -> None:
    page = visit("en")
    log_in(page, agent.email)
    for address in ("/admin/queue/?view=all", f"/admin/tickets/{ticket.number}/"):
        page.goto(address)
        assert set(page.evaluate(UNDONE)) <= THEIR_OWN, address


def test_where_no_ticket_is_next_it_is_said(visit: Visit, log_in: LogIn, agent: User, ticket: Ticket) -> None:
    page = visit("en")
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{ticket.number}/")
    said = page.get_by_role("status").filter(has_text="ticket")
    page.keyboard.press("]")
    expect(said).to_contain_text("not opened from a list")
    page.goto("/admin/queue/?view=all")
    page.locator(".ws-open").click()
    page.wait_for_url("**/tickets/**")
    page.keyboard.press("]")
    expect(said).to_contain_text("the last ticket")
    page.keyboard.press("[")
    expect(said).to_contain_text("the first ticket")


@pytest.mark.long
def test_off_duty_and_on_again(visit: Visit, log_in: LogIn, agent: User, ticket: Ticket) -> None:
    page = visit("en")
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{ticket.number}/")
    page.keyboard.press("Shift+D")
    page.wait_for_url("**/duty/**")
    page.go_back()
    page.keyboard.press("?")
    expect(page.locator("#ws-help")).to_contain_text("Go on or off duty")

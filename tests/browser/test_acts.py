"""By the keyboard: taken, a status set and undone; merged and parted again; a colleague called by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from accounts.models import Team, User
    from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]
LogIn = Callable[[Page, str], None]


def test_done_and_undone_by_keys(visit: Visit, log_in: LogIn, agent: User, ticket: Ticket) -> None:
    page = visit("en")
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{ticket.number}/")
    page.keyboard.press("a")
    said = page.locator("#ws-toasts .ws-message:visible")
    expect(said).to_contain_text("Assigned to Ann")
    page.select_option("#ws-set-status", "solved")
    expect(said).to_contain_text("Status: new → solved")
    expect(page.locator("#ws-set-status")).to_have_value("solved")
    page.locator("#ws-conversation").focus()
    page.keyboard.press("z")
    expect(said).to_contain_text("Undone. Status: solved → new")
    expect(page.locator("#ws-set-status")).to_have_value("new")
    expect(page.locator("#ws-conversation")).to_be_focused()
    page.keyboard.press("z")
    expect(said).to_contain_text("Undone. Nobody has the case now")
    page.keyboard.press("z")
    expect(said).to_have_text("There is nothing to undo.")


@pytest.mark.long
def test_a_case_that_left_ones_sight_comes_back_by_a_key(
    visit: Visit, log_in: LogIn, agent: User, ticket: Ticket, other_team: Team
) -> None:
    page = visit("en")
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{ticket.number}/")
    page.select_option("#ws-set-team", str(other_team.pk))
    page.wait_for_url("**/admin/queue/")
    expect(page.locator(".ws-messages")).to_contain_text("Moved to the team Risk")
    page.keyboard.press("z")
    page.wait_for_url(f"**/{ticket.number}/")
    expect(page.locator("#ws-toasts .ws-message:visible")).to_contain_text("Undone.")


def test_merged_and_parted(
    visit: Visit, log_in: LogIn, agent: User, ticket: Ticket, make_ticket: Callable[..., Ticket]
) -> None:
    from tickets.models import Ticket

    other = make_ticket(subject="The other one")
    page = visit("en")
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{ticket.number}/")
    page.locator("#ws-context").get_by_text("Merge into…").click()
    page.get_by_role("radio", name="The other one").check()
    page.get_by_role("button", name="See what happens").click()
    expect(page.locator(".ws-outlook")).to_contain_text("The customer gets no mail of it.")
    page.get_by_role("button", name="Merge this case into it").click()
    page.wait_for_url(f"**/{other.number}/")
    expect(page.locator("#ws-toasts .ws-message:visible")).to_contain_text("was merged into this one")
    page.keyboard.press("z")
    expect(page.locator("#ws-toasts .ws-message:visible")).to_contain_text("Undone.")
    assert Ticket.objects.get(pk=ticket.pk).merged_into is None


def test_the_panel_stays_where_it_is_and_shows_what_came_of_an_act(
    visit: Visit, log_in: LogIn, agent: User, ticket: Ticket
) -> None:
    page = visit("en")
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{ticket.number}/")
    page.set_viewport_size({"width": 1360, "height": 420})
    panel = page.locator("#ws-context")
    page.locator("#ws-context").get_by_text("Merge into…").click()
    page.fill("#ws-into", "none such")
    page.get_by_role("button", name="See what happens").click()
    expect(page.locator("#ws-into")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#ws-into-error")).to_be_in_viewport(ratio=1)
    page.locator("#ws-watch").scroll_into_view_if_needed()
    top = panel.evaluate("panel => panel.scrollTop")
    assert top > 0
    page.locator("#ws-watch").click()
    expect(page.locator("#ws-watch")).to_have_text("Stop watching")
    expect(page.locator("#ws-watch")).to_be_in_viewport(ratio=1)
    assert panel.evaluate("panel => panel.scrollTop") == top


@pytest.mark.long
def test_a_colleague_is_called_by_name(
    visit: Visit, log_in: LogIn, agent: User, second_agent: User, lead: User, ticket: Ticket
) -> None:
    from accounts.models import User
    from tickets.models import Notice

    User.objects.filter(pk=second_agent.pk).update(name="王小明")
    page = visit("en")
    log_in(page, agent.email)
    page.goto(f"/admin/tickets/{ticket.number}/")
    text, listed = page.locator("#ws-text"), page.locator("#ws-people [role=option]:visible")
    page.locator("#ws-conversation").focus()
    page.keyboard.press("o")
    text.press_sequentially("请@")
    expect(listed).to_have_count(2)
    page.keyboard.type("王")
    expect(listed).to_have_text(["王小明agent"])
    page.keyboard.press("Enter")
    expect(text).to_have_value("请@王小明 ")
    page.keyboard.type("@l")
    expect(listed).to_have_text(["Leateam lead"])
    page.keyboard.press("Escape")
    expect(listed).to_have_count(0)
    expect(text).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#ws-conversation")).to_contain_text("called 王小明 by name")
    assert [notice.person_id for notice in Notice.objects.all()] == [second_agent.pk]

"""Three rows chosen by keys, their status set, and undone; without leaving the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Route, expect

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]
LogIn = Callable[[Page, str], None]


def statuses() -> list[str]:
    from tickets.models import Ticket

    return sorted(Ticket.objects.values_list("status", flat=True))


def test_it_works(visit: Visit, log_in: LogIn, agent: User, make_ticket: Callable[..., Ticket]) -> None:
    from tickets import actors
    from tickets.actions.status import change_status
    from tickets.choices import Status

    for number in range(4):
        ticket = make_ticket(subject=f"Case {number}")
        change_status(ticket, to=Status.OPEN, by=actors.staff(agent))
    page = visit("en")
    log_in(page, agent.email)
    page.goto("/admin/queue/?view=all")
    for key in "jxjjX":  # the first; then from there to the third
        page.keyboard.press(key)
    count = page.locator(".ws-bulk-count")
    expect(count).to_have_text("3 chosen")
    expect(page.locator(".ws-row.ws-picked")).to_have_count(3)
    page.locator("button[name=act][value=status]").press("Enter")
    field = page.get_by_label("Status", exact=True).and_(page.locator("#ws-bulk-status"))
    expect(field).to_be_focused()
    field.select_option("pending")
    button = page.get_by_role("button", name="Do it: 3 cases")
    expect(button).to_be_visible()
    assert statuses() == ["open"] * 4
    button.press("Enter")
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    expect(page.locator(".ws-bulk-counted")).to_have_text("3 changed")
    expect(page.locator(".ws-status-pending")).to_have_count(3)  # the rows behind it tell
    assert statuses() == ["open", "pending", "pending", "pending"]
    page.keyboard.press("Enter")
    expect(page.locator(".ws-bulk-counted")).to_have_text("3 undone")
    expect(page.locator(".ws-status-open")).to_have_count(4)
    assert statuses() == ["open"] * 4
    page.keyboard.press("Escape")
    expect(page.locator("#ws-bulk-panel")).to_be_hidden()


@pytest.mark.long
def test_the_box_does_not_open_the_case_and_the_choice_outlives_a_sort(
    visit: Visit, log_in: LogIn, agent: User, make_ticket: Callable[..., Ticket]
) -> None:
    for number in range(3):
        make_ticket(subject=f"Case {number}")
    page = visit("en")
    log_in(page, agent.email)
    page.goto("/admin/queue/?view=all")
    page.locator("td.ws-col-pick").nth(1).click(position={"x": 3, "y": 3})  # beside the box
    expect(page.locator(".ws-bulk-count")).to_have_text("1 chosen")
    page.locator("th.ws-col-subject a").click()
    expect(page.locator("th[aria-sort]")).to_contain_text("Subject")
    expect(page.locator(".ws-row.ws-picked")).to_have_count(1)
    page.locator(".ws-pick-all").check()
    expect(page.locator(".ws-bulk-count")).to_have_text("3 chosen")
    page.locator("#ws-add-filter").click()  # another question: what was chosen answers the old one
    page.locator("#ws-offers input[name=status][value=new]").check()
    page.keyboard.press("Enter")
    expect(page.locator(".ws-chip")).to_have_count(1)
    expect(page.locator(".ws-bulk-bar")).to_be_hidden()
    assert "/queue/" in page.url


def test_enter_right_after_typing_shows_and_goes_to_the_button(
    visit: Visit, log_in: LogIn, agent: User, make_ticket: Callable[..., Ticket]
) -> None:
    from tickets.models import Ticket

    for number in range(2):
        make_ticket(subject=f"Case {number}")
    page = visit("en")
    log_in(page, agent.email)
    page.goto("/admin/queue/?view=all")
    # What would come of it by itself after a pause never comes.
    page.route("**/bulk/preview/", lambda route: route.continue_() if "show=" in asked(route) else None)
    for key in "jxjx":
        page.keyboard.press(key)
    page.locator("button[name=act][value=add_tags]").press("Enter")
    expect(page.get_by_label("Tags", exact=True)).to_be_focused()
    page.keyboard.type("abc def")
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Do it: 2 cases")
    expect(button).to_be_focused()
    expect(page.get_by_label("Tags", exact=True)).to_have_value("abc def")
    page.keyboard.press("Enter")
    expect(page.locator(".ws-bulk-counted")).to_have_text("2 changed")
    assert list(Ticket.objects.values_list("tags", flat=True)) == [["abc", "def"]] * 2


def test_what_was_typed_outlives_its_panel_until_it_is_done(
    visit: Visit, log_in: LogIn, agent: User, ticket: Ticket
) -> None:
    page = visit("en")
    log_in(page, agent.email)
    page.goto("/admin/queue/?view=all")
    box, count = page.locator(".ws-pick"), page.locator(".ws-bulk-count")
    box.check()
    expect(count).to_have_text("1 chosen")
    note, reply = (page.locator(f"button[name=act][value={act}]") for act in ("note", "reply"))
    body, chinese = page.locator("#ws-bulk-body"), page.locator("#ws-bulk-zh")
    reply.click()
    chinese.fill("我们正在核实")
    page.locator(".ws-bulk-close").click()
    expect(page.locator("#ws-bulk-panel")).to_be_hidden()
    note.click()
    expect(body).to_have_value("")
    body.fill("Only for us")
    reply.click()  # another act's button
    expect(chinese).to_have_value("我们正在核实")
    note.click()
    expect(body).to_have_value("Only for us")
    page.get_by_role("button", name="Do it: 1 case").click()
    expect(page.locator(".ws-bulk-counted")).to_have_text("1 changed")
    expect(count).to_have_text("")  # done: the choice has served
    box.click()  # whose row may just come anew
    expect(count).to_have_text("1 chosen")
    note.click()
    expect(body).to_have_value("")
    reply.click()
    expect(chinese).to_have_value("我们正在核实")


def asked(route: Route) -> str:
    return route.request.post_data or ""

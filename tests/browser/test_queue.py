"""The queue by keyboard alone: filters, chips, a kept view, chosen rows, read and unread; and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tickets import actors
from tickets.actions import assignment
from tickets.choices import Priority, Status
from tickets.models import SavedView, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Make = Callable[..., Ticket]
Visit = Callable[..., Page]
LogIn = Callable[[Page, str], None]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.className"))


def test_filter_keep_and_read_by_keyboard(
    agent: User, make_ticket: Make, visit: Visit, log_in: LogIn
) -> None:
    tickets = [make_ticket(subject=f"urgent {n}", priority=Priority.URGENT) for n in range(4)]
    make_ticket(subject="calm", priority=Priority.LOW)
    assignment.take(tickets[0], by=actors.staff(agent))
    page = visit("en")
    log_in(page, agent.email)
    page.goto("/admin/queue/?view=all")
    expect(page.locator(".ws-row")).to_have_count(5)

    # f, a few letters, Enter: the filter is there, and the focus where it was.
    page.keyboard.press("f")
    expect(page.locator("[data-narrows]")).to_be_focused()
    page.keyboard.type("urg")
    expect(page.locator("#ws-offers label:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".ws-chip")).to_have_text(["Priority urgent×"])
    expect(page.locator(".ws-row")).to_have_count(4)
    expect(page.locator("#ws-add-filter")).to_be_focused()
    assert page.url.endswith("/admin/queue/?view=all&priority=urgent")

    # A second one with the arrows; Escape leaves everything as it is.
    page.keyboard.press("f")
    page.keyboard.type(
        "assignee"
    )  # at once: what is typed before the panel is there is not lost, and is no key
    expect(page.locator("[data-narrows]")).to_have_value("assignee")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator(".ws-chip")).to_have_count(2)
    expect(page.locator(".ws-row")).to_have_count(3)
    page.keyboard.press("f")
    expect(page.locator("[data-narrows]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#ws-offers")).to_have_count(0)
    expect(page.locator("#ws-add-filter")).to_be_focused()

    # A chip is taken off.
    page.get_by_role("link", name="Remove the filter Assignee: nobody").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".ws-chip")).to_have_count(1)

    # What is shown becomes a view.
    page.locator("#ws-save-view").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#ws-view-name")).to_be_focused()
    page.keyboard.type("On fire")
    page.keyboard.press("Enter")
    expect(page.locator(".ws-tabs a[aria-current]")).to_have_text("On fire 4")
    view = SavedView.objects.get()
    assert view.conditions == {"priority": ["urgent"]}
    assert page.url.endswith(f"?view=v{view.pk}")

    # Rows: two chosen by key, a range by Shift, all by the box in the head.
    for key in ("j", "x", "j", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator(".ws-pick:checked")).to_have_count(2)
    page.locator(".ws-pick").nth(0).click()
    page.locator(".ws-pick").nth(3).click(modifiers=["Shift"])
    expect(page.locator(".ws-pick").nth(1)).to_be_checked()
    page.locator("#ws-pick-all").check()
    expect(page.locator(".ws-pick:checked")).to_have_count(4)

    # Read, and unread again, in its place.
    row = page.locator(".ws-row.ws-chosen")
    expect(row).to_have_class("ws-row ws-unread ws-chosen ws-picked")
    page.keyboard.press("u")
    expect(page.locator(".ws-row.ws-chosen")).not_to_have_class("ws-unread")
    expect(page.locator(".ws-row.ws-unread")).to_have_count(3)
    page.keyboard.press("u")
    expect(page.locator(".ws-row.ws-unread")).to_have_count(4)


def test_letters_of_an_input_method_are_no_keys(
    agent: User, make_ticket: Make, visit: Visit, log_in: LogIn
) -> None:
    make_ticket()
    page = visit("zh-CN")
    log_in(page, agent.email)
    page.goto("/admin/queue/?view=all")
    page.evaluate(
        "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'f', keyCode: 229, bubbles: true}))"
    )
    page.evaluate(
        "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'f', isComposing: true, bubbles: true}))"
    )
    expect(page.locator("#ws-queue-pop")).to_be_empty()


def test_what_matters_stands_in_view(agent: User, make_ticket: Make, visit: Visit, log_in: LogIn) -> None:
    """The view one is in, few columns, what is left of a promise that stands still; and on a small phone how urgent it
    is and who has it."""
    for n in range(4):
        kept = SavedView.objects.create(owner=agent, name=f"A view with a rather long name {n}")
    ticket = make_ticket(subject="Case", priority=Priority.URGENT)
    assignment.take(ticket, by=actors.staff(agent))
    page = visit("en")
    log_in(page, agent.email)
    page.goto(f"/admin/queue/?view={kept.pk}")
    inside = "tab => [tab, tab.parentElement].map(one => one.getBoundingClientRect().right)"
    right, end = page.locator(".ws-tabs [aria-current]").evaluate(inside)
    assert right <= end + 1
    page.goto("/admin/queue/?view=all&columns=subject,due,team")
    assert page.locator(".ws-own-box").evaluate("box => box.scrollWidth <= box.clientWidth")
    page.goto("/admin/queue/?view=all")
    page.click("#ws-columns")
    gone = page.locator(".ws-column-list li:has(.ws-no-room:visible) label > span:first-of-type")
    expect(gone).to_have_text(["Category", "Brand"])

    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/admin/queue/?view=all")
    row = page.locator(".ws-row")
    expect(row.get_by_text("urgent")).to_be_visible()
    expect(row.get_by_text("Ann", exact=True)).to_be_visible()
    page.locator("#ws-search").focus()
    assert page.locator("#ws-search").evaluate("field => field.clientWidth") > 200
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.long
def test_on_a_phone(agent: User, make_ticket: Make, visit: Visit, log_in: LogIn) -> None:
    make_ticket(subject="calm", priority=Priority.LOW, tags=["a-long-tag-that-goes-on", "another"])
    make_ticket(subject="hot", priority=Priority.URGENT)
    page = visit("en", phone=True)
    log_in(page, agent.email)
    page.goto("/admin/queue/?view=all")
    page.click("#ws-add-filter")
    page.get_by_label("urgent").check()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".ws-row")).to_have_count(1)
    page.click("#ws-columns")
    expect(page.locator(".ws-column-list")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing goes sideways"
    page.goto("/admin/queue/?view=all")
    page.locator(".ws-sort summary").click()
    page.locator(".ws-sort").get_by_role("link", name="Subject").click()
    expect(page.locator(".ws-sort summary")).to_contain_text("Subject ↑")
    expect(page.locator(".ws-open")).to_have_text(["calm", "hot"])
    page.locator(".ws-sort summary").click()
    page.locator(".ws-sort").get_by_role("link", name="Subject").click()
    expect(page.locator(".ws-open")).to_have_text(["hot", "calm"])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing goes sideways"


def test_what_is_long_is_told_apart_and_fills_no_strip(
    agent: User, make_ticket: Make, visit: Visit, log_in: LogIn
) -> None:
    for status in (Status.PENDING, Status.ON_HOLD):
        Ticket.objects.filter(pk=make_ticket().pk).update(status=status)
    name = "Everything that waits for a bank, a card scheme or the police"[:60]
    SavedView.objects.create(owner=agent, name=name, conditions={"view": ["all"]})
    page = visit("en")
    log_in(page, agent.email)
    page.goto("/admin/queue/?view=all")
    whole = "all => all.length === 2 && all.every(one => one.scrollWidth <= one.clientWidth)"
    assert page.locator(".ws-row .ws-status").evaluate_all(whole)
    tab = page.get_by_title(name)
    assert tab.evaluate("one => one.clientWidth < one.scrollWidth && one.clientWidth <= 256")
    page.locator("#ws-density").click()
    expect(page.locator(".ws-compact")).to_be_visible()
    assert page.locator(".ws-row .ws-status").evaluate_all(whole)

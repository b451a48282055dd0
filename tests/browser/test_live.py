"""Several agents at once: each sees what the others do, and nothing moves under anybody's hands."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from tests.browser.waiting import until
from tests.realtime import RealtimeProcess, process
from tickets import actors
from tickets.actions import assignment, messages
from tickets.actions.taking_back import take_back
from tickets.models import Notice, Ticket
from tickets.queries.queue import counts

__all__ = ["process"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Make = Callable[..., Ticket]
Enter = Callable[..., Page]


@pytest.fixture
def enter(
    visit: Callable[..., Page], log_in: Callable[[Page, str], None], process: RealtimeProcess, settings: Any
) -> Enter:
    """``enter(user, path)``: they are on the page, and it hears what is new."""

    def act(user: User, path: str, language: str = "en", **options: Any) -> Page:
        settings.REALTIME_URL = process.url
        page = visit(language, **options)
        page.add_init_script(
            "document.addEventListener('live:open', () => { document.documentElement.dataset.heard = ''; })"
        )
        log_in(page, user.email)
        page.goto(path)
        expect(page.locator("html[data-heard]")).to_be_attached()
        return page

    return act


def row_of(page: Page, ticket: Ticket) -> Locator:
    return page.locator(f"#ws-row-{ticket.number}")


def places(page: Page) -> dict[str, float]:
    """Where each row stands on the screen."""
    found: dict[str, float] = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.ws-row')]"
        ".map(row => [row.id, row.getBoundingClientRect().top]))"
    )
    return found


def say(ticket: Ticket, text: str) -> None:
    ticket.refresh_from_db()
    messages.customer_reply(ticket, body=text, by=actors.customer(ticket.customer))


def answer(ticket: Ticket, by: User) -> None:
    ticket.refresh_from_db()
    messages.reply(ticket, body="Answered already.", by=actors.staff(by))


def test_the_queue_changes_and_nothing_moves(
    enter: Enter, agent: User, second_agent: User, make_ticket: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Else they are remembered for longer than a test may wait.
    monkeypatch.setattr(counts, "COUNTS_SECONDS", 0)
    tickets = [make_ticket(subject=f"Case {n}") for n in range(12)]
    messages.reply(tickets[3], body="Please wait.", by=actors.staff(second_agent))
    page = enter(agent, "/admin/queue/?view=all")
    page.set_viewport_size({"width": 1360, "height": 420})
    for _ in range(4):
        page.keyboard.press("j")
    page.locator("#ws-main").evaluate("main => { main.scrollTop = 60; }")
    before = places(page)
    chosen = page.locator(".ws-row.ws-chosen")
    number = chosen.get_attribute("data-ticket")
    ticket = Ticket.objects.get(number=number)
    assignment.take(ticket, by=actors.staff(second_agent))
    expect(chosen.locator(".ws-col-assignee")).to_have_text("Bo")
    expect(chosen).to_have_class(re.compile("ws-changed"))
    expect(chosen.locator(".ws-open")).to_be_focused()
    say(tickets[3], "还没有到账，你们看一下")
    changed = row_of(page, tickets[3])
    expect(changed.locator(".ws-excerpt")).to_have_text("还没有到账，你们看一下")
    expect(changed).to_have_class(re.compile("ws-unread"))
    fresh = make_ticket(subject="Brand new")
    button = page.get_by_role("button", name="1 new ticket")
    expect(button).to_be_visible()
    expect(page.get_by_text("Brand new")).to_have_count(0)
    assert places(page) == before
    assert page.locator("#ws-main").evaluate("main => main.scrollTop") == 60
    expect(chosen).to_have_attribute("data-ticket", number or "")
    make_ticket(subject="Another")
    expect(page.get_by_role("button", name="2 new tickets")).to_be_visible()
    expect(page.locator("[data-view=all] .ws-count")).to_have_text("14")
    page.keyboard.press(".")
    expect(row_of(page, fresh)).to_be_visible()
    expect(button).to_have_count(0)


@pytest.mark.long
def test_what_left_the_view_says_why_and_stays(
    enter: Enter, agent: User, second_agent: User, make_ticket: Make
) -> None:
    first, second = make_ticket(subject="First"), make_ticket(subject="Second")
    page = enter(agent, "/admin/queue/?view=unassigned")
    before = places(page)
    assignment.take(first, by=actors.staff(second_agent))
    expect(row_of(page, first).locator(".ws-gone-why")).to_have_text("taken by Bo")
    expect(row_of(page, first).locator(".ws-gone-why + .ws-open")).to_have_text(
        "First"
    )  # never cut off behind it
    expect(row_of(page, first).locator(".ws-col-status")).to_have_text("—")
    expect(row_of(page, second).locator(".ws-gone-why")).to_have_count(0)
    assert places(page) == before
    page.reload()
    expect(row_of(page, second)).to_be_visible()
    expect(row_of(page, first)).to_have_count(0)


def test_three_at_once_see_who_is_here_and_who_writes(
    enter: Enter, agent: User, second_agent: User, lead: User, ticket: Ticket
) -> None:
    where = f"/admin/tickets/{ticket.number}/"
    ann, bo, queue = enter(agent, where), enter(second_agent, where), enter(lead, "/admin/queue/?view=all")
    expect(ann.locator("#ws-here li")).to_have_attribute("title", "Bo is here")
    expect(bo.locator("#ws-here li")).to_have_attribute("title", "Ann is here")
    mark = row_of(queue, ticket).locator(".ws-row-here")
    expect(mark).to_have_attribute("title", "Ann is here, Bo is here")
    height = ann.locator("#ws-composer").bounding_box()
    bo.locator("#ws-text").press_sequentially("We look")
    writing = ann.locator("#ws-writing")
    expect(writing).to_have_text("Bo is writing a reply")
    assert ann.locator("#ws-composer").bounding_box() == height
    expect(bo.locator("#ws-writing")).to_have_count(0)
    expect(mark).to_have_attribute("title", "Ann is here, Bo is writing a reply")
    bo.get_by_role("radio", name="Internal note").check()
    bo.locator("#ws-text").press_sequentially(" into it")
    expect(writing).to_have_text("Bo is writing a note")
    assert "We look" not in ann.content()
    expect(writing).to_have_count(0)  # Bo pauses
    bo.close(run_before_unload=False)
    expect(ann.locator("#ws-here")).to_have_count(0)
    expect(mark).to_have_attribute("title", "Ann is here")


@pytest.mark.long
def test_the_conversation_goes_on_beside_the_composer(
    enter: Enter, agent: User, second_agent: User, ticket: Ticket
) -> None:
    """What is typed stays; what is read further up stays in place; and what was not in view was not seen."""
    for n in range(6):
        say(ticket, f"Message {n}\n" + "and more\n" * 6)
    page = enter(agent, f"/admin/tickets/{ticket.number}/")
    log = page.locator("#ws-conversation")
    seen = page.locator("#ws-composer input[name=seen]")
    last = seen.input_value()
    page.fill("#ws-text", "I am writing this.")
    log.evaluate("log => { log.scrollTop = 40; }")
    say(ticket, "One more thing")
    fresh = ticket.messages.latest("pk")
    expect(page.locator(f"#message-{fresh.pk}")).to_contain_text("One more thing")
    expect(page.locator("#ws-live-says")).to_have_text("王小明 wrote")
    assert log.evaluate("log => log.scrollTop") == 40
    expect(page.locator("#ws-text")).to_have_value("I am writing this.")
    expect(page.locator("#ws-text")).to_be_focused()
    button = page.get_by_role("button", name="1 new message")
    expect(button).to_be_visible()
    until(page, "performance.now() > 4000")
    assert seen.input_value() == last  # it stands below what is in view
    page.press("#ws-text", "Control+Enter")
    expect(page.locator("#ws-alert")).to_contain_text("Nothing was sent yet")
    expect(page.locator("#ws-text")).to_have_value("I am writing this.")
    assert seen.input_value() == str(fresh.pk)  # the warning shows it


@pytest.mark.parametrize("is_heard", [True, False], ids=["heard of", "found by the way"])
def test_the_author_sees_that_a_colleague_took_a_reply_back(
    enter: Enter, agent: User, second_agent: User, ticket: Ticket, settings: Any, is_heard: bool
) -> None:
    """Though the focus is on the very button that stands in it; and with the colleague's name, though the page that
    was asked for on account of something else is there before the news of it."""
    settings.MAIL_UNDO_SECONDS = 60
    page = enter(agent, f"/admin/tickets/{ticket.number}/")
    page.fill("#ws-text", "It is **done**.")
    page.press("#ws-text", "Control+Enter")
    button = page.get_by_role("button", name="Take back")
    expect(button).to_be_focused()
    if not is_heard:
        page.evaluate("addEventListener('live:news', news => news.stopImmediatePropagation(), true)")
    take_back(ticket.messages.latest("pk"), by=actors.staff(second_agent))
    if not is_heard:
        page.evaluate("document.dispatchEvent(new CustomEvent('live:stale'))")
    told = "Bo took the reply back before it left: nobody got it."
    expect(page.locator("#ws-notices")).to_have_text(told)  # and no longer "Sent."
    expect(page.locator("#ws-conversation del")).to_have_text("It is done.")
    expect(button).to_have_count(0)
    expect(page.locator("#ws-conversation")).to_be_focused()
    page.get_by_role("button", name="Put its text into the box").press("Enter")
    expect(page.locator("#ws-text")).to_have_value("It is **done**.")
    expect(page.locator("#ws-saved")).to_contain_text("Saved")
    assert Notice.objects.get(person=agent).event.kind == "reply_taken_back"


@pytest.mark.long
def test_what_stood_in_view_was_seen(enter: Enter, agent: User, second_agent: User, ticket: Ticket) -> None:
    """With an empty box."""
    page = enter(agent, f"/admin/tickets/{ticket.number}/")
    assignment.take(ticket, by=actors.staff(second_agent))
    expect(page.locator("#ws-set-assignee")).to_have_value(str(second_agent.pk))
    answer(ticket, second_agent)
    fresh = ticket.messages.latest("pk")
    expect(page.locator(f"#message-{fresh.pk}")).to_be_in_viewport()
    expect(page.locator("#ws-composer input[name=seen]")).to_have_value(str(fresh.pk))
    ticket.refresh_from_db()
    assert ticket.status == "open"
    expect(page.locator(".ws-status").first).to_have_text("open")


def test_what_a_colleague_answers_while_one_writes_stops_it_once(
    enter: Enter, agent: User, second_agent: User, ticket: Ticket
) -> None:
    """However long it stood in view; and so what a customer wrote after it. What they wrote before it was seen."""
    page = enter(agent, f"/admin/tickets/{ticket.number}/")
    seen = page.locator("#ws-composer input[name=seen]")
    page.fill("#ws-text", "I am writing this.")
    say(ticket, "One more thing")
    expect(seen).to_have_value(str(ticket.messages.latest("pk").pk))
    last = seen.input_value()
    answer(ticket, second_agent)
    own = page.locator(f"#message-{ticket.messages.latest('pk').pk}")
    expect(own).to_be_in_viewport()
    say(ticket, "Thank you")
    fresh = ticket.messages.latest("pk")
    expect(page.locator(f"#message-{fresh.pk}")).to_be_in_viewport()
    until(page, f"performance.now() > {page.evaluate('performance.now()') + 2500}")
    assert seen.input_value() == last
    page.press("#ws-text", "Control+Enter")
    expect(page.locator("#ws-alert")).to_contain_text("Bo answered")
    expect(page.locator("#ws-text")).to_have_value("I am writing this.")
    assert ticket.messages.filter(author=agent).count() == 0
    assert seen.input_value() == str(fresh.pk)  # the warning shows them
    page.press("#ws-text", "Control+Enter")
    expect(page.locator("#ws-conversation")).to_contain_text("I am writing this.")


@pytest.mark.long
def test_a_panel_drawn_anew_stays_where_it_is(
    enter: Enter, agent: User, second_agent: User, ticket: Ticket
) -> None:
    page = enter(agent, f"/admin/tickets/{ticket.number}/")
    page.set_viewport_size({"width": 1360, "height": 420})
    panel = page.locator("#ws-context")
    panel.evaluate("panel => { panel.scrollTop = 300; }")
    assignment.take(ticket, by=actors.staff(second_agent))
    expect(page.locator("#ws-set-assignee")).to_have_value(str(second_agent.pk))
    assert panel.evaluate("panel => panel.scrollTop") == 300


@pytest.mark.long
def test_a_panel_in_use_is_left_alone(enter: Enter, agent: User, second_agent: User, ticket: Ticket) -> None:
    page = enter(agent, f"/admin/tickets/{ticket.number}/")
    tags = page.locator("#ws-set-tags")
    tags.fill("bank")
    ticket.refresh_from_db()
    messages.note(ticket, body="Called the bank", by=actors.staff(second_agent))
    expect(page.locator("#ws-conversation")).to_contain_text("Called the bank")
    expect(tags).to_have_value("bank")
    expect(tags).to_be_focused()


@pytest.mark.long
def test_a_page_that_lost_its_connection_catches_up(
    enter: Enter, agent: User, make_ticket: Make, process: RealtimeProcess, tmp_path: Path, settings: Any
) -> None:
    own = RealtimeProcess(tmp_path / "first")
    process.port, shared = own.port, process.port
    try:
        ticket = make_ticket(subject="Shown")
        page = enter(agent, "/admin/queue/?view=all")
        own.end()
        expect(page.get_by_text("Not updating by itself")).to_be_visible(timeout=15_000)
        say(ticket, "Written meanwhile")
        make_ticket(subject="New meanwhile")
        own = RealtimeProcess(tmp_path / "second", port=own.port)
        page.evaluate("dispatchEvent(new Event('online'))")  # it would try by itself within 20 s
        expect(row_of(page, ticket).locator(".ws-excerpt")).to_have_text("Written meanwhile", timeout=40_000)
        expect(page.get_by_role("button", name="1 new ticket")).to_be_visible()
        expect(page.get_by_text("Not updating by itself")).to_be_hidden()
    finally:
        own.end()
        process.port = shared

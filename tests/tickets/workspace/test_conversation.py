"""The conversation on a ticket's page: what is folded, marked, and loaded later."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.models import Customer, User
from helpdesk.lib import clock
from tests.tickets.workspace.conftest import LogIn
from tests.tickets.workspace.test_ticket_page import address, text_of
from tickets import actors
from tickets.actions import messages, reading, tickets
from tickets.choices import Priority
from tickets.models import Message, Ticket
from tickets.queries import conversation as queries

Make = Callable[..., Ticket]
MONDAY = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
SHOWN = re.compile(r'id="message-(\d+)"')


def numbers_in(page: str) -> list[int]:
    return [int(pk) for pk in SHOWN.findall(page)]


@pytest.fixture
def long_one(agent: User, ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ten messages on the ticket, of which a page shows four; their ids."""
    monkeypatch.setattr(queries, "LAST_MESSAGES", 4)
    for place in range(9):
        messages.note(ticket, body=f"note {place}", by=actors.staff(agent))
        tickets.set_tags(ticket, tags=[f"t{place}"], by=actors.staff(agent))
    return list(Message.objects.order_by("pk").values_list("pk", flat=True))


def test_an_automatic_note_is_signed_in_words(desk: Client, ticket: Ticket) -> None:
    messages.note(ticket, body="Look at it.", by=actors.system("sla"))
    for language, words in [("en", "Automatic"), ("zh-hans", "系统")]:
        page = desk.get(address(ticket), headers={"accept-language": language}).content.decode()
        assert f"<b>{words}</b>" in page
        assert "<b>sla</b>" not in page


def test_quotations_are_folded(desk: Client, customer: Customer, ticket: Ticket) -> None:
    messages.customer_reply(ticket, body="Yes.\n> Did you <b>pay</b>?\nNo.", by=actors.customer(customer))
    page = text_of(desk, ticket)
    folded = re.search(r'<details class="ws-quoted">(.*?)</details>', page, re.DOTALL)
    assert folded is not None
    assert '<span class="ws-quoted-words">Did you &lt;b&gt;pay&lt;/b&gt;?</span>' in folded[1]
    assert page.index("Yes.") < page.index("Did you") < page.index("No.")


def test_long_messages_are_folded_whole(desk: Client, customer: Customer, ticket: Ticket) -> None:
    assert "ws-long" not in text_of(desk, ticket)
    body = "\n".join(f"line {place}" for place in range(1, 51))
    messages.customer_reply(ticket, body=body, by=actors.customer(customer))
    page = text_of(desk, ticket)
    assert "Show all 50 lines" in page
    assert "line 50" in page  # found by the browser's search, read by screen readers


def test_what_clocks_did_is_quieter_than_what_people_did(
    desk: Client, agent: User, customer: Customer, ticket: Ticket
) -> None:
    messages.reply(ticket, body="x", by=actors.staff(agent))
    tickets.set_priority(ticket, priority=Priority.HIGH, by=actors.staff(agent))
    page = text_of(desk, ticket)
    quiet = re.findall(r'<details class="ws-events ws-clockwork".*?</details>', page, re.DOTALL)
    assert "promise kept" in "".join(quiet)
    assert "priority" not in "".join(quiet)
    told = re.findall(r'<ul class="ws-events".*?</ul>', page, re.DOTALL)
    assert "priority: normal → high" in "".join(told)


def test_each_day_begins_with_its_date(desk: Client, customer: Customer, make_ticket: Make) -> None:
    with clock.frozen(MONDAY):
        ticket = make_ticket()
    for hours in (24, 25, 48):
        with clock.frozen(MONDAY + timedelta(hours=hours)):
            messages.customer_reply(ticket, body="x", by=actors.customer(customer))
    with clock.frozen(MONDAY + timedelta(hours=49)):
        page = text_of(desk, ticket)
    days = re.findall(r'id="ws-day-([\d-]+)"><span>(.*?)</span>', page)
    assert days == [("2026-03-02", "March 2, 2026"), ("2026-03-03", "Yesterday"), ("2026-03-04", "Today")]


# ── What is new ──────────────────────────────────────────────────────────────────────────────────────────────


def mark_in(page: str) -> int | None:
    """The message that the mark stands before."""
    _before, mark, after = page.partition('id="ws-new"')
    return numbers_in(after)[0] if mark else None


def test_the_first_new_message_is_marked(
    desk: Client, log_in: LogIn, second_agent: User, customer: Customer, ticket: Ticket
) -> None:
    assert mark_in(text_of(desk, ticket)) is None  # never here before: all of it is new
    assert mark_in(text_of(desk, ticket)) is None
    first = messages.customer_reply(ticket, body="1", by=actors.customer(customer))
    messages.customer_reply(ticket, body="2", by=actors.customer(customer))
    assert mark_in(text_of(desk, ticket)) == first.pk
    assert mark_in(text_of(desk, ticket)) is None  # seen by now
    assert mark_in(text_of(log_in(second_agent), ticket)) is None


def test_own_words_are_not_new(desk: Client, agent: User, customer: Customer, ticket: Ticket) -> None:
    text_of(desk, ticket)
    messages.note(ticket, body="mine", by=actors.staff(agent))
    assert mark_in(text_of(desk, ticket)) is None
    messages.note(ticket, body="mine", by=actors.staff(agent))
    theirs = messages.customer_reply(ticket, body="theirs", by=actors.customer(customer))
    assert mark_in(text_of(desk, ticket)) == theirs.pk


def test_marked_unread_by_hand_nothing_is_marked(desk: Client, agent: User, ticket: Ticket) -> None:
    text_of(desk, ticket)
    reading.mark_unread(agent, [ticket.pk])
    assert mark_in(text_of(desk, ticket)) is None


def test_the_mark_stays_while_the_page_does(desk: Client, customer: Customer, ticket: Ticket) -> None:
    text_of(desk, ticket)
    new = messages.customer_reply(ticket, body="1", by=actors.customer(customer))
    assert mark_in(text_of(desk, ticket)) == new.pk
    parts = desk.get(address(ticket, "live/"), headers={"x-conversation": f"0 {new.pk}"})
    assert mark_in(parts.content.decode()) == new.pk


# ── Earlier messages ─────────────────────────────────────────────────────────────────────────────────────────


def earlier(client: Client, ticket: Ticket, before: int | str) -> str:
    response = client.get(address(ticket, "earlier/"), {"before": before})
    assert response.status_code == 200
    return response.content.decode()


def test_earlier_ones_come_part_by_part(desk: Client, ticket: Ticket, long_one: list[int]) -> None:
    page = text_of(desk, ticket)
    assert numbers_in(page) == long_one[-4:]
    assert f"earlier/?before={long_one[-4]}" in page
    part = earlier(desk, ticket, long_one[-4])
    assert numbers_in(part) == long_one[2:6]
    assert "Show 2 earlier messages" in part
    last = earlier(desk, ticket, long_one[2])
    assert numbers_in(last) == long_one[:2]
    assert "ws-earlier" not in last


def test_each_thing_that_happened_is_told_once(desk: Client, ticket: Ticket, long_one: list[int]) -> None:
    parts = [earlier(desk, ticket, long_one[2]), earlier(desk, ticket, long_one[6]), text_of(desk, ticket)]
    told = re.findall(r"</b> tags: \+(t\d)", "".join(parts))
    assert told == [f"t{place}" for place in range(9)]


def test_what_was_asked_for_stays_when_the_page_is_drawn_anew(
    desk: Client, ticket: Ticket, long_one: list[int]
) -> None:
    parts = desk.get(address(ticket, "live/"), headers={"x-conversation": f"{long_one[2]} 0"})
    page = parts.content.decode()
    assert numbers_in(page) == long_one[2:]
    assert "Show 2 earlier messages" in page


@pytest.mark.parametrize("before", ["", "0", "x", "-1", "9" * 40, "१२", "1e3"])
def test_nonsense_finds_nothing(desk: Client, ticket: Ticket, before: str) -> None:
    assert numbers_in(earlier(desk, ticket, before)) == []


@pytest.mark.parametrize("said", ["", "x y", "1", "1 2 3", f"{'9' * 40} 0", "999999999 0", "-1 0"])
def test_a_window_that_makes_no_sense(desk: Client, ticket: Ticket, long_one: list[int], said: str) -> None:
    parts = desk.get(address(ticket, "live/"), headers={"x-conversation": said})
    assert numbers_in(parts.content.decode()) == long_one[-4:]


@pytest.mark.parametrize("who", ["other_brand_agent", "other_team_agent"])
def test_strangers(log_in: LogIn, request: pytest.FixtureRequest, ticket: Ticket, who: str) -> None:
    client = log_in(request.getfixturevalue(who))
    assert client.get(address(ticket, "earlier/"), {"before": 99999}).status_code == 404
    assert client.get(address(ticket, "articles/fitting/")).status_code == 404

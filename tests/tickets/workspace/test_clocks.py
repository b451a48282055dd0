"""The promises of a case on its page, and why each falls due when it does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from accounts.models import Brand, User
from helpdesk.lib import clock
from tests.tickets.workspace.conftest import LogIn
from tests.times import shanghai
from tickets import actors
from tickets.actions.messages import customer_reply, reply
from tickets.actions.tickets import mark_complaint
from tickets.choices import BreachCause, Counting, Status, TimerKind
from tickets.models import Calendar, CalendarHours, SlaPolicy, SlaTarget, Ticket, Timer

MakeTicket = Callable[..., Ticket]
HTMX = {"HX-Request": "true"}
CHINESE = {"accept-language": "zh-hans"}


@pytest.fixture
def opened(make_ticket: MakeTicket, agent: User) -> Ticket:
    """A complaint of Friday at 17:40: an hour for the first reply, eight for the solution, five days by law."""
    law = SlaPolicy.objects.create(
        name="Complaints Act", is_statutory=True, complaints="only", pauses_on=[], position=1
    )
    SlaTarget.objects.create(
        policy=law, kind=TimerKind.RESOLUTION, minutes=5 * 1440, counting=Counting.ELAPSED
    )
    with clock.frozen(shanghai(6, 17, 40)):
        ticket = make_ticket()
        mark_complaint(ticket, is_complaint=True, by=actors.staff(agent))
    return ticket


def address(ticket: Ticket, rest: str = "") -> str:
    return f"/admin/tickets/{ticket.number}/{rest}"


def of_kind(ticket: Ticket, kind: TimerKind, *, by_law: bool = False) -> Timer:
    return Timer.objects.get(ticket=ticket, kind=kind, is_statutory=by_law)


def words(client: Client, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def panel(client: Client, ticket: Ticket, **headers: str) -> str:
    page = client.get(address(ticket), headers=headers).content.decode()
    found = re.search(r'<details class="ws-card ws-promises".*?<p class="ws-promises-all">', page, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_the_panel_tells_of_every_promise(desk: Client, opened: Ticket) -> None:
    with clock.frozen(shanghai(9, 9, 10)):
        text = panel(desk, opened)
    assert re.search(r"first reply in 30 min March 9, 2026.*?\(CST\) 1 working hour \(Standard\)", text)
    assert "8 working hours (Standard)" in text
    assert "solution required by law in 2 d 8 h" in text
    assert "5 days by the clock (Complaints Act)" in text
    assert text.count("Why this time?") == 3


def test_what_is_paused_kept_and_broken(desk: Client, opened: Ticket, agent: User) -> None:
    with clock.frozen(shanghai(9, 10)):
        reply(opened, body="Which card was it?", by=actors.staff(agent), then=Status.PENDING)
    with clock.frozen(shanghai(12, 10)):
        text = panel(desk, opened)
    assert "done, too late" in text
    cause = BreachCause(of_kind(opened, TimerKind.FIRST_RESPONSE).breach_cause)
    assert f"Broken because: {cause.label}" in text
    assert "paused: waiting for the customer, 6 h 40 min left" in text
    assert re.search(r"solution required by law error 16 h 20 min overdue", text), "the law waits for nobody"


def test_kept(desk: Client, opened: Ticket, agent: User) -> None:
    with clock.frozen(shanghai(9, 9, 10)):
        reply(opened, body="We look into it.", by=actors.staff(agent))
        assert "check_circle kept March 9, 2026" in panel(desk, opened)


def test_the_head_names_what_is_still_owed(desk: Client, opened: Ticket, agent: User) -> None:
    with clock.frozen(shanghai(9, 9, 10)):
        reply(opened, body="We look into it.", by=actors.staff(agent))
        page = desk.get(address(opened)).content.decode()
    head = page.partition('class="ws-head-clocks"')[2].partition("<h1>")[0]
    assert re.findall(r'class="ws-clock-name">([^<]+)<', head) == ["solution", "law"]


def test_why_this_time_as_a_part_of_the_page(desk: Client, opened: Ticket) -> None:
    timer = of_kind(opened, TimerKind.FIRST_RESPONSE)
    with clock.frozen(shanghai(9, 9, 10)):
        response = desk.get(address(opened, f"clocks/{timer.pk}/"), headers=HTMX)
        page = response.content.decode()
    assert "<html" not in page
    assert response["Cache-Control"] == "no-store"
    assert "1 working hour from Fri 6 Mar 17:40, without Sat and Sun: Mon 9 Mar 09:40" in page
    assert "opened Fri 6 Mar 17:40 (Shanghai time)" in page, "the zone is named"
    kinds = re.findall(r'class="ws-line ws-line-(\w+) ws-line-(\w+)', page)
    assert kinds[:2] == [("started", "past"), ("worked", "past")]
    assert ("closed", "past") in kinds
    assert kinds[-2:] == [("worked", "ahead"), ("due", "ahead")] or kinds[-1][0] == "due"


def test_without_javascript_it_is_a_page(desk: Client, opened: Ticket) -> None:
    timer = of_kind(opened, TimerKind.FIRST_RESPONSE)
    page = desk.get(address(opened, f"clocks/{timer.pk}/")).content.decode()
    assert "<html" in page
    assert page.count('class="ws-working"') == 1
    assert f'href="{address(opened)}"' in page, "back to the case"


def test_all_of_them_on_one_page(desk: Client, opened: Ticket) -> None:
    page = desk.get(address(opened, "clocks/")).content.decode()
    assert page.count('class="ws-working"') == 3
    assert "required by law" in page


def test_in_chinese(desk: Client, opened: Ticket) -> None:
    with clock.frozen(shanghai(9, 9, 10)):
        assert "首次回复" in panel(desk, opened, **CHINESE)
        assert "首次回复" in words(desk, address(opened, "clocks/"), **CHINESE)


def test_hours_that_were_edited_since(desk: Client, opened: Ticket, brand: Brand) -> None:
    CalendarHours.objects.filter(calendar=brand.calendar, weekday=0).update(opens=time(10))
    Calendar.objects.filter(pk=brand.calendar.pk).update(changed_at=shanghai(7, 12))
    text = "The hours were edited since; the time given to the customer stays."
    with clock.frozen(shanghai(9, 9, 10)):
        assert text in words(desk, address(opened, "clocks/"))
        assert "in 30 min" in panel(desk, opened), "as it was promised"


def test_strangers_and_clocks_of_other_cases_are_not_there(
    desk: Client,
    log_in: LogIn,
    opened: Ticket,
    make_ticket: MakeTicket,
    other_team_agent: User,
    other_brand_agent: User,
) -> None:
    timer = of_kind(opened, TimerKind.FIRST_RESPONSE)
    for stranger in (other_team_agent, other_brand_agent):
        client = log_in(stranger)
        assert client.get(address(opened, "clocks/")).status_code == 404
        assert client.get(address(opened, f"clocks/{timer.pk}/")).status_code == 404
    assert desk.get(address(make_ticket(), f"clocks/{timer.pk}/")).status_code == 404
    assert desk.get(address(opened, "clocks/999999999/")).status_code == 404


def test_the_officer_may_look(log_in: LogIn, officer: User, opened: Ticket) -> None:
    assert log_in(officer).get(address(opened, "clocks/")).status_code == 200


def test_what_policies_are_called_is_shown_as_text(desk: Client, opened: Ticket) -> None:
    SlaPolicy.objects.update(name="<b>Fast</b>")
    page = desk.get(address(opened)).content.decode() + desk.get(address(opened, "clocks/")).content.decode()
    assert "<b>Fast" not in page


def test_queries_do_not_grow_with_clocks(
    desk: Client,
    opened: Ticket,
    agent: User,
    policy: SlaPolicy,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    SlaTarget.objects.create(policy=policy, kind=TimerKind.NEXT_RESPONSE, minutes=60)
    reply(opened, body="We look into it.", by=actors.staff(agent))
    desk.get(address(opened))
    with CaptureQueriesContext(connection) as ran:
        desk.get(address(opened))
        few = len(ran)
    for _ in range(3):
        customer_reply(opened, body="When will it arrive?", by=actors.customer(opened.customer))
        reply(opened, body="Soon.", by=actors.staff(agent))
    with django_assert_max_num_queries(few):
        desk.get(address(opened))
    # Session, person, brands, teams, case, clocks; their events, and calendars with hours and exceptions.
    with django_assert_max_num_queries(10):
        desk.get(address(opened, "clocks/"))

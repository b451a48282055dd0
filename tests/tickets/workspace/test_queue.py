"""The queue as a page: rows, views, filters, search box, take next."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Customer, User
from helpdesk.lib import clock
from tests.tickets.workspace.conftest import LogIn
from tests.times import shanghai
from tickets import actors
from tickets.actions import assignment, messages, status
from tickets.actions.tickets import mark_complaint, set_priority
from tickets.choices import Priority, Status, TimerKind
from tickets.models import SlaPolicy, SlaTarget, Ticket

QUEUE = "/admin/queue/"
HTMX = {"HX-Request": "true"}
Make = Callable[..., Ticket]


def numbers_on(page: str) -> list[str]:
    return re.findall(r'class="ws-open" href="/admin/tickets/([0-9A-Z]{9})/"', page)


def due_cell(page: str) -> str:
    found = re.search(r'<td class="ws-col-due">.*?</td>', page, re.DOTALL)
    assert found is not None
    return found[0]


def text_in(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_it_works(desk: Client, ticket: Ticket) -> None:
    page = desk.get(QUEUE, {"view": "all"}).content.decode()
    for text in (
        ticket.display_number,
        ticket.subject,
        "王小明",
        "Withdrawal",
        "new",
        "normal",
        "nobody",
        "BTP Wallet",
    ):
        assert text in page
    assert "很着急" in page, "the excerpt"
    assert 'id="nav-sidebar"' in page, "inside the admin's shell"


def test_the_front_of_the_admin_site_is_the_queue(desk: Client) -> None:
    response = desk.get("/admin/")
    assert response.status_code == 302
    assert response["Location"] == QUEUE


def test_a_guest_is_asked_to_log_in(client: Client) -> None:
    assert client.get(QUEUE)["Location"].startswith("/accounts/login/?next=/admin/queue/")


def test_a_guest_with_an_old_page_is_sent_to_the_log_in(client: Client) -> None:
    response = client.get(QUEUE, headers={**HTMX, "HX-Current-URL": "/admin/queue/?view=due"})
    assert response.status_code == 204
    assert response["HX-Redirect"].startswith("/accounts/login/")


def test_customers_may_not_enter(log_in: LogIn, member: Customer) -> None:
    assert member.user is not None
    assert log_in(member.user).get(QUEUE).status_code == 403


def test_views_and_their_counts(desk: Client, agent: User, make_ticket: Make) -> None:
    mine, other = make_ticket(), make_ticket()
    assignment.take(mine, by=actors.staff(agent))
    page = desk.get(QUEUE).content.decode()
    assert numbers_on(page) == [mine.number], "an agent begins with what is theirs"
    assert re.search(
        r'aria-current="page"><span [^>]*title="Mine">Mine</span> <span class="ws-count"[^>]*>1<', page
    )
    assert re.search(r'All open</span> <span class="ws-count">2<', page)
    assert numbers_on(desk.get(QUEUE, {"view": "unassigned"}).content.decode()) == [other.number]


def test_htmx_gets_the_part_alone(desk: Client, ticket: Ticket) -> None:
    response = desk.get(QUEUE, {"view": "all", "status": "", "tag": ""}, headers=HTMX)
    page = response.content.decode()
    assert numbers_on(page) == [ticket.number]
    assert "<html" not in page
    assert response["HX-Push-Url"] == "/admin/queue/?view=all"
    assert "HX-Request" in response["Vary"]


def test_a_filter_is_a_chip_that_can_be_removed(desk: Client, agent: User, make_ticket: Make) -> None:
    urgent, _other = make_ticket(), make_ticket()
    set_priority(urgent, priority=Priority.URGENT, by=actors.staff(agent))
    page = desk.get(QUEUE, {"view": "all", "priority": "urgent", "channel": "web"}).content.decode()
    assert numbers_on(page) == [urgent.number]
    assert 'href="/admin/queue/?view=all&amp;channel=web"' in page
    assert "Remove the filter Priority" in page


@pytest.mark.parametrize(
    "query",
    [
        {"view": "x"},
        {"status": "x", "priority": "x", "category": "x", "brand": "-1", "assignee": "x", "channel": "x"},
        {"sort": "password"},
        {"after": "x.y"},
        {"category": "9" * 40, "assignee": "²"},
        {"q": "\x00'"},
    ],
)
def test_nonsense_is_left_out(desk: Client, ticket: Ticket, query: dict[str, str]) -> None:
    assert desk.get(QUEUE, query).status_code == 200


def test_sorting(desk: Client, agent: User, make_ticket: Make) -> None:
    low, urgent = make_ticket(priority=Priority.LOW), make_ticket(priority=Priority.URGENT)
    page = desk.get(QUEUE, {"view": "all", "sort": "priority"}).content.decode()
    assert numbers_on(page) == [low.number, urgent.number]
    assert 'aria-sort="ascending"' in page
    assert "sort=-priority" in page, "another click turns it around"
    page = desk.get(QUEUE, {"view": "all", "sort": "-priority"}).content.decode()
    assert numbers_on(page) == [urgent.number, low.number]


def test_next_page(desk: Client, make_ticket: Make) -> None:
    for _ in range(33):
        make_ticket()
    first = desk.get(QUEUE, {"view": "all"}).content.decode()
    found = re.search(r'rel="next" href="([^"]+)"', first)
    assert found is not None
    second = desk.get(found[1].replace("&amp;", "&")).content.decode()
    assert len(numbers_on(first)) == 30
    assert len(set(numbers_on(first) + numbers_on(second))) == 33
    assert "Back to the first" in second


def test_the_customer_waits_until_somebody_answers(
    desk: Client, agent: User, customer: Customer, ticket: Ticket
) -> None:
    def waits() -> bool:
        return "The customer waits for an answer" in desk.get(QUEUE, {"view": "all"}).content.decode()

    assert waits()
    messages.reply(ticket, body="ok", by=actors.staff(agent))
    assert not waits()
    messages.customer_reply(ticket, body="?", by=actors.customer(customer))
    assert waits()


def test_the_nearest_promise_is_counted_down(desk: Client, make_ticket: Make) -> None:
    with clock.frozen(shanghai(2, 10)):
        ticket = make_ticket()
    with clock.frozen(shanghai(2, 10, 48)):
        cell = due_cell(desk.get(QUEUE, {"view": "all"}).content.decode())
    assert re.search(
        r'<time class="ws-left ws-due-soon" datetime="2026-03-02T03:00:00\+00:00" title="[^"]+" data-left>in 12 m',
        cell,
    )
    assert text_in(cell) == "in 12 min reply first reply", "the sign, and its words"
    ticket.refresh_from_db()
    with clock.frozen(shanghai(2, 11, 15)):
        page = desk.get(QUEUE, {"view": "all"}).content.decode()
    assert text_in(due_cell(page)) == "15 min overdue reply first reply"
    assert "ws-due-over" in due_cell(page)
    assert f'data-now="{round(shanghai(2, 11, 15).timestamp() * 1000)}"' in page


def test_a_clock_of_the_law_is_told_as_such(desk: Client, agent: User, make_ticket: Make) -> None:
    law = SlaPolicy.objects.create(
        name="Fifteen days", is_statutory=True, pauses_on=[], complaints="only", position=1
    )
    SlaTarget.objects.create(policy=law, kind=TimerKind.RESOLUTION, minutes=30, counting="elapsed")
    with clock.frozen(shanghai(2, 10)):
        mark_complaint(make_ticket(), is_complaint=True, by=actors.staff(agent))
        page = desk.get(QUEUE, {"view": "all"}).content.decode()
    assert text_in(due_cell(page)) == "in 30 min gavel law"
    assert re.search(r'class="ws-complaint">.*?complaint</span>', page)


@pytest.mark.parametrize(
    ("to", "why"),
    [(Status.PENDING, "waiting for the customer"), (Status.ON_HOLD, "waiting for a third party")],
)
def test_a_paused_clock_says_why_and_what_is_left(
    desk: Client, agent: User, make_ticket: Make, to: Status, why: str
) -> None:
    SlaPolicy.objects.update(pauses_on=[Status.PENDING, Status.ON_HOLD])
    with clock.frozen(shanghai(2, 10)):
        ticket = make_ticket()
    with clock.frozen(shanghai(2, 10, 20)):
        status.change_status(ticket, to=to, by=actors.staff(agent))
        cell = due_cell(desk.get(QUEUE, {"view": "all"}).content.decode())
    assert text_in(cell) == f"pause_circle paused: {why}, 40 min left"
    assert "data-left" not in cell


def test_paused_ones_come_after_the_running(desk: Client, agent: User, make_ticket: Make) -> None:
    paused, running = make_ticket(), make_ticket()
    status.change_status(paused, to=Status.PENDING, by=actors.staff(agent))
    page = desk.get(QUEUE, {"view": "all"}).content.decode()
    assert numbers_on(page) == [running.number, paused.number]


def test_in_chinese(desk: Client, make_ticket: Make) -> None:
    make_ticket()
    page = desk.get(QUEUE, {"view": "all"}, headers={"accept-language": "zh-hans"}).content.decode()
    assert "首次回复" in due_cell(page)


def test_search(desk: Client, agent: User, make_ticket: Make) -> None:
    found = make_ticket(subject="冻结账户")
    make_ticket(subject="提现")
    status.change_status(found, to=Status.SOLVED, by=actors.staff(agent))
    page = desk.get(QUEUE, {"q": "冻结", "view": "mine"}).content.decode()
    assert numbers_on(page) == [found.number], "in every view and status"
    assert 'value="冻结"' in page


def test_search_with_a_filter(desk: Client, make_ticket: Make) -> None:
    make_ticket(subject="冻结")
    urgent = make_ticket(subject="冻结", priority=Priority.URGENT)
    page = desk.get(QUEUE, {"q": "冻结", "priority": "urgent"}).content.decode()
    assert numbers_on(page) == [urgent.number]


def test_a_number_jumps_to_its_ticket(desk: Client, ticket: Ticket) -> None:
    response = desk.get(QUEUE, {"q": ticket.display_number.lower()})
    assert response["Location"] == f"/admin/tickets/{ticket.number}/"
    response = desk.get(QUEUE, {"q": ticket.number}, headers=HTMX)
    assert response["HX-Redirect"] == f"/admin/tickets/{ticket.number}/"


def test_a_strangers_number_is_not_found(log_in: LogIn, other_brand_agent: User, ticket: Ticket) -> None:
    response = log_in(other_brand_agent).get(QUEUE, {"q": ticket.number})
    assert response.status_code == 200
    assert "No ticket that you may see" in response.content.decode()


def test_what_people_write_is_shown_as_text(desk: Client, make_ticket: Make) -> None:
    make_ticket(subject="<script>alert(1)</script>", body="<img src=x>", tags=["<b>"])
    page = desk.get(QUEUE, {"view": "all", "q": "<i>"}).content.decode()
    page += desk.get(QUEUE, {"view": "all"}).content.decode()
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<b>" not in page.partition("<table")[2]
    assert "<i>" not in page


def test_take_next(desk: Client, agent: User, ticket: Ticket) -> None:
    response = desk.post("/admin/queue/take-next/")
    assert response["Location"] == f"/admin/tickets/{ticket.number}/?by=next"
    ticket.refresh_from_db()
    assert ticket.assignee == agent
    page = desk.post("/admin/queue/take-next/", follow=True).content.decode()
    assert "Nothing is waiting that you could take" in page


def test_the_officer_watches_and_takes_nothing(log_in: LogIn, officer: User, ticket: Ticket) -> None:
    client = log_in(officer)
    page = client.get(QUEUE, {"view": "all"}).content.decode()
    assert numbers_on(page) == [ticket.number]
    assert "Take next" not in page
    assert client.post("/admin/queue/take-next/").status_code == 403


@pytest.mark.parametrize(
    ("query", "most"),
    [
        # Person, teams, kept views, brands, the dated, the others, the rows, clocks, what is unread, and notices.
        ({"view": "all"}, 10),
        # Of a search: how many it may find (two), their ids, what of them is seen, messages and files for excerpts;
        # and that it was made, for the read log.
        ({"q": "提现"}, 15),
    ],
    ids=["view", "search"],
)
def test_queries_do_not_grow_with_rows(
    desk: Client,
    make_ticket: Make,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    query: dict[str, str],
    most: int,
) -> None:
    make_ticket()
    desk.get(QUEUE, query)  # what is remembered for a minute is there now
    for rows in (5, 30):
        while Ticket.objects.count() < rows:
            make_ticket()
        with django_assert_max_num_queries(most):
            assert desk.get(QUEUE, query).status_code == 200


def test_no_inline_script_or_style(desk: Client, ticket: Ticket) -> None:
    """Beside the theme's own colours and Alpine's attributes, which the admin's policy allows."""
    for address in (QUEUE, f"/admin/tickets/{ticket.number}/", "/admin/tickets/new/"):
        page = desk.get(address).content.decode()
        assert re.findall(r"<script(?![^>]* src=)", page) == []
        assert re.findall(r"\son\w+=", page) == []
        assert re.findall(r"\sstyle=", page) == []

"""What keeps an open queue up to date: rows, counts, marks."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from accounts.models import User
from tests.tickets.workspace.conftest import LogIn
from tickets import actors
from tickets.actions import assignment, status
from tickets.actions.tickets import set_priority
from tickets.choices import Priority, Status
from tickets.models import SavedView, Ticket, TicketRead

QUEUE = "/admin/queue/"
HTMX = {"HX-Request": "true"}
Make = Callable[..., Ticket]


def test_rows_as_they_are_now(desk: Client, agent: User, make_ticket: Make) -> None:
    stays, leaves = make_ticket(), make_ticket()
    set_priority(stays, priority=Priority.URGENT, by=actors.staff(agent))
    status.change_status(leaves, to=Status.SOLVED, by=actors.staff(agent))
    asked = {"view": "all", "numbers": f"{stays.number},{leaves.number},NONSENSE,{stays.number}"}
    answer = desk.get(f"{QUEUE}rows/", asked).json()
    assert list(answer["rows"]) == [stays.number]
    assert answer["gone"] == [leaves.number]
    stays.refresh_from_db()
    row = answer["rows"][stays.number]
    assert row.startswith(
        f'<tr class="ws-row ws-unread" id="ws-row-{stays.number}" data-ticket="{stays.number}"'
    )
    assert f'data-version="{stays.version}"' in row
    assert "urgent" in row
    assert f'name="ticket" value="{stays.number}" form="ws-bulk" class="ws-pick"' in row
    page = desk.get(QUEUE, {"view": "all"}).content.decode()
    assert row.strip() in page, "the same row as on the page"


def test_what_may_not_be_seen_is_gone(log_in: LogIn, other_brand_agent: User, ticket: Ticket) -> None:
    answer = log_in(other_brand_agent).get(f"{QUEUE}rows/", {"view": "all", "numbers": ticket.number}).json()
    assert (answer["rows"], answer["gone"]) == ({}, [ticket.number])


def test_rows_of_a_search(desk: Client, make_ticket: Make) -> None:
    found, other = make_ticket(subject="冻结账户"), make_ticket(subject="提现")
    answer = desk.get(f"{QUEUE}rows/", {"q": "冻结", "numbers": f"{found.number},{other.number}"}).json()
    assert (list(answer["rows"]), answer["gone"]) == ([found.number], [other.number])


def test_counts(desk: Client, agent: User, make_ticket: Make) -> None:
    assignment.take(make_ticket(), by=actors.staff(agent))
    make_ticket()
    view = SavedView.objects.create(owner=agent, name="x", conditions={"assignee": ["me"]})
    words = SavedView.objects.create(owner=agent, name="y", q="提现")
    counts = desk.get(f"{QUEUE}counts/").json()["counts"]
    assert counts["all"] == "2"
    assert counts["mine"] == counts[f"v{view.pk}"] == "1"
    assert counts[f"v{words.pk}"] == ""


def test_opening_a_ticket_reads_it(desk: Client, agent: User, ticket: Ticket) -> None:
    assert "ws-unread" in desk.get(QUEUE, {"view": "all"}).content.decode()
    desk.get(f"/admin/tickets/{ticket.number}/")
    page = desk.get(QUEUE, {"view": "all"}).content.decode()
    assert "ws-unread" not in page
    assert "Read: mark as unread" in page


def test_marking_in_the_queue(desk: Client, agent: User, ticket: Ticket) -> None:
    row = desk.post(
        f"{QUEUE}marks/", {"read": ticket.number, "query": "view=all"}, headers=HTMX
    ).content.decode()
    assert row.strip().startswith("<tr")
    assert "ws-unread" not in row
    response = desk.post(f"{QUEUE}marks/", {"unread": ticket.number, "query": "view=all"})
    assert response["Location"] == "/admin/queue/?view=all", "without a script"
    assert "ws-unread" in desk.get(QUEUE, {"view": "all"}).content.decode()


def test_marking_what_may_not_be_seen_does_nothing(
    log_in: LogIn, other_brand_agent: User, ticket: Ticket
) -> None:
    log_in(other_brand_agent).post(f"{QUEUE}marks/", {"read": [ticket.number, "x"]})
    assert not TicketRead.objects.exists()


def test_who_only_watches_chooses_no_rows(log_in: LogIn, officer: User, ticket: Ticket) -> None:
    page = log_in(officer).get(QUEUE, {"view": "all"}).content.decode()
    assert 'ws-pick"' not in page
    assert 'class="ws-mark"' in page

"""Filters as chips and in their panel, columns, density."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.tickets.workspace.conftest import LogIn
from tickets import actors
from tickets.actions import assignment
from tickets.choices import Priority
from tickets.models import SavedView, Ticket
from tickets.rules.queue import COLUMNS, FILTERS, ORDERS

QUEUE = "/admin/queue/"
HTMX = {"HX-Request": "true"}
Make = Callable[..., Ticket]


def numbers_on(page: str) -> list[str]:
    return re.findall(r'class="ws-open" href="/admin/tickets/([0-9A-Z]{9})/"', page)


def chips_on(page: str) -> list[str]:
    found = re.findall(
        r'<li class="ws-chip"><span class="ws-chip-name">(.*?)</span> (.*?)<a href="(.*?)"', page
    )
    return [f"{name}: {label} -> {without.replace('&amp;', '&')}" for name, label, without in found]


def test_many_filters_with_many_values(desk: Client, agent: User, make_ticket: Make) -> None:
    low, urgent, _normal = (
        make_ticket(priority=Priority.LOW),
        make_ticket(priority=Priority.URGENT),
        make_ticket(),
    )
    assignment.take(urgent, by=actors.staff(agent))
    asked = {"view": "all", "priority": "low,urgent", "assignee": ["me", "none"]}
    page = desk.get(QUEUE, asked).content.decode()
    assert set(numbers_on(page)) == {low.number, urgent.number}
    assert chips_on(page) == [
        "Priority: low -> /admin/queue/?view=all&priority=urgent&assignee=me,none",
        "Priority: urgent -> /admin/queue/?view=all&priority=low&assignee=me,none",
        "Assignee: me -> /admin/queue/?view=all&priority=low,urgent&assignee=none",
        "Assignee: nobody -> /admin/queue/?view=all&priority=low,urgent&assignee=me",
    ]
    assert re.search(r'class="ws-link ws-clear" href="/admin/queue/\?view=all"', page)
    assert 'aria-label="Remove the filter Priority: low"' in page


def test_every_filter_is_offered_in_both_languages(desk: Client, ticket: Ticket) -> None:
    for language in ("en", "zh-hans"):
        headers = {**HTMX, "accept-language": language}
        page = desk.get(
            f"{QUEUE}filters/", {"view": "all", "status": "new"}, headers=headers
        ).content.decode()
        assert offered(page) == set(FILTERS) - {"customer"}, "customers are too many to choose from"
        assert re.search(r'name="status" value="new" checked', page)
        asked = {"view": "all", "customer": str(ticket.customer_id)}
        page = desk.get(f"{QUEUE}filters/", asked, headers=headers).content.decode()
        assert offered(page) == set(FILTERS), "but one who was chosen can be taken off"


def offered(page: str) -> set[str]:
    return set(re.findall(r'fieldset class="ws-offer" data-name="(\w+)"', page))


def test_the_panel_without_a_script_is_a_page_of_its_own(desk: Client, ticket: Ticket) -> None:
    page = desk.get(f"{QUEUE}filters/", {"view": "team", "sort": "-opened"}).content.decode()
    assert 'id="nav-sidebar"' in page
    assert '<input type="hidden" name="view" value="team">' in page
    assert '<input type="hidden" name="sort" value="-opened">' in page


def test_a_filter_of_a_kept_view_can_be_taken_off(desk: Client, agent: User, make_ticket: Make) -> None:
    urgent, low = make_ticket(priority=Priority.URGENT), make_ticket(priority=Priority.LOW)
    view = SavedView.objects.create(owner=agent, name="Hot", conditions={"priority": ["urgent"]})
    page = desk.get(QUEUE, {"view": f"v{view.pk}"}).content.decode()
    assert numbers_on(page) == [urgent.number]
    assert chips_on(page) == [f"Priority: urgent -> /admin/queue/?view=v{view.pk}&priority="]
    page = desk.get(QUEUE, {"view": f"v{view.pk}", "priority": ""}).content.decode()
    assert set(numbers_on(page)) == {urgent.number, low.number}
    page = desk.get(QUEUE, {"view": f"v{view.pk}", "priority": "low"}).content.decode()
    assert numbers_on(page) == [low.number], "the address says otherwise than the view"
    form = desk.get(f"{QUEUE}filters/", {"view": f"v{view.pk}"}, headers=HTMX).content.decode()
    assert '<input type="hidden" name="priority" value="">' in form, "or nothing could be unticked"


@pytest.mark.parametrize("query", ["tag=<b>x", "opened_since=2026-03-01", "due=4h", "status=any", "team=99"])
def test_any_filter_may_be_shown(desk: Client, ticket: Ticket, query: str) -> None:
    page = desk.get(f"{QUEUE}?view=all&{query}").content.decode()
    assert len(chips_on(page)) == 1
    assert "<b>x" not in page
    assert desk.get(f"{QUEUE}filters/?view=all&{query}").status_code == 200


def test_every_column_can_be_shown_and_sorted(desk: Client, make_ticket: Make) -> None:
    ticket = make_ticket(tags=["vip"])
    page = desk.get(QUEUE, {"view": "all", "columns": ",".join(COLUMNS)}).content.decode()
    assert re.findall(r'<th scope="col" class="ws-col-(\w+)"', page)[1:] == list(COLUMNS)
    assert "Funds" in page
    assert page.count('id="ws-sort-') == len(COLUMNS), "each head is a link"
    for order in ORDERS:
        for sign in ("", "-"):
            page = desk.get(
                QUEUE, {"view": "all", "columns": ",".join(COLUMNS), "sort": sign + order}
            ).content.decode()
            assert numbers_on(page) == [ticket.number]
            assert f'aria-sort="{"descending" if sign else "ascending"}"' in page


def test_columns_are_kept_for_the_person(desk: Client, agent: User, ticket: Ticket) -> None:
    form = desk.get(f"{QUEUE}columns/", headers=HTMX).content.decode()
    assert form.index('name="order" value="number"') < form.index('name="order" value="team"')
    order = ["team", "subject", "number"]
    response = desk.post(
        f"{QUEUE}columns/", {"query": "view=all", "columns": ["number", "team"], "order": order}
    )
    assert response["Location"] == "/admin/queue/?view=all"
    page = desk.get(QUEUE, {"view": "all"}).content.decode()
    assert re.findall(r'<th scope="col" class="ws-col-(\w+)"', page)[1:] == ["team", "subject", "number"]
    desk.post(f"{QUEUE}columns/", {"query": "view=all", "usual": "1"})
    agent.refresh_from_db()
    assert agent.queue_columns == []


def test_a_column_moves_before_anything_is_kept(desk: Client, agent: User) -> None:
    asked = {"query": "view=all", "columns": ["subject"], "order": ["number", "subject"], "up": "subject"}
    form = desk.post(f"{QUEUE}columns/", asked, headers=HTMX).content.decode()
    assert form.index('name="order" value="subject"') < form.index('name="order" value="number"')
    assert not re.search(r'name="columns" value="number" checked', form)
    agent.refresh_from_db()
    assert agent.queue_columns == []


def test_columns_of_a_view(desk: Client, agent: User, manager: User, log_in: LogIn, ticket: Ticket) -> None:
    own = SavedView.objects.create(owner=agent, name="Mine")
    desk.post(f"{QUEUE}columns/", {"query": f"view=v{own.pk}", "columns": "due", "order": ["due", "subject"]})
    own.refresh_from_db()
    assert own.columns == ["due", "subject"]
    shared = SavedView.objects.create(owner=manager, name="All", is_shared=True)
    asked = {"query": f"view=v{shared.pk}", "columns": "due", "order": ["due", "subject"]}
    response = desk.post(f"{QUEUE}columns/", asked)
    assert response["Location"] == f"/admin/queue/?view=v{shared.pk}&columns=due,subject"
    shared.refresh_from_db()
    agent.refresh_from_db()
    assert shared.columns == agent.queue_columns == []


def test_density_is_kept_on_the_server(desk: Client, agent: User, ticket: Ticket) -> None:
    response = desk.post(f"{QUEUE}density/", {"density": "compact", "query": "view=all&priority=low"})
    assert response["Location"] == "/admin/queue/?view=all&priority=low"
    assert "ws-compact" in desk.get(QUEUE, {"view": "all"}).content.decode()
    desk.post(f"{QUEUE}density/", {"density": "nonsense"})
    agent.refresh_from_db()
    assert agent.density == "compact"


def test_too_many_to_sort_is_said(desk: Client, ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tickets.queries.queue.paging.FEW", 0)
    page = desk.get(QUEUE, {"view": "all", "status": "any", "sort": "subject"}).content.decode()
    assert numbers_on(page) == [ticket.number]
    assert "Too many tickets to sort them in this way" in page


@pytest.mark.parametrize("sort", ["due", "-category", "assignee", "customer"])
def test_the_pages_questions_are_counted(
    desk: Client,
    agent: User,
    make_ticket: Make,
    sort: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """With kept views, filters and any order: the same few, however many rows."""
    for number in range(3):
        SavedView.objects.create(owner=agent, name=f"v{number}", conditions={"priority": ["urgent"]})
    query = {"view": "all", "status": "new,open", "priority": "normal", "sort": sort}
    make_ticket()
    desk.get(QUEUE, query)
    while Ticket.objects.count() < 12:
        make_ticket()
    # session, person, brands, teams, kept views; few or many, their order, walk; the rows, clocks, what is unread
    with django_assert_max_num_queries(12):
        page = desk.get(QUEUE, query).content.decode()
    assert len(numbers_on(page)) == 12

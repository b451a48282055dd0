"""Kept views as pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Team, User
from tests.tickets.workspace.conftest import LogIn
from tickets.choices import Priority
from tickets.models import SavedView, Ticket

QUEUE = "/admin/queue/"
VIEWS = "/admin/queue/views/"
HTMX = {"HX-Request": "true"}
Make = Callable[..., Ticket]


def numbers_on(page: str) -> list[str]:
    return re.findall(r'class="ws-open" href="/admin/tickets/([0-9A-Z]{9})/"', page)


def test_keep_the_present_address_as_a_view(desk: Client, agent: User, make_ticket: Make) -> None:
    urgent, _other = make_ticket(priority=Priority.URGENT), make_ticket()
    query = "view=team&priority=urgent,low&sort=-opened"
    page = desk.get(f"{QUEUE}?{query}").content.decode()
    assert f'href="{VIEWS}new/?view=team&amp;priority=urgent,low&amp;sort=-opened"' in page
    assert 'name="audience"' not in desk.get(f"{VIEWS}new/?{query}").content.decode(), (
        "an agent shares nothing"
    )
    response = desk.post(f"{VIEWS}new/", {"name": "Hot", "query": query}, headers=HTMX)
    view = SavedView.objects.get()
    assert response["HX-Redirect"] == f"{QUEUE}?view=v{view.pk}"
    assert view.conditions == {"view": ["team"], "priority": ["urgent", "low"]}
    page = desk.get(response["HX-Redirect"]).content.decode()
    assert numbers_on(page) == [urgent.number]
    assert re.search(r'aria-current="page"><span [^>]*title="Hot">Hot</span> <span class="ws-count">1<', page)
    assert "Keep as a view" not in page, "nothing has changed"


def test_sorting_where_the_table_has_no_heads(desk: Client, make_ticket: Make) -> None:
    """The same addresses, and which order holds."""
    make_ticket()
    page = desk.get(f"{QUEUE}?view=all&sort=-subject").content.decode()
    heads = re.findall(r'id="ws-sort-\w+" href="([^"]+)"', page)
    choice = page[page.index('<details class="ws-sort">') : page.index("</details>", page.index("ws-sort"))]
    assert re.findall(r' href="([^"]+)"', choice) == heads
    assert "Sort by Subject ↓</summary>" in choice
    assert choice.count("aria-current") == 1
    assert 'class="ws-sort"' not in desk.get(f"{QUEUE}?q=money").content.decode(), (
        "words have their own order"
    )


def test_a_nameless_view_is_refused_with_what_was_typed(desk: Client, agent: User) -> None:
    response = desk.post(f"{VIEWS}new/", {"name": " ", "query": "view=all&tag=x"}, headers=HTMX)
    assert response.status_code == 422
    assert "Give the view a name." in response.content.decode()
    assert 'name="query" value="view=all&amp;tag=x"' in response.content.decode()


def test_words_and_columns_are_kept_too(desk: Client, agent: User, make_ticket: Make) -> None:
    found = make_ticket(subject="冻结账户")
    make_ticket(subject="提现")
    desk.post(f"{VIEWS}new/", {"name": "Frozen", "query": "q=冻结&columns=subject,due"})
    view = SavedView.objects.get()
    assert (view.q, view.columns) == ("冻结", ["subject", "due"])
    page = desk.get(QUEUE, {"view": f"v{view.pk}"}).content.decode()
    assert numbers_on(page) == [found.number]
    assert re.search(r'Frozen</span> <span class="ws-count"></span>', page), "a search has no count"
    assert len(numbers_on(desk.get(QUEUE, {"view": f"v{view.pk}", "q": ""}).content.decode())) == 2


def test_the_view_takes_what_is_shown(desk: Client, agent: User, ticket: Ticket) -> None:
    view = SavedView.objects.create(owner=agent, name="Hot", conditions={"priority": ["urgent"]})
    page = desk.get(QUEUE, {"view": f"v{view.pk}", "priority": "low", "sort": "-opened"}).content.decode()
    assert f'action="{VIEWS}{view.pk}/ask/"' in page
    desk.post(f"{VIEWS}{view.pk}/ask/", {"query": f"view=v{view.pk}&priority=low&sort=-opened"})
    view.refresh_from_db()
    assert (view.conditions, view.sort) == ({"priority": ["low"]}, "-opened")


def test_sharing(
    log_in: LogIn, lead: User, agent: User, other_brand_agent: User, team: Team, ticket: Ticket
) -> None:
    boss = log_in(lead)
    form = boss.get(f"{VIEWS}new/?view=all").content.decode()
    assert re.findall(r'<option value="([\w-]+)"', form) == ["me", f"team-{team.pk}", "all"]
    boss.post(f"{VIEWS}new/", {"name": "Ours", "query": "view=all", "audience": "all"})
    view = SavedView.objects.get()
    for user, expected in ((agent, [ticket.number]), (other_brand_agent, [])):
        page = log_in(user).get(QUEUE, {"view": f"v{view.pk}"}).content.decode()
        assert "Ours" in page
        assert numbers_on(page) == expected, "each sees what they may see"
    assert log_in(agent).get(f"{VIEWS}{view.pk}/").status_code == 403
    assert log_in(agent).post(f"{VIEWS}{view.pk}/delete/").status_code == 403


def test_an_agent_who_asks_to_share_is_refused(desk: Client, agent: User) -> None:
    response = desk.post(f"{VIEWS}new/", {"name": "x", "query": "view=all", "audience": "all"})
    assert response.status_code == 403
    assert not SavedView.objects.exists()


def test_others_own_views_are_not_there(desk: Client, second_agent: User, ticket: Ticket) -> None:
    theirs = SavedView.objects.create(owner=second_agent, name="Secret plan")
    for address in (f"{VIEWS}{theirs.pk}/", f"{VIEWS}999999/"):
        assert desk.get(address).status_code == 404
    for act in ("ask", "move", "delete"):
        assert desk.post(f"{VIEWS}{theirs.pk}/{act}/").status_code == 404
    page = desk.get(QUEUE, {"view": f"v{theirs.pk}"}).content.decode()
    assert "Secret plan" not in page
    assert "Secret plan" not in desk.get(VIEWS).content.decode()


def test_rename_order_and_delete(desk: Client, agent: User) -> None:
    one, two = (SavedView.objects.create(owner=agent, name=name) for name in ("One", "Two"))
    desk.post(f"{VIEWS}{one.pk}/", {"name": "First", "audience": "me"})
    desk.post(f"{VIEWS}{two.pk}/move/", {"to": "up"})
    page = desk.get(VIEWS).content.decode()
    assert page.index(">Two<") < page.index(">First<")
    page = desk.post(f"{VIEWS}{two.pk}/delete/", follow=True).content.decode()
    assert "is deleted" in page
    assert [view.name for view in SavedView.objects.all()] == ["First"]


@pytest.mark.parametrize(
    "query", ["", "view=v1&view=v2", "\x00", "view=v99999999999999999999", "columns=x&sort=x"]
)
def test_nonsense_is_kept_as_nothing(desk: Client, agent: User, query: str) -> None:
    desk.post(f"{VIEWS}new/", {"name": "x", "query": query})
    assert SavedView.objects.get().conditions in ({}, {"view": ["mine"]})

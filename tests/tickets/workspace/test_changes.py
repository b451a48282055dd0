"""Changing a ticket from its page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Customer, Team, User
from accounts.rules.capabilities import Role
from tests.cast import person
from tests.tickets.workspace.conftest import LogIn
from tickets import actors
from tickets.actions import assignment, tickets
from tickets.choices import EventKind, Priority, Status
from tickets.models import Category, Event, Ticket, TrackingLink

HTMX = {"HX-Request": "true"}
Set = Callable[..., tuple[int, str]]


@pytest.fixture
def set_to(desk: Client, ticket: Ticket) -> Set:
    """``set_to("priority", "high", was="normal")``: the status and the page that come back."""

    def change(what: str, value: str, *, was: str, client: Client = desk, **headers: str) -> tuple[int, str]:
        response = client.post(
            f"/admin/tickets/{ticket.number}/set/{what}/", {"value": value, "was": was}, headers=headers
        )
        return response.status_code, response.content.decode()

    return change


def test_status(set_to: Set, ticket: Ticket) -> None:
    assert set_to("status", "on_hold", was="new")[0] == 302
    ticket.refresh_from_db()
    assert ticket.status == Status.ON_HOLD


def test_priority(set_to: Set, ticket: Ticket) -> None:
    set_to("priority", "urgent", was="normal")
    ticket.refresh_from_db()
    assert ticket.priority == Priority.URGENT


def test_category(set_to: Set, ticket: Ticket) -> None:
    other = Category.objects.create(slug="login", name_zh="登录", name_en="Login")
    set_to("category", str(other.pk), was=str(ticket.category_id))
    ticket.refresh_from_db()
    assert ticket.category == other


def test_tags(set_to: Set, ticket: Ticket) -> None:
    set_to("tags", "VIP, 银行，late", was="")
    ticket.refresh_from_db()
    assert ticket.tags == ["vip", "银行", "late"]


def test_complaint(set_to: Set, desk: Client, ticket: Ticket) -> None:
    switch = r'<input id="ws-set-complaint" class="ws-switch" type="checkbox" role="switch"[^>]*>'
    page = desk.get(f"/admin/tickets/{ticket.number}/").content.decode()
    assert "checked" not in re.findall(switch, page)[0]
    set_to("complaint", "yes", was="")
    ticket.refresh_from_db()
    assert ticket.is_complaint
    page = desk.get(f"/admin/tickets/{ticket.number}/").content.decode()
    assert "checked" in re.findall(switch, page)[0]
    assert 'class="ws-complaint"' in page.partition('id="ws-head"')[2].partition("</header>")[0]
    set_to("complaint", "", was="yes")
    ticket.refresh_from_db()
    assert not ticket.is_complaint


def test_somebody_marked_it_meanwhile(set_to: Set, second_agent: User, ticket: Ticket) -> None:
    tickets.mark_complaint(ticket, is_complaint=True, by=actors.staff(second_agent))
    assert set_to("complaint", "yes", was="")[0] == 302, "the same by two is no conflict"
    assert set_to("complaint", "", was="")[0] == 409, "what the form showed is so no more"
    ticket.refresh_from_db()
    assert ticket.is_complaint


class TestTier:
    """How much the customer means to the company, on the page of any of their cases."""

    def path(self, ticket: Ticket) -> str:
        return f"/admin/tickets/{ticket.number}/customer/tier/"

    def test_it_works(self, log_in: LogIn, lead: User, ticket: Ticket) -> None:
        client = log_in(lead)
        assert client.post(self.path(ticket), {"value": "vip", "was": "standard"}).status_code == 302
        assert Customer.objects.get().tier == "vip"
        page = client.get(f"/admin/tickets/{ticket.number}/").content.decode()
        assert '<option value="vip" selected>' in page

    @pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
    def test_somebody_changed_it_meanwhile(
        self, log_in: LogIn, lead: User, ticket: Ticket, headers: dict[str, str]
    ) -> None:
        Customer.objects.update(tier="premium")
        response = log_in(lead).post(self.path(ticket), {"value": "vip", "was": "standard"}, headers=headers)
        page = response.content.decode()
        assert response.status_code == 409
        assert '<option value="vip" selected>' in page, "the choice waits"
        assert '<input type="hidden" name="was" value="premium">' in page
        assert Customer.objects.get().tier == "premium"

    def test_who_may_not(
        self, desk: Client, log_in: LogIn, officer: User, lead: User, other_brand_agent: User, ticket: Ticket
    ) -> None:
        values = {"value": "vip", "was": "standard"}
        page = desk.get(f"/admin/tickets/{ticket.number}/").content.decode()
        assert "ws-tier-standard" in page
        assert "customer/tier/" not in page
        assert desk.post(self.path(ticket), values).status_code == 403
        assert log_in(officer).post(self.path(ticket), values).status_code == 403
        assert log_in(lead).post(self.path(ticket), {"value": "x", "was": "standard"}).status_code == 422
        stranger = person(Role.LEAD, "Ling", brands=list(other_brand_agent.brands.all()))
        assert log_in(stranger).post(self.path(ticket), values).status_code == 404
        assert Customer.objects.get().tier == "standard"


def test_take_in_one_click(desk: Client, agent: User, ticket: Ticket) -> None:
    desk.post(f"/admin/tickets/{ticket.number}/take/")
    ticket.refresh_from_db()
    assert ticket.assignee == agent


def test_lay_down(set_to: Set, agent: User, ticket: Ticket) -> None:
    assignment.take(ticket, by=actors.staff(agent))
    set_to("assignee", "", was=str(agent.pk))
    ticket.refresh_from_db()
    assert ticket.assignee is None


def test_an_agent_may_not_give_it_away_a_lead_may(
    set_to: Set, log_in: LogIn, lead: User, second_agent: User, ticket: Ticket
) -> None:
    status, page = set_to("assignee", str(second_agent.pk), was="")
    assert status == 422
    assert "Only team leads give cases to others." in page
    ticket.refresh_from_db()
    assert ticket.assignee is None
    set_to("assignee", str(second_agent.pk), was="", client=log_in(lead))
    ticket.refresh_from_db()
    assert ticket.assignee == second_agent


@pytest.mark.parametrize("to", ["me", "nobody"])
def test_what_a_colleague_has_is_a_leads_to_give(
    set_to: Set, agent: User, second_agent: User, ticket: Ticket, to: str
) -> None:
    assignment.take(ticket, by=actors.staff(second_agent))
    value = str(agent.pk) if to == "me" else ""
    status, page = set_to("assignee", value, was=str(second_agent.pk))
    assert status == 422
    assert "Bo has this case. A team lead can reassign it, or ask Bo to hand it back." in page
    ticket.refresh_from_db()
    assert ticket.assignee == second_agent


def test_somebody_took_it_first(desk: Client, second_agent: User, ticket: Ticket) -> None:
    assignment.take(ticket, by=actors.staff(second_agent))
    response = desk.post(f"/admin/tickets/{ticket.number}/take/")
    assert response.status_code == 409
    assert "Bo has this ticket already." in response.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_moved_out_of_sight(
    desk: Client, ticket: Ticket, team: Team, other_team: Team, headers: dict[str, str]
) -> None:
    """An agent may pass a case on to a team whose tickets they do not see; then the queue is the place to be."""
    response = desk.post(
        f"/admin/tickets/{ticket.number}/set/team/",
        {"value": str(other_team.pk), "was": str(team.pk)},
        headers=headers,
    )
    ticket.refresh_from_db()
    assert ticket.team == other_team
    assert (response.get("HX-Redirect") if headers else response["Location"]) == "/admin/queue/"


@pytest.mark.parametrize(
    ("what", "value", "was", "expected"),
    [
        ("status", "closed", "new", 409),
        ("status", "x", "new", 422),
        ("priority", "x", "normal", 422),
        ("assignee", "x", "", 422),
        ("assignee", "999999999999999999999", "", 422),
        ("team", "", "", 422),
        ("category", "0", "", 422),
        ("tags", "x" * 41, "", 422),
        ("complaint", "x", "", 422),
        ("number", "x", "", 404),
    ],
)
def test_refusals(set_to: Set, ticket: Ticket, what: str, value: str, was: str, expected: int) -> None:
    if was == "" and what in ("team", "category"):
        was = str(getattr(ticket, f"{what}_id"))
    before = Ticket.objects.values().get(pk=ticket.pk)
    assert set_to(what, value, was=was)[0] == expected
    assert Ticket.objects.values().get(pk=ticket.pk) == before


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_somebody_changed_it_meanwhile(
    set_to: Set, second_agent: User, ticket: Ticket, headers: dict[str, str]
) -> None:
    """Neither choice is lost: theirs stands, mine waits in the form, and a second click sets it."""
    tickets.set_priority(ticket, priority=Priority.LOW, by=actors.staff(second_agent))
    status, page = set_to("priority", "urgent", was="normal", **headers)
    assert status == 409
    assert "Somebody changed this meanwhile." in page
    assert '<option value="urgent" selected>' in page
    assert '<input type="hidden" name="was" value="low">' in page
    ticket.refresh_from_db()
    assert ticket.priority == Priority.LOW
    set_to("priority", "urgent", was="low", **headers)
    ticket.refresh_from_db()
    assert ticket.priority == Priority.URGENT


def test_the_same_choice_by_two_is_no_conflict(set_to: Set, second_agent: User, ticket: Ticket) -> None:
    tickets.set_priority(ticket, priority=Priority.HIGH, by=actors.staff(second_agent))
    assert set_to("priority", "high", was="normal")[0] == 302
    assert Event.objects.filter(kind=EventKind.PRIORITY_CHANGED).count() == 1


def test_htmx_gets_all_but_the_composer(set_to: Set, ticket: Ticket) -> None:
    status, page = set_to("priority", "high", was="normal", **HTMX)
    assert status == 200
    for part in ("ws-head", "ws-conversation", "ws-context", "ws-customer", "ws-notices", "ws-to"):
        assert f'id="{part}"' in page
    assert page.count('hx-swap-oob="true"') == 6
    assert 'id="ws-text"' not in page


def test_watch_and_unwatch(desk: Client, agent: User, ticket: Ticket) -> None:
    desk.post(f"/admin/tickets/{ticket.number}/watch/")
    assert list(ticket.watchers.all()) == [agent]
    assert "Stop watching" in desk.get(f"/admin/tickets/{ticket.number}/").content.decode()
    desk.post(f"/admin/tickets/{ticket.number}/unwatch/")
    assert not ticket.watchers.exists()


def test_revoke_links(desk: Client, ticket: Ticket) -> None:
    desk.post(f"/admin/tickets/{ticket.number}/revoke-links/")
    assert not TrackingLink.objects.usable().exists()
    assert "revoked 1 tracking link" in desk.get(f"/admin/tickets/{ticket.number}/").content.decode()


def test_changes_come_by_post_only(desk: Client, ticket: Ticket) -> None:
    for rest in ("take/", "watch/", "revoke-links/", "set/status/", "reply/"):
        assert desk.get(f"/admin/tickets/{ticket.number}/{rest}").status_code == 405

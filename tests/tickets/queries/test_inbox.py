"""The queue's views, filters, order and pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Brand, Customer, Team, User
from helpdesk.lib import clock
from tickets import actors
from tickets.actions import assignment, messages, status, tickets
from tickets.choices import Channel, Priority, Status
from tickets.models import Category, Ticket
from tickets.queries import inbox
from tickets.queries.inbox import SORTS, Question, Sort, View

Make = Callable[..., Ticket]


def held(user: User, **asked: Any) -> set[str]:
    return {ticket.number for ticket in inbox.find(user, Question(**asked))}


def test_mine(agent: User, second_agent: User, make_ticket: Make) -> None:
    mine, theirs, nobodys = make_ticket(), make_ticket(), make_ticket()
    assignment.take(mine, by=actors.staff(agent))
    assignment.take(theirs, by=actors.staff(second_agent))
    assert held(agent, view=View.MINE) == {mine.number}
    assert held(agent, view=View.UNASSIGNED) == {nobodys.number}
    assert held(agent, view=View.ALL) == {mine.number, theirs.number, nobodys.number}


def test_team_holds_own_teams_only(
    agent: User, lead: User, other_team: Team, make_ticket: Make, ticket: Ticket
) -> None:
    other = make_ticket()
    assignment.move_to_team(other, team=other_team, by=actors.staff(lead))
    lead.teams.add(other_team)
    assert held(agent, view=View.TEAM) == {ticket.number}
    assert held(User.objects.get(pk=lead.pk), view=View.TEAM) == {ticket.number, other.number}


def test_due_holds_what_is_over_or_soon(agent: User, make_ticket: Make) -> None:
    late, soon, later, never = (make_ticket() for _ in range(4))
    now = clock.now()
    for ticket, due in ((late, -1), (soon, 3), (later, 5)):
        Ticket.objects.filter(pk=ticket.pk).update(due_at=now + timedelta(hours=due))
    Ticket.objects.filter(pk=never.pk).update(due_at=None)
    assert held(agent, view=View.DUE) == {late.number, soon.number}


def test_what_is_over_is_not_in_the_views(agent: User, ticket: Ticket) -> None:
    status.change_status(ticket, to=Status.SOLVED, by=actors.staff(agent))
    assert held(agent) == set()
    assert held(agent, status=Status.SOLVED) == {ticket.number}
    assert held(agent, status="any") == {ticket.number}


def test_strangers_see_nothing(
    other_brand_agent: User, other_team_agent: User, manager: User, ticket: Ticket
) -> None:
    assert held(other_brand_agent) == set()
    assert held(other_team_agent) == set()
    assert held(manager) == {ticket.number}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"priority": Priority.URGENT}, {"urgent"}),
        ({"channel": Channel.PHONE}, {"phone"}),
        ({"tag": "vip"}, {"tagged"}),
        ({"unassigned": True}, {"urgent", "phone", "tagged"}),
        ({"priority": Priority.URGENT, "channel": Channel.PHONE}, set()),
    ],
)
def test_filters(agent: User, make_ticket: Make, asked: dict[str, Any], expected: set[str]) -> None:
    make_ticket(subject="urgent", priority=Priority.URGENT)
    make_ticket(subject="phone", channel=Channel.PHONE)
    make_ticket(subject="tagged", tags=["vip"])
    taken = make_ticket(subject="taken")
    assignment.take(taken, by=actors.staff(agent))
    assert {ticket.subject for ticket in inbox.find(agent, Question(**asked))} == expected


def test_filter_by_assignee_and_brand(agent: User, brand: Brand, other_brand: Brand, ticket: Ticket) -> None:
    assignment.take(ticket, by=actors.staff(agent))
    assert held(agent, assignee=agent.pk, brand=brand.pk) == {ticket.number}
    assert held(agent, brand=other_brand.pk) == set()


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("name", SORTS)
def test_pages_have_no_gap_and_nothing_twice(
    agent: User, make_ticket: Make, name: str, descending: bool
) -> None:
    """With many equal values and empty ones, over every page."""
    now = clock.now().replace(microsecond=0)
    for place in range(13):
        made = make_ticket(subject=f"s{place % 3}", priority=[10, 20][place % 2])
        Ticket.objects.filter(pk=made.pk).update(
            due_at=None if place % 4 == 0 else now + timedelta(hours=place % 3),
            created_at=now - timedelta(hours=place % 2),
            updated_at=now - timedelta(hours=place % 2),
            status=["new", "open", "pending"][place % 3],
        )
    sort = Sort(SORTS[name].field, descending, SORTS[name].nullable)
    seen: list[Ticket] = []
    after: str | None = ""
    while after is not None:
        page = inbox.page_of(inbox.find(agent, Question()), sort, after, size=3)
        seen += page.tickets
        after = page.next
    assert len(seen) == len({ticket.pk for ticket in seen}) == 13
    with_value = [getattr(ticket, sort.field) for ticket in seen]
    values = [value for value in with_value if value is not None]
    assert values == sorted(values, reverse=descending)
    assert with_value == values + [None] * (13 - len(values)), "empty ones come last"


@pytest.mark.parametrize("after", ["x", "1", "1.x", ".", "99999999999999999999.2026", "1.2026-99-99"])
def test_a_nonsense_place_is_the_first_page(agent: User, ticket: Ticket, after: str) -> None:
    page = inbox.page_of(inbox.find(agent, Question()), SORTS["due"], after)
    assert [found.pk for found in page.tickets] == [ticket.pk]


def test_the_excerpt_is_the_last_thing_said_in_public(
    agent: User, customer: Customer, ticket: Ticket
) -> None:
    messages.customer_reply(ticket, body="还是没有到", by=actors.customer(customer))
    messages.note(ticket, body="secret", by=actors.staff(agent))
    page = inbox.page_of(inbox.find(agent, Question()), SORTS["due"])
    assert page.tickets[0].excerpt == "还是没有到"  # type: ignore[attr-defined]


def test_counts(agent: User, make_ticket: Make) -> None:
    mine, _nobodys = make_ticket(), make_ticket()
    assignment.take(mine, by=actors.staff(agent))
    assert inbox.counts(agent) == {"mine": 1, "unassigned": 1, "team": 2, "due": 2, "all": 2} | {
        "due": inbox.find(agent, Question(view=View.DUE)).count()
    }


def test_counts_are_remembered_until_told_otherwise(agent: User, make_ticket: Make) -> None:
    make_ticket()
    assert inbox.counts(agent)["all"] == 1
    make_ticket()
    assert inbox.counts(agent)["all"] == 1
    inbox.forget_counts(agent)
    assert inbox.counts(agent)["all"] == 2


def test_counts_stop_at_the_limit(agent: User, make_ticket: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "COUNT_LIMIT", 2)
    for _ in range(5):
        make_ticket()
    assert inbox.counts(agent)["all"] == 3


def test_somebody_without_a_team_has_no_team_tickets(manager: User, ticket: Ticket) -> None:
    assert inbox.counts(manager)["team"] == 0


def test_priority_changes_do_not_hide(agent: User, ticket: Ticket) -> None:
    tickets.set_priority(ticket, priority=Priority.URGENT, by=actors.staff(agent))
    assert held(agent, priority=Priority.URGENT) == {ticket.number}


def test_a_category_holds_those_below_it(
    agent: User, make_ticket: Make, ticket: Ticket, category: Category
) -> None:
    below = Category.objects.create(slug="late", name_zh="迟到", name_en="Late", parent=category)
    deeper = Category.objects.create(slug="later", name_zh="更迟", name_en="Later", parent=below)
    late, later = make_ticket(category=below), make_ticket(category=deeper)
    assert held(agent, category=category.pk) == {ticket.number, late.number, later.number}
    assert held(agent, category=below.pk) == {late.number, later.number}

"""The queue's views and counts; filters, orders and reading have files of their own in ``queue/``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Customer, Team, User
from helpdesk.lib import clock
from tickets import actors
from tickets.actions import assignment, messages, status
from tickets.choices import Status
from tickets.models import SavedView, Ticket
from tickets.queries import inbox
from tickets.queries.inbox import Question, View
from tickets.queries.queue import counts as counting

Make = Callable[..., Ticket]


def held(user: User, view: str = View.ALL, **filters: str) -> set[str]:
    question = Question(view, {name: tuple(text.split(",")) for name, text in filters.items()})
    return {ticket.number for ticket in inbox.find(user, question)}


def test_mine(agent: User, second_agent: User, make_ticket: Make) -> None:
    mine, theirs, nobodys = make_ticket(), make_ticket(), make_ticket()
    assignment.take(mine, by=actors.staff(agent))
    assignment.take(theirs, by=actors.staff(second_agent))
    assert held(agent, View.MINE) == {mine.number}
    assert held(agent, View.UNASSIGNED) == {nobodys.number}
    assert held(agent) == {mine.number, theirs.number, nobodys.number}


def test_team_holds_own_teams_only(
    agent: User, lead: User, other_team: Team, make_ticket: Make, ticket: Ticket
) -> None:
    other = make_ticket()
    assignment.move_to_team(other, team=other_team, by=actors.staff(lead))
    lead.teams.add(other_team)
    assert held(agent, View.TEAM) == {ticket.number}
    assert held(User.objects.get(pk=lead.pk), View.TEAM) == {ticket.number, other.number}


def test_due_holds_what_is_over_or_soon(agent: User, make_ticket: Make) -> None:
    late, soon, later, never = (make_ticket() for _ in range(4))
    now = clock.now()
    for ticket, due in ((late, -1), (soon, 3), (later, 5)):
        Ticket.objects.filter(pk=ticket.pk).update(due_at=now + timedelta(hours=due))
    Ticket.objects.filter(pk=never.pk).update(due_at=None)
    assert held(agent, View.DUE) == {late.number, soon.number}


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


def test_the_excerpt_is_the_last_thing_said_in_public(
    agent: User, customer: Customer, ticket: Ticket
) -> None:
    messages.customer_reply(ticket, body="还是没有到", by=actors.customer(customer))
    messages.note(ticket, body="secret", by=actors.staff(agent))
    page = inbox.page(agent, Question())
    assert page.tickets[0].excerpt == "还是没有到"  # type: ignore[attr-defined]


# ── Counts ────────────────────────────────────────────────────────────────────────────────────────────────────
def kept(user: User, **values: Any) -> SavedView:
    return SavedView.objects.create(**{"owner": user, "name": "x", **values})


def test_counts(agent: User, make_ticket: Make) -> None:
    mine, _nobodys = make_ticket(), make_ticket()
    assignment.take(mine, by=actors.staff(agent))
    assert inbox.counts(agent) == {"mine": 1, "unassigned": 1, "team": 2, "due": 2, "all": 2} | {
        "due": inbox.find(agent, Question(View.DUE)).count()
    }


def test_counts_are_remembered_until_told_otherwise(agent: User, make_ticket: Make) -> None:
    make_ticket()
    assert inbox.counts(agent)["all"] == 1
    make_ticket()
    assert inbox.counts(agent)["all"] == 1
    inbox.forget_counts(agent)
    assert inbox.counts(agent)["all"] == 2


def test_counts_stop_at_the_limit(agent: User, make_ticket: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "COUNT_LIMIT", 2)
    for _ in range(5):
        make_ticket()
    assert inbox.counts(agent)["all"] == 3


def test_somebody_without_a_team_has_no_team_tickets(manager: User, ticket: Ticket) -> None:
    assert inbox.counts(manager)["team"] == 0


def test_kept_views_are_counted_in_the_same_statement(agent: User, make_ticket: Make) -> None:
    assignment.take(make_ticket(), by=actors.staff(agent))
    make_ticket()
    view = kept(agent, conditions={"assignee": ["me"]})
    words = kept(agent, q="提现")
    with CaptureQueriesContext(connection) as ran:
        found = inbox.counts(agent, [view, words])
    assert found[f"v{view.pk}"] == 1
    assert found[f"v{words.pk}"] is None, "a search has no count"
    assert len([query for query in ran if query["sql"].startswith("SELECT (SELECT count")]) == 1


def test_a_shared_view_counts_what_its_reader_sees(
    manager: User, other_brand_agent: User, ticket: Ticket
) -> None:
    view = kept(manager, is_shared=True, conditions={})
    assert inbox.counts(manager, [view])[f"v{view.pk}"] == 1
    assert inbox.counts(other_brand_agent, [view])[f"v{view.pk}"] == 0


def test_a_slow_view_stops_no_page(agent: User, ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others keep their numbers, and the slow one is not tried again for a while."""
    slow, quick = kept(agent, conditions={"tag": ["slow"]}), kept(agent)
    real = counting._limited

    def limited(rows: Any) -> tuple[str, Any]:
        sql, params = real(rows)
        return ("SELECT 1 WHERE pg_sleep(1) IS NOT NULL", ()) if "tags" in sql else (sql, params)

    monkeypatch.setattr(counting, "_limited", limited)
    with CaptureQueriesContext(connection) as ran:
        found = inbox.counts(agent, [slow, quick])
    assert found["all"] == found[f"v{quick.pk}"] == 1
    assert found[f"v{slow.pk}"] is None
    assert sum(float(query["time"]) for query in ran) < 0.9, "cancelled, not waited for"
    inbox.forget_counts(agent)
    with CaptureQueriesContext(connection) as ran:
        found = inbox.counts(agent, [slow, quick])
    assert found[f"v{quick.pk}"] == 1
    assert not [query for query in ran if "pg_sleep" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",), "the limit ends with the count"

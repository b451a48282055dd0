"""The page of one ticket."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Customer, User
from helpdesk.lib import clock
from tests.tickets.workspace.conftest import LogIn
from tickets import actors
from tickets.actions import assignment, messages, status, tickets
from tickets.actions.correspondence import put_in_copy
from tickets.choices import Priority, Status
from tickets.models import Message, Ticket
from tickets.queries import conversation as queries
from tickets.queries.happenings import Happenings

Make = Callable[..., Ticket]
MONDAY = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def address(ticket: Ticket, rest: str = "") -> str:
    return f"/admin/tickets/{ticket.number}/{rest}"


def text_of(client: Client, ticket: Ticket) -> str:
    response = client.get(address(ticket))
    assert response.status_code == 200
    return response.content.decode()


def options(page: str, name: str) -> list[str]:
    found = re.search(rf'<select id="ws-set-{name}".*?</select>', page, re.DOTALL)
    assert found is not None
    return re.findall(r'<option value="([^"]*)"', found[0])


def test_it_works(desk: Client, agent: User, customer: Customer, ticket: Ticket) -> None:
    messages.note(ticket, body="Asked the bank.", by=actors.staff(agent))
    messages.reply(ticket, body="We look into it.", by=actors.staff(agent), then=Status.PENDING)
    messages.customer_reply(ticket, body="It has still not arrived.", by=actors.customer(customer))
    page = text_of(desk, ticket)
    for text in (
        ticket.display_number,
        "提现三天没有到账",
        "w***@e***.com",
        "Amount",
        "500 CNY",
        "Asked the bank.",
        "We look into it.",
        "It has still not arrived.",
        "status: waiting for customer → open",
        "promise kept: first reply",
        "1 link opens this case without a log-in.",
    ):
        assert text in page
    kinds = re.findall(r'class="ws-said (\S+)"', page)
    assert kinds == ["ws-from-customer", "ws-note", "ws-from-staff", "ws-from-customer"]


@pytest.mark.parametrize("who", ["other_brand_agent", "other_team_agent"])
def test_a_stranger_finds_nothing(
    log_in: LogIn, request: pytest.FixtureRequest, ticket: Ticket, who: str
) -> None:
    client = log_in(request.getfixturevalue(who))
    assert client.get(address(ticket)).status_code == 404
    for rest in (
        "reply/",
        "take/",
        "watch/",
        "unwatch/",
        "revoke-links/",
        "set/status/",
        "merge/",
        "messages/1/judge/",
    ):
        assert client.post(address(ticket, rest), {"value": "solved", "body": "x"}).status_code == 404
    assert client.get(address(ticket, "articles/")).status_code == 404
    assert Message.objects.count() == 1


def test_no_such_ticket(desk: Client, ticket: Ticket) -> None:
    assert desk.get("/admin/tickets/222222222/").status_code == 404


def test_the_officer_reads_and_cannot_write(log_in: LogIn, officer: User, ticket: Ticket) -> None:
    client = log_in(officer)
    page = text_of(client, ticket)
    assert "很着急" in page
    assert "You may read this case, not work on it." in page
    assert "<textarea" not in page
    assert "ws-property" not in page
    assert client.post(address(ticket, "reply/"), {"body": "x"}).status_code == 403
    assert client.post(address(ticket, "set/status/"), {"value": "solved"}).status_code == 403


def test_only_legal_statuses_are_offered(desk: Client, agent: User, ticket: Ticket) -> None:
    assert options(text_of(desk, ticket), "status") == ["new", "open", "pending", "on_hold", "solved"]
    status.change_status(ticket, to=Status.SOLVED, by=actors.staff(agent))
    assert options(text_of(desk, ticket), "status") == ["open", "solved", "closed"]


def test_an_agent_gives_to_nobody_else_a_lead_does(
    desk: Client, log_in: LogIn, agent: User, lead: User, second_agent: User, ticket: Ticket
) -> None:
    assert options(text_of(desk, ticket), "assignee") == ["", str(agent.pk)]
    offered = options(text_of(log_in(lead), ticket), "assignee")
    assert set(offered) == {"", str(agent.pk), str(lead.pk), str(second_agent.pk)}


def test_clocks_count_down(desk: Client, make_ticket: Make) -> None:
    with clock.frozen(MONDAY):
        ticket = make_ticket()
    with clock.frozen(MONDAY + timedelta(minutes=48)):
        page = text_of(desk, ticket)
    assert "in 12 min" in page
    assert "ws-due-soon" in page
    with clock.frozen(MONDAY + timedelta(minutes=75)):
        page = text_of(desk, ticket)
    assert "15 min overdue" in page
    assert "ws-due-over" in page


def test_a_paused_clock_says_why_and_what_is_left(desk: Client, agent: User, make_ticket: Make) -> None:
    with clock.frozen(MONDAY):
        ticket = make_ticket()
    with clock.frozen(MONDAY + timedelta(minutes=30)):
        messages.reply(ticket, body="?", by=actors.staff(agent), then=Status.PENDING)
        assert "paused: waiting for the customer, 7 h 30 min left" in text_of(desk, ticket)


def test_other_cases_of_the_customer(
    desk: Client, log_in: LogIn, other_team_agent: User, make_ticket: Make, ticket: Ticket
) -> None:
    other = make_ticket(subject="The other one")
    assert f'href="{address(other)}">The other one' in text_of(desk, ticket)


def test_a_strangers_case_of_the_customer_is_not_named(
    desk: Client, lead: User, other_team: object, make_ticket: Make, ticket: Ticket
) -> None:
    other = make_ticket(subject="The other one")
    assignment.move_to_team(other, team=other_team, by=actors.staff(lead))  # type: ignore[arg-type]
    assert "The other one" not in text_of(desk, ticket)


def test_what_people_write_is_shown_as_text(desk: Client, make_ticket: Make) -> None:
    ticket = make_ticket(
        subject="<i>x</i>", body="<script>x</script> https://example.com/?a=1&b=2", tags=["<u>"]
    )
    page = text_of(desk, ticket)
    assert "<script>x" not in page
    assert "<i>x" not in page
    assert "<u>" not in page
    # What customers write opens nothing.
    assert '<span class="defanged">hxxps://example[.]com/?a=1&amp;b=2</span>' in page
    assert 'href="https://example.com' not in page


def test_a_long_conversation_begins_with_its_end(
    desk: Client, agent: User, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LAST_MESSAGES", 3)
    for place in range(5):
        messages.note(ticket, body=f"note {place}", by=actors.staff(agent))
    page = text_of(desk, ticket)
    assert "Show 3 earlier messages" in page
    assert "note 1" not in page
    assert "note 4" in page
    everything = desk.get(address(ticket), {"all": ""}).content.decode()
    assert "note 1" in everything
    assert "earlier message" not in everything


@pytest.mark.usefixtures("in_english")
def test_events_stand_between_the_messages(agent: User, customer: Customer, ticket: Ticket) -> None:
    tickets.set_priority(ticket, priority=Priority.HIGH, by=actors.staff(agent))
    messages.customer_reply(ticket, body="?", by=actors.customer(customer))
    assignment.take(ticket, by=actors.staff(agent))
    entries = queries.conversation(ticket, viewer=agent).entries
    assert [entry.is_message for entry in entries] == [True, False, True, False]
    words = [event.words for entry in entries if isinstance(entry, Happenings) for event in entry.events]
    assert any("priority" in said for said in words)


def test_queries_do_not_grow_with_messages(
    desk: Client, agent: User, ticket: Ticket, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Five of them find out who asks and what they see; one each are the ticket, the messages, their files, their
    mails, the events, the clocks, the form, the draft, the customer's level and cases, all small things together, and
    the entry of the read log.
    """
    text_of(desk, ticket)
    for count in (5, 70):
        while Message.objects.count() < count:
            messages.note(ticket, body="x", by=actors.staff(agent))
        # One more counts the messages that are not shown.
        with django_assert_max_num_queries(21 if count < queries.LAST_MESSAGES else 22):
            text_of(desk, ticket)


def test_small_things_beside_cost_nothing_more(
    desk: Client,
    agent: User,
    lead: User,
    make_ticket: Make,
    ticket: Ticket,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for person in (agent, lead):
        assignment.watch(ticket, user=person, by=actors.staff(lead))
    for name in ("li", "zhao"):
        put_in_copy(ticket, email=f"{name}@example.com", by=actors.staff(agent))
        make_ticket(subject=f"Another of {name}")
    text_of(desk, ticket)
    with django_assert_max_num_queries(21):
        page = text_of(desk, ticket)
    for text in ("Ann", "Lea", "l***@e***.com", "z***@e***.com", "Another of li", "Another of zhao"):
        assert text in page

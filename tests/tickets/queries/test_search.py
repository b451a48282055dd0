"""Finding tickets by words and numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import Customer, User
from tickets import actors
from tickets.actions import messages
from tickets.models import Ticket
from tickets.queries import search

Make = Callable[..., Ticket]


def found(user: User, text: str) -> list[str]:
    page = search.newest_matching(Ticket.objects.visible_to(user), text)
    return [ticket.subject for ticket in page.tickets]


@pytest.fixture(params=["few", "many", "common", "common, and further back"])
def both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question with few matches, with many, and of a common word take different ways to the same answer."""
    if request.param != "few":
        monkeypatch.setattr(search, "FEW", 1)
    if "common" in request.param:
        monkeypatch.setattr(search, "_is_common", lambda query: True)
    if "back" in request.param:
        monkeypatch.setattr(search, "NEWEST_WALKED", 1)


@pytest.mark.usefixtures("both_ways")
@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("提现", ["提现慢", "提现失败"]),
        ("失败", ["提现失败"]),
        ("withdrawals", ["Withdrawal late"]),
        ("zebra", ["Withdrawal late"]),
        ("wang@example.com", ["Withdrawal late", "提现慢", "提现失败"]),
        ("王小明 提现", ["提现慢", "提现失败"]),
        ("nothing", []),
        ("", []),
        ("!!!", []),
        ("';--", []),
    ],
)
def test_words(agent: User, make_ticket: Make, text: str, subjects: list[str]) -> None:
    make_ticket(subject="提现失败")
    make_ticket(subject="提现慢")
    make_ticket(subject="Withdrawal late", body="a zebra ate it")
    assert found(agent, text) == subjects


@pytest.mark.usefixtures("both_ways")
def test_pages_go_on_where_the_last_one_ended(agent: User, make_ticket: Make) -> None:
    made = [make_ticket(subject=f"提现 {place}").pk for place in range(7)]
    seen: list[int] = []
    after: str | None = ""
    while after is not None:
        page = search.newest_matching(Ticket.objects.visible_to(agent), "提现", after, size=3)
        seen += [ticket.pk for ticket in page.tickets]
        after = page.next
    assert seen == made[::-1]


@pytest.mark.usefixtures("both_ways")
def test_only_what_one_may_see(
    agent: User, other_brand_agent: User, other_team_agent: User, make_ticket: Make
) -> None:
    make_ticket(subject="提现失败")
    make_ticket(subject="提现慢")
    assert len(found(agent, "提现")) == 2
    assert found(other_brand_agent, "提现") == []
    assert found(other_team_agent, "提现") == []


def test_later_messages_are_searched_too(agent: User, customer: Customer, ticket: Ticket) -> None:
    messages.customer_reply(ticket, body="交易号 TX20251103-77", by=actors.customer(customer))
    assert found(agent, "TX20251103-77") == [ticket.subject]


def test_matching_by_number(agent: User, ticket: Ticket, make_ticket: Make) -> None:
    make_ticket()
    rows = Ticket.objects.visible_to(agent)
    assert [row.pk for row in search.matching(rows, ticket.display_number.lower())] == [ticket.pk]


@pytest.mark.usefixtures("both_ways")
def test_matching_by_words(agent: User, make_ticket: Make) -> None:
    make_ticket(subject="提现失败")
    make_ticket(subject="提现慢")
    assert search.matching(Ticket.objects.visible_to(agent), "失败").count() == 1


def test_walking_leaves_the_planner_as_it_was(
    agent: User, make_ticket: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    monkeypatch.setattr(search, "FEW", 0)
    make_ticket(subject="提现失败")
    assert found(agent, "提现") == ["提现失败"]
    with connection.cursor() as cursor:
        for name in ("enable_bitmapscan", "enable_seqscan", "enable_hashjoin", "enable_mergejoin"):
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == ("on",)

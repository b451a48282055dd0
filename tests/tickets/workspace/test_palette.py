"""The palette finds what its reader may see, whatever is typed."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Brand, Customer, User
from knowledgebase.actions.articles import save_translation
from knowledgebase.models import Article, Section
from tests.planner import never_counted
from tests.tickets.workspace.conftest import LogIn
from tickets.actions.search import rewrite
from tickets.models import Ticket
from tickets.queries import palette

MakeTicket = Callable[..., Ticket]


@pytest.fixture
def article(brand: Brand) -> None:
    section = Section.objects.create(brand=brand, slug="s", name_zh="状态", name_en="Status")
    made = Article.objects.create(section=section, slug="late", is_published=True)
    save_translation(
        made, language="zh-hans", title="新建状态 status new", summary="", body="已关闭 status:new"
    )


def found(client: Client, text: str, **more: str) -> str:
    answer = client.get("/admin/palette/", {"q": text, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def test_tickets_and_customers(desk: Client, ticket: Ticket) -> None:
    Customer.objects.filter(pk=ticket.customer_id).update(phone="+8613800138000")
    assert ticket.number in found(desk, ticket.display_number)
    for typed in (ticket.customer.email, "13800138000", "+8613800138000", ticket.customer.name, "王小"):
        shown = found(desk, typed)
        assert "w***@e***.com" in shown
        assert ticket.customer.email not in shown
        assert f"customer={ticket.customer_id}" in shown


@pytest.mark.parametrize("typed", ["wang@", "1380013", "+861380013800"])
def test_what_is_masked_cannot_be_guessed_letter_by_letter(desk: Client, ticket: Ticket, typed: str) -> None:
    Customer.objects.filter(pk=ticket.customer_id).update(phone="+8613800138000")
    assert f"customer={ticket.customer_id}" not in found(desk, typed)


@pytest.mark.parametrize("stranger", ["other_brand_agent", "other_team_agent"])
def test_nothing_of_what_one_may_not_see(
    request: pytest.FixtureRequest, log_in: LogIn, ticket: Ticket, team: object, stranger: str
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(team=team)
    client = log_in(request.getfixturevalue(stranger))
    for typed in (ticket.display_number, ticket.subject, ticket.customer.email, ticket.customer.name):
        page = found(client, typed, ticket=ticket.number)
        assert ticket.customer.name not in page
        assert ticket.number not in page
        assert ticket.customer.email not in page


@pytest.mark.parametrize("typed", ["a\x00b", "\x00", "%", "_", "\\", "'", "x" * 5_000, "<b>"])
def test_nonsense_finds_nothing(desk: Client, ticket: Ticket, typed: str) -> None:
    assert "<b>" not in found(desk, typed, ticket=typed)


def test_one_chinese_character_is_a_word(desk: Client, ticket: Ticket) -> None:
    Customer.objects.filter(pk=ticket.customer_id).update(name="曹")
    rewrite(ticket.pk)
    page = found(desk, "曹")
    assert ticket.number in page
    assert f"customer={ticket.customer_id}" in page
    assert ticket.number not in found(desk, "w")


@pytest.mark.usefixtures("article")
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("status:closed", ["closed"]),
        ("状态：已关闭", ["closed"]),
        ("status:new", ["new"]),
        ("status:new 到账", ["new"]),
        ("status:new nowhere", []),
        ("status:closed,new", ["closed", "new"]),
        ("status:new team:unknown", []),
        ("status:", []),
        ('"status:new"', []),
    ],
)
def test_operators_ask_for_tickets_as_in_the_queue(
    desk: Client, make_ticket: MakeTicket, typed: str, expected: list[str]
) -> None:
    cases = {name: make_ticket() for name in ("new", "closed")}
    Ticket.objects.filter(pk=cases["closed"].pk).update(status="closed")
    page = found(desk, typed)
    assert [name for name in ("closed", "new") if f"/{cases[name].number}/" in page] == expected
    assert ("/late/" in page) == typed.startswith('"'), "an operator is no word"
    assert (f'?{urlencode({"q": typed})}"' in page) == (
        typed.startswith(("status:", "状态")) and typed != "status:"
    )


def test_more_than_are_shown_are_searched_for_in_the_queue(desk: Client, make_ticket: MakeTicket) -> None:
    cases = [make_ticket(subject="退款") for _ in range(palette.TICKETS)]
    leads = f'?{urlencode({"q": "退款"})}"'
    assert leads in found(desk, "退款")
    assert leads not in found(desk, cases[0].display_number)
    assert "q=" not in found(desk, "status:new wang@example.com")


def test_customers_are_found_by_the_indexes(agent: User) -> None:
    """Of a million customers nobody else is looked at."""
    asked: list[str] = []

    def explain(
        execute: Callable[..., object], sql: str, params: object, many: bool, context: object
    ) -> object:
        if "accounts_customer" in sql:
            with connection.cursor() as cursor:
                cursor.cursor.execute(f"EXPLAIN {sql}", params)
                asked.extend(row[0] for row in cursor.cursor.fetchall())
        return execute(sql, params, many, context)

    with connection.cursor() as cursor:
        never_counted(cursor)
        cursor.execute("SET LOCAL enable_seqscan = off")
    with connection.execute_wrapper(explain):
        palette.customers(agent, "13800138000")
    assert any("customer_phone_unique" in line for line in asked)
    assert not any("Seq Scan" in line for line in asked)

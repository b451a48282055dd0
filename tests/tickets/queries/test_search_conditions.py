"""What the operators of a search mean here."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from accounts.actions import customers
from accounts.models import Brand, Customer, Team, User
from helpdesk.lib import clock
from helpdesk.lib.text_search import to_tsquery
from tests.planner import never_counted
from tests.times import shanghai
from tickets.models import Category, Ticket
from tickets.queries import search, search_conditions
from tickets.queries.search_conditions import MOST, resolve
from tickets.rules.search_operators import read


def meant(user: User, text: str) -> tuple[dict[str, tuple[str, ...]], int]:
    found = resolve(read(text).conditions, user)
    return found.filters, len(found.problems)


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("status:open", {"status": ("open",)}),
        ("状态:处理中", {"status": ("open",)}),
        ("status:new status:open", {"status": ("new", "open")}),
        ("status:new,open 优先级:高，urgent", {"status": ("new", "open"), "priority": ("high", "urgent")}),
        ("is:open,closed", {"status": ("new", "open", "pending", "on_hold", "solved", "closed")}),
        ("assignee:me,none tag:vip,fraud", {"assignee": ("me", "none"), "tag": ("vip", "fraud")}),
        ('status:"waiting for customer"', {"status": ("pending",)}),
        ("status:any", {"status": ("any",)}),
        ("priority:urgent 优先级:高", {"priority": ("urgent", "high")}),
        ("channel:email lang:中文", {"channel": ("email",), "language": ("zh-hans",)}),
        ("assignee:me", {"assignee": ("me",)}),
        ("负责人:无", {"assignee": ("none",)}),
        ("is:overdue has:attachment", {"overdue": ("yes",), "attachment": ("yes",)}),
        ("is:closed", {"status": ("solved", "closed")}),
        ("before:2026-02-01 after:7d", {"opened_before": ("2026-02-01",), "opened_since": ("2026-03-08",)}),
        ("tag:vip tag:fraud", {"tag": ("vip", "fraud")}),
    ],
)
def test_words_of_the_code(agent: User, text: str, filters: dict[str, tuple[str, ...]]) -> None:
    with clock.frozen(shanghai(15, 10)):
        assert meant(agent, text) == (filters, 0)


def test_names_of_tables(
    agent: User, lead: User, brand: Brand, category: Category, team: Team, make_ticket: Callable[..., Ticket]
) -> None:
    ticket = make_ticket()
    assert meant(agent, f"brand:{brand.slug}")[0] == {"brand": (str(brand.pk),)}
    assert meant(agent, f'brand:"{brand.name_zh}"')[0] == {"brand": (str(brand.pk),)}
    assert meant(agent, f'category:"{category.name_en}"')[0]["category"][0] == str(category.pk)
    assert meant(agent, f"team:{team.slug}")[0] == {"team": (str(team.pk),)}
    assert meant(agent, f"assignee:{lead.email}")[0] == {"assignee": (str(lead.pk),)}
    assert meant(agent, f"customer:{ticket.customer.email}")[0] == {"customer": (str(ticket.customer_id),)}


def test_another_brand_is_not_known(agent: User, other_brand: Brand) -> None:
    assert meant(agent, f"brand:{other_brand.slug}") == ({}, 1)


@pytest.mark.parametrize(
    "text",
    [
        "status:nonsense",
        "status:new,nonsense",
        "before:soon",
        "has:money",
        "assignee:nobody-here-by-that-name",
        'customer:"nobody at all"',
    ],
)
def test_what_is_not_known_is_said_and_kept(agent: User, text: str) -> None:
    assert meant(agent, text) == ({}, 1)
    assert resolve(read(text).conditions, agent).left == text


def test_too_many_operators_are_kept_for_later(agent: User) -> None:
    found = resolve(read(" ".join(["is:overdue"] * MOST + ["status:new"])).conditions, agent)
    assert (found.filters, found.left) == ({"overdue": ("yes",)}, "status:new")


class TestCustomers:
    @pytest.fixture
    def cao(self, make_ticket: Callable[..., Ticket]) -> Customer:
        customer = customers.find_or_create(
            email="cao@example.com", phone="+8613800138001", name="曹阳", language="zh-hans"
        )
        make_ticket(customer=customer)
        return customer

    @pytest.mark.parametrize(
        "typed",
        ["曹阳", "曹", "cao@example.com", "13800138001", "+8613800138001", '"曹阳"', "曹阳,13800138001"],
    )
    def test_by_name_address_and_number(self, agent: User, cao: Customer, ticket: Ticket, typed: str) -> None:
        assert meant(agent, f"customer:{typed}") == ({"customer": (str(cao.pk),)}, 0)

    def test_by_the_beginning_or_a_word_of_a_name(
        self, agent: User, make_ticket: Callable[..., Ticket]
    ) -> None:
        names = ("Mia Li", "Mia Lindgren", "Li", "13912345678")
        people = [
            customers.find_or_create(email=f"c{place}@example.com", name=name, language="en")
            for place, name in enumerate(names)
        ]
        for customer in people:
            make_ticket(customer=customer, body="Mia Li wrote to 曹阳")
        for typed, found in {
            "mia": [1, 0],
            "ＭＩＡ": [1, 0],
            '"Mia Li"': [0],
            '"mia lin"': [1],
            "li": [2],
            "lindgren": [1],
            "indgren": [],
            "c0": [],
            "1391234": [],
            "13912345678": [3],
        }.items():
            wanted = {"customer": tuple(str(people[place].pk) for place in found)} if found else {}
            assert meant(agent, f"from:{typed}") == (wanted, 0 if found else 1), typed

    def test_of_whom_one_sees_nothing_is_as_unknown_as_nobody(
        self, other_brand_agent: User, cao: Customer
    ) -> None:
        problems = set()
        for typed in ("曹阳", "cao@example.com", "13800138001", "nobody@example.com"):
            found = resolve(read(f"customer:{typed}").conditions, other_brand_agent)
            assert found.filters == {}
            problems.add(found.problems[0].replace(typed, "…"))
        assert len(problems) == 1

    def test_of_very_many_the_newest(
        self, agent: User, cao: Customer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search, "_is_common", lambda query: True)
        assert meant(agent, "customer:曹")[0] == {"customer": (str(cao.pk),)}

    @pytest.mark.django_db
    def test_by_the_index_of_words(self) -> None:
        with connection.cursor() as cursor:
            never_counted(cursor)
            cursor.execute("SET LOCAL enable_seqscan = off")
            query = to_tsquery("mia li", prefix=True)
            cursor.execute(f"EXPLAIN {search._OF_CUSTOMER}", {"query": query, "most": search.FEW})
            assert any("ticket_search_words" in line for (line,) in cursor.fetchall())

    @pytest.mark.usefixtures("in_english")
    def test_a_name_of_many(
        self, agent: User, make_ticket: Callable[..., Ticket], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search_conditions, "MOST", 2)
        for place in range(3):
            email = f"w{place}@example.com"
            make_ticket(customer=customers.find_or_create(email=email, name="王", language="zh-hans"))
        found = resolve(read("customer:王").conditions, agent)
        assert len(found.filters["customer"]) == 2
        assert "more than 2" in found.remarks[0]

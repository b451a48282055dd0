"""What the operators of a search mean here."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import Brand, Team, User
from helpdesk.lib import clock
from tests.times import shanghai
from tickets.models import Category, Ticket
from tickets.queries.search_conditions import resolve
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
    "text", ["status:nonsense", "before:soon", "has:money", "assignee:nobody-here-by-that-name"]
)
def test_what_is_not_understood_is_said(agent: User, text: str) -> None:
    assert meant(agent, text) == ({}, 1)

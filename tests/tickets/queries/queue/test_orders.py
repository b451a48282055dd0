"""The orders of the queue: every ticket once, in each of them, page by page, while others move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from random import Random
from typing import Any

import pytest
from django.conf import settings as site
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Brand, Customer, Team, User
from helpdesk.lib import clock
from tickets.choices import Channel, Priority
from tickets.models import Category, Ticket
from tickets.queries import inbox
from tickets.queries.inbox import Question
from tickets.queries.queue import paging
from tickets.rules.queue import ORDERS, read_filters

Make = Callable[..., Ticket]
ACTIVE = ("new", "open", "pending", "on_hold")


@pytest.fixture
def crowd(brand: Brand, other_brand: Brand, team: Team, other_team: Team, category: Category,
          customer: Customer, agent: User, second_agent: User, other_team_agent: User) -> list[Ticket]:  # fmt: skip
    """Tickets with every value often, seldom and not at all."""
    from tickets.rules import numbers

    rng, now = Random(7), clock.now().replace(microsecond=0)
    categories = [
        category,
        *(Category.objects.create(slug=s, name_zh=s, name_en=s, team=other_team) for s in "ba"),
    ]
    people = [
        customer,
        *(Customer.objects.create(name=n, email=f"{n or 'x'}@example.com") for n in ("Bo", "", "ad")),
    ]
    rows = [
        Ticket(
            number=numbers.new_number(rng.randrange),
            brand=rng.choice([brand, brand, other_brand]),
            customer=rng.choice(people),
            category=rng.choice([None, *categories]),
            subject=rng.choice(["提现", "Zeta", "alpha", ""]),
            language=rng.choice(["zh-hans", "en"]),
            channel=rng.choice([Channel.WEB, Channel.WEB, Channel.PHONE]),
            status=rng.choice([*ACTIVE, "solved", "closed"]),
            priority=rng.choice(Priority.values),
            team=rng.choice([None, team, other_team]),
            assignee=rng.choice([None, agent, second_agent, other_team_agent]),
            tags=rng.choice([[], [], ["b", "a"], ["a"]]),
            created_at=now - timedelta(hours=rng.randrange(5)),
            updated_at=now - timedelta(hours=rng.randrange(5)),
            due_at=rng.choice([None, now + timedelta(hours=rng.randrange(4))]),
            last_customer_message_at=rng.choice([None, now - timedelta(hours=rng.randrange(4))]),
        )
        for _ in range(90)
    ]
    return Ticket.objects.bulk_create(rows)


def walk(user: User, question: Question, size: int = 4) -> list[Ticket]:
    seen: list[Ticket] = []
    after: str | None = ""
    while after is not None:
        page = inbox.page(user, question, after, size)
        assert page.is_sorted
        assert page.tickets or page.next is None
        seen += page.tickets
        after = page.next
        assert len(seen) < 500, "a walk in a circle"
    return seen


def key(name: str) -> Callable[[Ticket], Any]:
    """What each order sorts by; None for what comes last."""
    return {
        "due": lambda t: t.due_at,
        "opened": lambda t: t.created_at,
        "updated": lambda t: t.updated_at,
        "heard": lambda t: t.last_customer_message_at,
        "subject": lambda t: t.subject,
        "customer": lambda t: t.customer.display_name,
        "category": lambda t: t.category and t.category.name.casefold(),
        "status": lambda t: (*ACTIVE, "solved", "closed").index(t.status),
        "priority": lambda t: t.priority,
        "assignee": lambda t: t.assignee and t.assignee.display_name.casefold(),
        "brand": lambda t: t.brand.name.casefold(),
        "team": lambda t: t.team and t.team.name.casefold(),
        "channel": lambda t: str(Channel(t.channel).label).casefold(),
        "language": lambda t: str(dict(site.LANGUAGES)[t.language]).casefold(),
        "tags": lambda t: t.tags[0] if t.tags else None,
    }[name]


QUESTIONS = {
    "all open": {},
    "what is over": {"status": ["any"]},
    "mine": {"assignee": ["me"]},
    "several filters": {"assignee": ["none", "me"], "priority": ["urgent", "low"], "status": ["new", "open"]},
}


@pytest.mark.parametrize("few", [True, False], ids=["few", "many"])
def test_every_ticket_once_and_in_order(
    crowd: list[Ticket],
    agent: User,
    administrator: User,
    few: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not few:
        monkeypatch.setattr(paging, "FEW", 0)
    for user, name, title in product((agent, administrator), ORDERS, QUESTIONS):
        if not few and title == "what is over":
            continue  # there few are sorted, and many only by some (below)
        for descending in (False, True):
            _check(user, Question("all", read_filters(QUESTIONS[title]), name, descending))


def _check(user: User, question: Question) -> None:
    seen = walk(user, question, size=9)
    expected = set(inbox.find(user, question).values_list("pk", flat=True))
    assert sorted(ticket.pk for ticket in seen) == sorted(expected), question
    keys = [key(question.sort)(ticket) for ticket in seen]
    named = [value for value in keys if value is not None]
    assert named == sorted(named, reverse=question.descending), question
    assert keys == named + [None] * (len(keys) - len(named)), "what has none comes last"


def test_within_a_value_the_most_urgent_comes_first(crowd: list[Ticket], administrator: User) -> None:
    seen = walk(administrator, Question(sort="priority", descending=True))
    urgent = [ticket.due_at for ticket in seen if ticket.priority == Priority.URGENT]
    dated = [due for due in urgent if due is not None]
    assert urgent == [*sorted(dated), *[None] * (len(urgent) - len(dated))]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(ORDERS), st.booleans(), st.integers(3, 12), st.integers(0, 10**6), st.booleans())
def test_what_stays_is_met_once_while_others_move(
    crowd: list[Ticket], agent: User, administrator: User,
    name: str, descending: bool, size: int, seed: int, few: bool,
) -> None:  # fmt: skip
    """Between pages some tickets change in everything that can be sorted by; the rest are met exactly once each."""
    question, rng = Question(sort=name, descending=descending), Random(seed)
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(paging, "FEW", paging.FEW if few else 0)
        there = sorted(inbox.find(administrator, question).values_list("pk", flat=True))
        moved: set[int] = set()
        seen: list[int] = []
        after: str | None = ""
        while after is not None:
            page = inbox.page(administrator, question, after, size)
            seen += [ticket.pk for ticket in page.tickets]
            after = page.next
            moving = rng.choice(there)
            moved.add(moving)
            _move(moving, agent, rng)
        transaction.set_rollback(True)
    assert sorted(pk for pk in seen if pk not in moved) == [pk for pk in there if pk not in moved]


def _move(pk: int, agent: User, rng: Random) -> None:
    now = clock.now()
    Ticket.objects.filter(pk=pk).update(
        due_at=rng.choice([None, now + timedelta(hours=rng.randrange(4))]),
        priority=rng.choice(Priority.values),
        status=rng.choice([*ACTIVE, "solved"]),
        assignee=rng.choice([None, agent]),
        category=None,
        subject=rng.choice(["a", "zz"]),
        updated_at=now,
        tags=rng.choice([[], ["a"], ["c"]]),
    )


NONSENSE = ["x", "1", ".", "².", "99999999999999999999.2026", "1.2026-99-99", "1.|", "5.|99|", "1.x|1"]


def test_a_nonsense_place_shows_something(agent: User, ticket: Ticket) -> None:
    for name, after in product(ORDERS, NONSENSE):
        inbox.page(agent, Question(sort=name), after)
    assert inbox.page(agent, Question(), "x").tickets == [ticket], "the first page"


def test_many_that_are_over_are_shown_by_their_last_change(
    crowd: list[Ticket], administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No index sorts a million closed ones by their subject: it is said, not waited for."""
    monkeypatch.setattr(paging, "FEW", 3)
    over = read_filters({"status": ["any"]})
    page = inbox.page(administrator, Question(filters=over, sort="subject"))
    assert not page.is_sorted
    changed = [ticket.updated_at for ticket in page.tickets]
    assert changed == sorted(changed, reverse=True)
    assert inbox.page(administrator, Question(filters=over, sort="opened")).is_sorted


def test_a_page_asks_so_many_questions_and_no_more(
    crowd: list[Ticket], administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many people and categories there are of whom nothing is open; no OFFSET, no count of everything."""
    monkeypatch.setattr(paging, "FEW", 0)
    for place in range(30):
        User.objects.create(email=f"idle{place}@demo.test", role=administrator.role)
        Category.objects.create(slug=f"idle{place}", name_zh="无", name_en=f"Idle {place}")
    for name in ORDERS:
        question = Question(sort=name)
        page = inbox.page(administrator, question, size=12)
        with CaptureQueriesContext(connection) as ran:
            assert len(inbox.page(administrator, question, page.next or "", size=12).tickets) == 12
        # One to three walks and what the rows show; where values are walked, what there is of them, and how many.
        assert len(ran) <= (8 if name not in ("team", "brand") else 10), name
        assert "OFFSET" not in " ".join(query["sql"] for query in ran)


def test_the_customers_name_follows_the_customer(customer: Customer, ticket: Ticket, agent: User) -> None:
    """A trigger keeps the copy: on opening, on a new name, on another customer."""

    def copied() -> str:
        return Ticket.objects.values_list("customer_name", flat=True).get(pk=ticket.pk)

    assert copied() == "王小明"
    Customer.objects.filter(pk=customer.pk).update(name="")
    assert copied() == "wang@example.com"
    other = Customer.objects.create(phone="+8613800138000")
    Ticket.objects.filter(pk=ticket.pk).update(customer=other)
    assert copied() == "+8613800138000"
    Ticket.objects.filter(pk=ticket.pk).update(customer_name="nonsense")
    assert copied() == "+8613800138000"

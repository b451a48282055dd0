from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.tickets.lessons import category_of, solved
from tickets import actors
from tickets.actions.categories import set_where_none
from tickets.actions.status import change_status
from tickets.actions.tickets import set_category
from tickets.choices import Status
from tickets.models import Category, Ticket
from tickets.queries import lessons as queries
from tickets.queries.lessons import lessons, text_of
from tickets.rules.labels import AGREED, CONFIRMED

Make = Callable[..., Ticket]


def solve(ticket: Ticket, agent: User) -> Ticket:
    return change_status(ticket, to=Status.SOLVED, by=actors.staff(agent))


def test_it_works(make_ticket: Make, category: Category, agent: User) -> None:
    """What a person said counts in full, what the customer chose and nobody changed half."""
    solve(make_ticket(), agent)
    solved(make_ticket, ["Cannot log in any more"], category_of("login"), agent)
    found = {lesson.slug: lesson for lesson in lessons()}
    assert {slug: lesson.trust for slug, lesson in found.items()} == {
        "withdrawal": AGREED,
        "login": CONFIRMED,
    }
    assert found["withdrawal"].text == "提现三天没有到账\n我周一提现 500 元，到今天还没有到账，很着急。"
    assert found["login"].text == "Cannot log in any more"


def test_the_last_word_is_the_label(make_ticket: Make, agent: User) -> None:
    ticket = solve(make_ticket(), agent)
    set_category(ticket, category=category_of("refund"), by=actors.staff(agent))
    assert [(lesson.slug, lesson.trust) for lesson in lessons()] == [("refund", CONFIRMED)]


def test_what_the_classifier_set_itself_is_no_lesson(
    make_ticket: Make, category: Category, agent: User
) -> None:
    ticket = set_where_none(make_ticket(category=None, answers={}), category=category, confidence=0.98)
    solve(ticket, agent)
    assert lessons() == []


def test_what_is_not_solved_or_not_in_use_is_no_lesson(
    make_ticket: Make, category: Category, agent: User
) -> None:
    make_ticket()
    solve(make_ticket(category=None, answers={}), agent)
    assert lessons() == []
    solve(make_ticket(), agent)
    Category.objects.update(is_active=False)
    assert lessons() == []


def test_the_newest_of_each_category_are_taken(
    make_ticket: Make, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PER_CATEGORY", 2)
    solved(make_ticket, ["one", "two", "three"], category_of("login"), agent)
    solved(make_ticket, ["four"], category_of("kyc"), agent)
    assert [lesson.text for lesson in lessons()] == ["four", "three", "two"]


def test_many_cost_no_more_statements(
    make_ticket: Make, agent: User, django_assert_num_queries: Callable[[int], CaptureQueriesContext]
) -> None:
    solved(make_ticket, [f"text {n}" for n in range(6)], category_of("login"), agent)
    with django_assert_num_queries(4):
        assert len(lessons()) == 6


@pytest.mark.parametrize(
    ("subject", "body", "text"),
    [
        ("Card", "It does not work", "Card\nIt does not work"),
        ("It does not…", "It does not work", "It does not work"),
        ("It does not work", "It does not work", "It does not work"),
    ],
)
def test_the_subject_is_said_once(subject: str, body: str, text: str) -> None:
    assert text_of(subject, body) == text

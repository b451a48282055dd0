"""What agents see of a suggestion, and managers of the classifier."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.tickets.lessons import category_of
from tests.tickets.workspace.conftest import LogIn
from tickets import actors
from tickets.actions.status import change_status
from tickets.actions.tickets import set_category
from tickets.choices import Channel, Status
from tickets.models import Category, CategorySuggestion, Classifier, Ticket
from tickets.queries import training

Make = Callable[..., Ticket]
PAGE = "/admin/suggestions/"

COUNTS = {"texts": 8, "right": 7, "top3": 8, "unsure": 2, "sure_and_right": 6}
REPORT = COUNTS | {
    "judged_on": "held_out",
    "out_of_scope": {"texts": 10, "caught": 9, "said_unsure": 11},
    "categories": {"login": COUNTS},
    "confusion": [["login", "login", 7], ["login", "withdrawal", 1]],
}


@pytest.fixture
def login(category: Category) -> Category:
    return category_of("login", "Logging in")


@pytest.fixture
def classifier(db: None) -> Classifier:
    return Classifier.objects.create(
        learned_from=100, judged_by=8, categories=["", "login"], threshold=0.4, report=REPORT, is_in_use=True
    )


@pytest.fixture
def mail(make_ticket: Make) -> Ticket:
    return make_ticket(category=None, answers={}, channel=Channel.EMAIL)


def suggest(ticket: Ticket, *ranking: tuple[str, float], unsure: bool = False) -> CategorySuggestion:
    return CategorySuggestion.objects.create(
        ticket=ticket, ranking=[list(one) for one in ranking], is_unsure=unsure
    )


def panel(desk: Client, ticket: Ticket) -> str:
    """The words of the suggestion; empty where there is none."""
    html = desk.get(f"/admin/tickets/{ticket.number}/").content.decode()
    found = re.search(r'<section[^>]*id="ws-suggestion".*?</section>', html, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


def take(desk: Client, ticket: Ticket, slug: str, was: str = "") -> Any:
    return desk.post(
        f"/admin/tickets/{ticket.number}/suggestion/", {"category": slug, "was": was}, follow=True
    )


def category_now(ticket: Ticket) -> str | None:
    ticket.refresh_from_db()
    return ticket.category.slug if ticket.category else None


class TestOnTheTicket:
    def test_it_works(self, desk: Client, mail: Ticket, login: Category) -> None:
        suggest(mail, ("login", 0.83), ("withdrawal", 0.12), ("gone", 0.03))
        shown = panel(desk, mail)
        assert "came without a category" in shown
        assert "1 Logging in very likely · 83 % 2 Withdrawal unlikely · 12 %" in shown
        answer = take(desk, mail, "login")
        assert "<span>Category: — → Logging in</span>" in answer.content.decode(), "with the way back"
        assert category_now(mail) == "login"
        assert panel(desk, mail) == "", "it has been answered"

    def test_it_says_unsure_and_suggests_nothing(self, desk: Client, mail: Ticket, login: Category) -> None:
        suggest(mail, ("login", 0.31), unsure=True)
        shown = panel(desk, mail)
        assert "unsure" in shown
        assert "Logging in" not in shown

    def test_another_than_the_customers_may_be_kept_off(
        self, desk: Client, ticket: Ticket, login: Category
    ) -> None:
        Category.objects.create(slug="card", name_zh="卡", name_en="Cards")
        suggest(ticket, ("login", 0.8), ("withdrawal", 0.1), ("card", 0.1))
        shown = panel(desk, ticket)
        assert "1 Logging in" in shown
        assert "2 Cards" in shown, "numbered as they are offered"
        assert "0 Keep “Withdrawal”" in shown
        assert "2 Withdrawal" not in shown
        answer = take(desk, ticket, "withdrawal", was="withdrawal")
        assert "The category stays “Withdrawal”." in answer.content.decode()
        assert "confirmed the category: Withdrawal" in answer.content.decode()
        assert panel(desk, ticket) == ""

    @pytest.mark.parametrize(
        ("ranking", "unsure"),
        [([("withdrawal", 0.9)], False), ([("login", 0.3)], True), ([], True), ([("gone", 0.9)], False)],
    )
    def test_what_is_no_news_is_not_shown(
        self, desk: Client, ticket: Ticket, login: Category, ranking: list[tuple[str, float]], unsure: bool
    ) -> None:
        suggest(ticket, *ranking, unsure=unsure)
        assert panel(desk, ticket) == ""

    def test_once_staff_said_what_it_is_nothing_is_asked(
        self, desk: Client, agent: User, mail: Ticket, category: Category, login: Category
    ) -> None:
        suggest(mail, ("login", 0.9))
        set_category(mail, category=category, by=actors.staff(agent))
        assert panel(desk, mail) == ""

    def test_what_the_classifier_set_may_still_be_changed(
        self, desk: Client, mail: Ticket, category: Category, login: Category
    ) -> None:
        suggest(mail, ("login", 0.9))
        set_category(mail, category=category, by=actors.system("classifier"), confidence=0.97)
        assert "Keep “Withdrawal”" in panel(desk, mail)
        page = desk.get(f"/admin/tickets/{mail.number}/").content.decode()
        assert "category: — → Withdrawal (by the classifier, 97 % sure)" in page

    def test_somebody_was_quicker(
        self, desk: Client, agent: User, mail: Ticket, category: Category, login: Category
    ) -> None:
        suggest(mail, ("login", 0.9))
        set_category(mail, category=category, by=actors.staff(agent))
        answer = take(desk, mail, "login")
        assert answer.status_code == 409
        assert category_now(mail) == "withdrawal"

    @pytest.mark.parametrize("slug", ["gone", "", "login\x00"])
    def test_what_is_not_there_cannot_be_taken(
        self, desk: Client, mail: Ticket, login: Category, slug: str
    ) -> None:
        assert take(desk, mail, slug).status_code in (400, 422)
        assert category_now(mail) is None

    def test_who_only_reads_is_not_asked(
        self, log_in: LogIn, officer: User, mail: Ticket, login: Category
    ) -> None:
        suggest(mail, ("login", 0.9))
        desk = log_in(officer)
        assert panel(desk, mail) == ""
        assert take(desk, mail, "login").status_code == 403

    def test_a_stranger_finds_no_ticket(self, log_in: LogIn, other_brand_agent: User, mail: Ticket) -> None:
        assert take(log_in(other_brand_agent), mail, "login").status_code == 404


class TestThePage:
    def test_it_works(
        self, log_in: LogIn, manager: User, agent: User, classifier: Classifier, login: Category, mail: Ticket
    ) -> None:
        suggest(mail, ("login", 0.9))
        ticket = set_category(mail, category=login, by=actors.staff(agent))
        change_status(ticket, to=Status.SOLVED, by=actors.staff(agent))
        page = log_in(manager).get(PAGE).content.decode()
        assert "Of 8 tickets it has not seen, its first suggestion was right for 87.5 %" in page
        assert "1 tickets with a suggestion were solved; where it was sure, 100.0 % ended" in page
        assert re.search(r'<td class="sg-heat-5 sg-right">7</td>\s*<td class="sg-heat-2">1</td>', page)
        assert "Of 10 texts" in page
        assert "90.0 %" in page

    def test_before_the_first_training(self, log_in: LogIn, manager: User) -> None:
        page = log_in(manager).get(PAGE)
        assert "No classifier has been trained yet" in page.content.decode()

    def test_one_that_was_not_put_in_use_says_why(
        self, log_in: LogIn, manager: User, classifier: Classifier
    ) -> None:
        Classifier.objects.create(
            learned_from=120,
            judged_by=8,
            threshold=0.4,
            report=REPORT
            | {"right": 5, "kept_back": True, "before": {"classifier": 1, "right": 7, "texts": 8}},
        )
        page = log_in(manager).get(PAGE).content.decode()
        assert "not put in use: the one before had 87.5 % right on the same tickets" in page

    def test_a_training_can_be_asked_for_and_watched(self, log_in: LogIn, manager: User) -> None:
        desk = log_in(manager)
        page = desk.post(PAGE + "train/", follow=True).content.decode()
        assert "The training was asked for." in page
        assert "Waiting for the worker" in page
        assert "under way already" in desk.post(PAGE + "train/", follow=True).content.decode()
        training.say("fitting")
        part = desk.get(PAGE + "progress/").content.decode()
        assert 'aria-current="step"' in part
        assert "every 2s" in part
        training.over()
        part = desk.get(PAGE + "progress/").content.decode()
        assert "The training is over." in part
        assert "every 2s" not in part

    def test_who_may(self, log_in: LogIn, agent: User, lead: User) -> None:
        assert log_in(agent).get(PAGE).status_code == 403
        led = log_in(lead).get(PAGE)
        assert led.status_code == 200
        assert "Train now" not in led.content.decode()
        assert log_in(lead).post(PAGE + "train/").status_code == 403
        assert training.step() is None


def test_the_ticket_page_asks_no_more_where_nothing_is_suggested(
    desk: Client, ticket: Ticket, django_assert_num_queries: Any
) -> None:
    """The suggestion comes with the ticket's own row; the log is asked only where there is a question."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    desk.get(f"/admin/tickets/{ticket.number}/")
    with CaptureQueriesContext(connection) as seen:
        desk.get(f"/admin/tickets/{ticket.number}/")
    assert not [
        query["sql"]
        for query in seen
        if "tickets_categorysuggestion" in query["sql"] and "JOIN" not in query["sql"]
    ]

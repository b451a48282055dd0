from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from accounts.models import User
from helpdesk.lib.errors import NotAllowed
from tests.tickets.lessons import category_of, solved
from tickets import actors
from tickets.actions import training, training_requests
from tickets.learning.evaluation import is_held_out
from tickets.learning.judging import judged, probabilities
from tickets.models import Category, Classifier, Ticket
from tickets.queries import training as progress

Make = Callable[..., Ticket]


@pytest.fixture
def categories(db: None) -> dict[str, Category]:
    return {slug: category_of(slug) for slug in ("login", "kyc")}


@pytest.fixture(autouse=True)
def few_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "ENOUGH_TO_JUDGE", 3)
    monkeypatch.setattr(training, "NEW_LESSONS", 2)


def texts(about: str, *, held: bool) -> Iterator[str]:
    """Each begins in its own way."""
    for n in range(10_000):
        text = f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)} {about}"
        if is_held_out(text) is held:
            yield text


def some(about: str, count: int, *, held: bool = False) -> list[str]:
    found = texts(about, held=held)
    return [next(found) for _turn in range(count)]


def first_suggestion(text: str) -> str:
    made = Classifier.objects.get(is_in_use=True)
    weights = training.weights_of(made)
    assert weights is not None
    row = probabilities(weights, [text])[0]
    return judged(row, made.categories, 0.0, offered=set(made.categories)).ranking[0][0]


def test_it_works(categories: dict[str, Category]) -> None:
    """With no tickets at all, by the starting set: judged by cross-validation."""
    made = training.learn()
    assert made is not None
    assert made.is_in_use
    assert made.categories == ["", "kyc", "login"]
    assert made.report["judged_on"] == "cross_validation"
    assert made.report["right"] / made.report["texts"] > 0.85
    assert made.judged_by == made.report["texts"]
    assert first_suggestion("I forgot my password") == "login"
    assert progress.step() is None


def test_without_a_category_there_is_nothing_to_learn(db: None) -> None:
    assert training.learn() is None
    assert training.evaluate() is None


def test_corrections_change_what_it_says_next(
    make_ticket: Make, categories: dict[str, Category], agent: User
) -> None:
    training.learn()
    text = "the blue lamp blinks"
    solved(make_ticket, some(text, 6), categories["kyc"], agent)
    training.learn()
    assert first_suggestion(text) == "kyc"
    for ticket in Ticket.objects.filter(category=categories["kyc"]):
        training_correction(ticket, categories["login"], agent)
    training.learn(force=True)
    assert first_suggestion(text) == "login"


def training_correction(ticket: Ticket, to: Category, agent: User) -> None:
    from tickets.actions.tickets import set_category

    set_category(ticket, category=to, by=actors.staff(agent))


def test_where_little_is_new_it_keeps_what_it_has(
    make_ticket: Make, categories: dict[str, Category], agent: User
) -> None:
    first = training.learn()
    assert training.learn() is None
    solved(make_ticket, some("lamp", 1), categories["kyc"], agent)
    assert training.learn() is None
    solved(make_ticket, some("light", 1), categories["kyc"], agent)
    second = training.learn()
    assert first is not None
    assert second is not None
    assert second.is_in_use
    first.refresh_from_db()
    assert (first.is_in_use, first.weights) == (False, None)
    assert first.report["texts"] > 0, "its report is kept"


def test_a_new_category_is_reason_enough(categories: dict[str, Category]) -> None:
    training.learn()
    category_of("refund")
    made = training.learn()
    assert made is not None
    assert "refund" in made.categories


def test_what_is_held_out_is_never_learned_from(
    make_ticket: Make, categories: dict[str, Category], agent: User
) -> None:
    solved(make_ticket, some("lamp", 3), categories["kyc"], agent)
    solved(make_ticket, some("lamp", 4, held=True), categories["login"], agent)
    made = training.learn()
    assert made is not None
    assert made.report["judged_on"] == "held_out"
    assert (made.report["texts"], made.report["own"]) == (4, 3)


def test_one_that_is_worse_is_not_put_in_use(
    make_ticket: Make, categories: dict[str, Category], agent: User
) -> None:
    """On the same tickets, which neither has learned from. Its report is kept, its weights are not."""
    solved(make_ticket, some("the blue lamp", 4), categories["kyc"], agent)
    solved(make_ticket, some("the blue lamp", 4, held=True), categories["kyc"], agent)
    good = training.learn()
    assert good is not None
    assert good.report["right"] == 4
    # Somebody teaches it wrong.
    solved(make_ticket, some("the blue lamp", 34)[4:], categories["login"], agent)
    bad = training.learn()
    assert bad is not None
    assert (bad.is_in_use, bad.weights, bad.report["kept_back"]) == (False, None, True)
    assert bad.report["before"] == {"classifier": good.pk, "right": 4, "texts": 4}
    assert bad.report["right"] < 4
    assert Classifier.objects.get(is_in_use=True) == good
    assert training.learn() is None, "until there is something new again"


def test_weights_that_cannot_be_read_are_replaced(categories: dict[str, Category]) -> None:
    made = training.learn()
    Classifier.objects.update(weights=b"of another version")
    again = training.learn()
    assert made is not None
    assert again is not None
    assert again.is_in_use
    assert first_suggestion("I forgot my password") == "login"


def test_a_manager_may_ask_for_it_once(manager: User, agent: User) -> None:
    assert training_requests.ask(by=actors.staff(manager))
    assert progress.step() == "asked"
    assert not training_requests.ask(by=actors.staff(manager))
    with pytest.raises(NotAllowed):
        training_requests.ask(by=actors.staff(agent))
